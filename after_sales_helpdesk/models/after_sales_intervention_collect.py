from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class AfterSalesInterventionCollect(models.Model):
    """Defective material that the technician takes away: it stays the customer's until it is repaired or scrapped."""

    _name = "after.sales.intervention.collect"
    _description = "Material Collected on an Intervention"
    _inherit = ["after.sales.goods.mixin"]
    _order = "id"
    _check_company_auto = True

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="intervention_id.partner_id", store=True, index=True)
    visit_state = fields.Selection(related="intervention_id.state", string="Visit")
    note = fields.Char()
    destination = fields.Selection(
        [("repair", "Repair"), ("scrap", "Scrap")], default="repair", required=True
    )
    repair_id = fields.Many2one("repair.order", readonly=True, copy=False, index="btree_not_null")
    scrap_id = fields.Many2one("stock.scrap", readonly=True, copy=False, index="btree_not_null")
    receipt_name = fields.Char(compute="_compute_receipt_name", compute_sudo=True, string="Receipt Number")
    state = fields.Selection(
        [("draft", "To Collect"), ("in_transit", "With the Technician"), ("received", "Received")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    date_received = fields.Datetime("Received On", readonly=True, copy=False)

    @api.depends("picking_id", "repair_id", "scrap_id")
    def _compute_receipt_name(self):
        for line in self:
            documents = [line.picking_id.name, line.repair_id.name, line.scrap_id.name]
            line.receipt_name = ", ".join(filter(None, documents))

    @api.constrains("product_id", "unit_id", "quantity", "destination")
    def _check_open(self):
        self.intervention_id._ensure_open()
        self.intervention_id._ensure_unsigned()
        if any(line.move_id for line in self):
            raise ValidationError(self.env._("This material is collected already: enter a new line."))

    @api.constrains("unit_id", "intervention_id")
    def _check_owner(self):
        for line in self.filtered("unit_id"):
            if line.unit_id.commercial_partner_id != line.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(unit)s belongs to another customer than %(visit)s.",
                        unit=line.unit_id.display_name,
                        visit=line.intervention_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.intervention_id._ensure_open()
        self.intervention_id._ensure_unsigned()
        if self.move_id:
            raise UserError(self.env._("Material that was collected cannot be deleted."))

    # Actions
    # -------

    def action_receive(self):
        """The material arrived: it is repaired or scrapped. For agents and for the technician who brings it."""
        self.check_access("write")
        for line in self:
            if line.state != "in_transit":
                raise UserError(self.env._("%s is not on its way to us.", line.display_name))
        self._receive()

    # Flow
    # ----

    def _collect(self):
        """Announce what the technician takes away. The caller has checked that he may finish the visit."""
        lines = self.filtered(lambda line: not line.move_id)
        for visit in lines.intervention_id:
            own = lines.filtered(lambda line, v=visit: line.intervention_id == v)
            # sudo: technicians have no stock rights; only material of their own visit gets here
            moves_sudo = own._create_owned_receipts(
                visit.partner_id, visit.company_id, visit.name, [line.sudo()._get_goods() for line in own]
            )
            for line, move_sudo in zip(own, moves_sudo, strict=True):
                line.write({"move_id": move_sudo.id, "state": "in_transit"})
            purpose = "repair" if "repair" in own.mapped("destination") else "returned"
            receipts_sudo = own.sudo().picking_id
            receipts_sudo.write(receipts_sudo._prepare_after_sales_purpose_vals(purpose, pickup=True))
        # sudo: a technician reads units only
        lines.sudo().unit_id.custody = "in_transit"

    def _receive(self):
        sudo_self = self.sudo()
        self._validate_receipts(sudo_self.move_id, [line._get_goods() for line in sudo_self])
        self.write({"state": "received", "date_received": fields.Datetime.now()})
        for line in sudo_self:
            line.lot_id = line.lot_id or line._get_received_lot()
        sudo_self.filtered(lambda line: line.destination == "repair")._send_to_repair()
        sudo_self.filtered(lambda line: line.destination == "scrap")._send_to_scrap()

    def _send_to_repair(self):
        vals_list = [
            {
                **line._prepare_repair_vals(
                    line.picking_id, line.product_id, line.lot_id, line.quantity, line.uom_id
                ),
                "internal_notes": line.note or line.fault_id.complete_name,
            }
            for line in self
        ]
        for line, repair in zip(self, self._create_repairs(vals_list), strict=True):
            line.repair_id = repair
        self.unit_id.custody = "in_workshop"
        self._open_returns()

    def _open_returns(self):
        """The workshop finds what technicians bring among the returns, and hands it out from there."""
        for visit, lines in self.grouped("intervention_id").items():
            record = self.env["after.sales.return"].create(lines._prepare_return_vals(visit))
            for line, returned in zip(lines, record.line_ids, strict=True):
                returned.write(
                    {
                        "move_id": line.move_id.id,
                        "state": "in_workshop",
                        "date_received": line.date_received,
                    }
                )
                line.repair_id.after_sales_return_line_id = returned

    def _prepare_return_vals(self, visit):
        return {
            "ticket_id": visit.ticket_id.id,
            "partner_id": visit.partner_id.id,
            "company_id": visit.company_id.id,
            "user_id": visit.ticket_id.user_id.id,
            "line_ids": [
                Command.create(
                    {
                        "unit_id": line.unit_id.id,
                        "product_id": line.product_id.id,
                        "lot_id": line.lot_id.id,
                        "serial": line.serial,
                        "quantity": line.quantity,
                        "uom_id": line.uom_id.id,
                        "fault_id": line.fault_id.id,
                        "note": line.note or visit.name,
                        "outcome": "repair",
                    }
                )
                for line in self
            ],
        }

    def _send_to_scrap(self):
        vals_list = [
            line._prepare_scrap_vals(
                line.picking_id, line.product_id, line.lot_id, line.quantity, line.uom_id
            )
            for line in self
        ]
        for line, scrap in zip(self, self._create_scraps(vals_list), strict=True):
            line.scrap_id = scrap
            alive = line.unit_id.filtered(lambda unit: unit.state != "ended")
            alive._withdraw(
                "scrapped",
                fields.Date.context_today(line),
                self.env._("Scrapped after %s.", line.intervention_id.name),
            )

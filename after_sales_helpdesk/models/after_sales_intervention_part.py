from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain


class AfterSalesInterventionPart(models.Model):
    """A spare part used on a visit. It leaves our stock when the visit is done and becomes no unit of its own."""

    _name = "after.sales.intervention.part"
    _description = "Part Used on an Intervention"
    _inherit = ["after.sales.billable.mixin"]
    _order = "id"
    _check_company_auto = True

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    product_id = fields.Many2one(
        "product.product",
        "Part",
        required=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial/Lot",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    location_id = fields.Many2one(
        "stock.location",
        "Taken From",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('usage', '=', 'internal')]",
    )
    fault_id = fields.Many2one(
        "after.sales.fault",
        "Defect",
        compute="_compute_fault_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Why the part was replaced: misuse is covered by no warranty.",
    )
    is_fitted = fields.Boolean(
        "Used",
        default=True,
        copy=False,
        help="Off: brought or planned, but not used. It stays ours, costs the customer nothing, and goes along to "
        "the next visit.",
    )
    removed_serial = fields.Char(help="Serial number of the part that was taken out.")
    move_id = fields.Many2one("stock.move", "Stock Move", readonly=True, copy=False, index="btree_not_null")
    is_consumed = fields.Boolean("Taken Out of Stock", compute="_compute_is_consumed", store=True)

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a part must be more than zero."
    )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for part in self:
            part.uom_id = part.product_id.uom_id

    @api.depends("intervention_id.technician_id")
    def _compute_location_id(self):
        """The van of who goes, and another van when another one goes; a shelf chosen by hand stays."""
        vans = self.env["resource.resource"].search([("after_sales_location_id", "in", self.location_id.ids)])
        for part in self:
            chosen = part.location_id and part.location_id not in vans.after_sales_location_id
            part.location_id = (
                part.location_id if chosen or part.move_id else part.intervention_id._get_part_location()
            )

    @api.depends("intervention_id")
    def _compute_fault_id(self):
        for part in self:
            part.fault_id = part.fault_id or part.intervention_id.fault_id

    @api.depends("move_id")
    def _compute_is_consumed(self):
        for part in self:
            part.is_consumed = bool(part.move_id)

    @api.depends("product_id", "quantity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for part in self:
            part.display_name = f"{part.quantity:g} × {part.product_id.display_name}"

    @api.constrains("product_id", "lot_id", "quantity", "uom_id", "location_id")
    def _check_open(self):
        self.intervention_id._ensure_open()
        self.intervention_id._ensure_unsigned()
        if any(part.move_id for part in self):
            raise ValidationError(self.env._("This part has left the stock already: enter a new line."))

    @api.constrains("location_id")
    def _check_location(self):
        """Parts are ours: they never come out of what belongs to customers."""
        for part in self.filtered("location_id"):
            goods = part.company_id.after_sales_goods_location_id
            if part.location_id.usage != "internal" or part.location_id == goods:
                raise ValidationError(
                    self.env._("Parts are not taken from %s.", part.location_id.display_name)
                )

    def write(self, vals):
        if "is_fitted" in vals:
            self.intervention_id._ensure_open()
            self.intervention_id._ensure_unsigned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.intervention_id._ensure_open()
        self.intervention_id._ensure_unsigned()
        if self.move_id:
            raise UserError(self.env._("A part that has left the stock cannot be deleted."))

    # Stock
    # -----

    def _consume(self):
        """Take the parts out of stock. The caller has checked that the user may finish the visit."""
        parts = self.filtered(lambda p: not p.move_id and p.product_id.type == "consu")
        for part in parts:
            if part.tracking != "none" and not part.lot_id:
                raise UserError(
                    self.env._("Say which serial number of %s was fitted.", part.product_id.display_name)
                )
            if not part.location_id:
                raise UserError(self.env._("Say where %s was taken from.", part.product_id.display_name))
        if not parts:
            return
        # sudo: technicians have no stock rights; only parts of their own visit get here
        moves_sudo = self.env["stock.move"].sudo().create([part._prepare_move_vals() for part in parts])
        for part, move_sudo in zip(parts, moves_sudo, strict=True):
            part.move_id = move_sudo
        moves_sudo._action_done()

    def _prepare_move_vals(self):
        self.ensure_one()
        visit = self.intervention_id
        customer = (visit.site_id or visit.partner_id).with_company(self.company_id).property_stock_customer
        line = {
            "product_id": self.product_id.id,
            "product_uom_id": self.uom_id.id,
            "quantity": self.quantity,
            "lot_id": self.lot_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": customer.id,
            "company_id": self.company_id.id,
        }
        return {
            "product_id": self.product_id.id,
            "product_uom": self.uom_id.id,
            "product_uom_qty": self.quantity,
            "location_id": self.location_id.id,
            "location_dest_id": customer.id,
            "company_id": self.company_id.id,
            "partner_id": (visit.site_id or visit.partner_id).id,
            "origin": visit.name,
            "after_sales_part_id": self.id,
            "after_sales_no_birth": True,
            "picked": True,
            "move_line_ids": [Command.create(line)],
        }

    # after.sales.billable.mixin
    # --------------------------

    def _get_charge_intervention(self):
        return self.intervention_id

    def _get_to_charge_domain(self):
        return Domain("intervention_id.state", "=", "done") & Domain("is_fitted", "=", True)

    def _prepare_charge_vals_list(self):
        return [
            part._prepare_charge_vals(
                "part",
                "part",
                part.quantity,
                product_id=part.product_id.id,
                uom_id=part.uom_id.id,
                fault_id=part.fault_id.id,
            )
            for part in self
        ]

    def _get_real_cost(self, vals, tariff_line):
        # sudo: the value of a move is for stock and accounting users
        move_sudo = self.move_id.sudo()
        if move_sudo.value:
            return abs(move_sudo.value)
        product_sudo = self.product_id.sudo().with_company(self.company_id)
        return self.uom_id._compute_quantity(self.quantity, product_sudo.uom_id) * product_sudo.standard_price

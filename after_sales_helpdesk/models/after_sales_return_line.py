from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AfterSalesReturnLine(models.Model):
    """One piece of returned goods on its way through the workshop. What arrives in parts is parted into lines."""

    _name = "after.sales.return.line"
    _description = "Returned Goods"
    _inherit = ["after.sales.goods.mixin", "after.sales.state.mixin"]
    _order = "return_id desc, id"
    _check_company_auto = True

    return_id = fields.Many2one("after.sales.return", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related="return_id.partner_id", store=True, index=True, precompute=True)
    ticket_id = fields.Many2one(
        related="return_id.ticket_id", store=True, precompute=True, index="btree_not_null"
    )
    policy_id = fields.Many2one(related="return_id.policy_id", store=True, precompute=True, index=True)
    fault_id = fields.Many2one("after.sales.fault", "Reason", index="btree_not_null")
    note = fields.Char("Reason in Words")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("expected", "Expected"),
            ("received", "Received"),
            ("accepted", "Accepted"),
            ("in_workshop", "In the Workshop"),
            ("at_supplier", "At the Supplier"),
            ("ready", "Ready"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    outcome = fields.Selection(
        [
            ("repair", "Repair"),
            ("exchange", "Exchange"),
            ("refund", "Refund"),
            ("scrap", "Scrap"),
            ("hand_back", "Hand back as it is"),
        ],
        compute="_compute_outcome",
        store=True,
        readonly=False,
        precompute=True,
        help="What becomes of the goods.",
    )

    # What came
    date_received = fields.Datetime("Received On", readonly=True, copy=False)
    is_unannounced = fields.Boolean(related="return_id.is_unannounced")
    is_mismatch = fields.Boolean("Other Serial", readonly=True, copy=False)
    announced_serial = fields.Char(readonly=True, copy=False, help="The serial that was announced instead.")
    condition = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.claim.inspection"]._fields["condition"]._description_selection(self.env)
        ),
        copy=False,
    )
    is_other_goods = fields.Boolean(
        "Not What Was Authorised",
        compute="_compute_is_other_goods",
        help="An agent decides whether it is accepted all the same.",
    )
    other_goods_reason = fields.Char(
        "Why Accepted All the Same",
        copy=False,
        help="What came is not what was authorised: why an agent accepts it.",
    )
    findings = fields.Text(copy=False)
    photo_ids = fields.Many2many(
        "ir.attachment", "after_sales_return_line_photo_rel", "line_id", "attachment_id", "Photos", copy=False
    )
    inspected_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_inspected = fields.Datetime("Inspected On", readonly=True, copy=False)
    refusal_reason = fields.Char("Why Not Accepted", copy=False)
    needs_inspection = fields.Boolean(compute="_compute_needs_inspection")

    # What was done
    repair_ids = fields.One2many("repair.order", "after_sales_return_line_id", "Repair Orders", readonly=True)
    is_unrepairable = fields.Boolean("Not Repairable", readonly=True, copy=False)
    unrepairable_reason = fields.Char("Why Not Repairable", copy=False)
    supplier_id = fields.Many2one(
        "res.partner",
        compute="_compute_supplier_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    supplier_reference = fields.Char("Supplier's Reference", copy=False)
    date_supplier_sent = fields.Date("Sent to the Supplier On", readonly=True, copy=False)
    date_supplier_due = fields.Date("Back From the Supplier By", copy=False)
    is_kept = fields.Boolean(
        "Kept by the Supplier",
        readonly=True,
        copy=False,
        help="It does not come back from the supplier: its owner gets another one or his money.",
    )
    replacement_unit_id = fields.Many2one(
        "after.sales.unit", "Replaced By", readonly=True, copy=False, index="btree_not_null"
    )
    other_move_ids = fields.One2many("stock.move", "after_sales_return_line_id", "Other Moves", readonly=True)
    waiting_delivery = fields.Char(
        "Delivery Still to Do",
        compute="_compute_waiting_delivery",
        compute_sudo=True,  # agents and technicians have no stock rights, and see that it waits
        help="The transfer of the replacement, which the warehouse has still to deliver.",
    )
    handout_id = fields.Many2one(
        "after.sales.handout", "Hand-Out", readonly=True, copy=False, index="btree_not_null"
    )
    scrap_id = fields.Many2one("stock.scrap", readonly=True, copy=False, index="btree_not_null")
    date_ready = fields.Datetime("Ready On", readonly=True, copy=False)
    date_done = fields.Datetime("Done On", readonly=True, copy=False)

    # Computes

    @api.depends("policy_id")
    def _compute_outcome(self):
        """What the policy says; of goods that were let in somebody decides."""
        for line in self:
            decided = line.outcome if line.state != "draft" else False
            line.outcome = decided or line.policy_id.outcome or line.outcome

    @api.depends("unit_id")
    def _compute_supplier_id(self):
        for line in self:
            line.supplier_id = line.supplier_id or line.unit_id.supplier_id

    @api.depends("policy_id.inspect", "is_mismatch", "is_unannounced")
    def _compute_needs_inspection(self):
        for line in self:
            line.needs_inspection = line.policy_id.inspect or line.is_mismatch or line.is_unannounced

    @api.depends("outcome", "other_move_ids.state", "other_move_ids.picking_id.name")
    def _compute_waiting_delivery(self):
        for line in self:
            line.waiting_delivery = ", ".join(line._get_waiting_deliveries().mapped("name"))

    @api.depends("is_mismatch", "condition")
    def _compute_is_other_goods(self):
        for line in self:
            line.is_other_goods = line.is_mismatch or line.condition == "other_goods"

    # Checks

    @api.constrains("unit_id", "return_id")
    def _check_owner(self):
        for line in self.filtered("unit_id"):
            if line.unit_id.commercial_partner_id != line.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(unit)s belongs to another customer than %(visit)s.",
                        unit=line.unit_id.display_name,
                        visit=line.return_id.name,
                    )
                )

    @api.constrains("product_id", "unit_id", "quantity", "uom_id")
    def _check_unmoved(self):
        # sudo: agents have no stock rights
        if not self.env.context.get("after_sales_arrival") and any(
            line.move_id.state == "done" for line in self.sudo()
        ):
            raise ValidationError(self.env._("These goods have arrived: what came cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(line.state not in ("draft", "cancelled") for line in self):
            raise UserError(self.env._("Goods that are announced or with us are cancelled, not deleted."))

    def _ensure_state(self, *states):
        self.check_access("write")  # what follows moves goods as superuser
        return super()._ensure_state(*states)

    def _ensure_reason(self):
        """Why goods come back must be known before they are let in or worked on, not to take them in (D70)."""
        for line in self:
            if not line.fault_id and not line.note:
                raise UserError(self.env._("Say why %s comes back.", line.display_name))

    def _ensure_owned(self):
        """Not more may come back than the customer has (D72)."""
        quantities = self._get_open_quantities()
        for line in self:
            unit = line.unit_id
            if unit and line.product_id.uom_id.compare(quantities[unit], unit.quantity) > 0:
                raise UserError(
                    self.env._(
                        "%(unit)s is %(quantity)g: more than that cannot come back. It is announced on %(returns)s.",
                        unit=line.unit_id.display_name,
                        quantity=line.unit_id.quantity,
                        returns=", ".join(line._get_open_lines().return_id.mapped("name")),
                    )
                )

    def _get_open_lines(self):
        """Lines of the same units on returns that are not finished."""
        return self and self.search(
            [("unit_id", "in", self.unit_id.ids), ("state", "not in", ("done", "cancelled"))]
        )

    def _get_open_quantities(self):
        """How much of each unit is on returns that are not finished, these lines included, in the unit's measure."""
        lines = self.filtered("unit_id")
        others = lines._get_open_lines()
        return {
            unit: sum(
                line.uom_id._compute_quantity(line.quantity, line.product_id.uom_id) for line in unit_lines
            )
            for unit, unit_lines in (others | lines).grouped("unit_id").items()
        }

    # Places

    def _move_custody(self, custody):
        """Say where the units are. sudo: whoever handles the goods need not be allowed to write units."""
        units_sudo = self.sudo().unit_id.filtered(lambda unit: unit.state != "ended")
        units_sudo.write({"custody": custody})

    def action_view_repairs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("repair.action_repair_order_tree")
        return action | {"domain": [("after_sales_return_line_id", "=", self.id)], "context": {}}

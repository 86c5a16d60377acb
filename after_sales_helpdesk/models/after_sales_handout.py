from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesHandout(models.Model):
    """The act by which a customer gets his goods back: what, in which state, signed by whom."""

    _name = "after.sales.handout"
    _description = "Hand-Out of Goods"
    _inherit = ["after.sales.numbered.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, check_company=True)
    line_ids = fields.One2many("after.sales.return.line", "handout_id", "Goods", readonly=True)
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", readonly=True, copy=False, index="btree_not_null"
    )
    note = fields.Text("Remarks")
    state = fields.Selection(
        [("draft", "To Hand Out"), ("done", "Handed Out")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_done = fields.Datetime("Handed Out On", readonly=True, copy=False)
    signed_by = fields.Char(copy=False, tracking=True)
    signature = fields.Image(copy=False, max_width=1024, max_height=1024)

    def write(self, vals):
        kept = {"signature", "signed_by", "partner_id", "line_ids"} & vals.keys()
        if kept and any(act.state == "done" for act in self):
            raise UserError(self.env._("What was handed out and signed does not change."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(act.state == "done" for act in self):
            raise UserError(self.env._("A hand-out that was done is not deleted."))

    def action_print(self):
        return self.env.ref("after_sales_helpdesk.action_report_handout").report_action(self)

    def action_done(self):
        """The customer has his goods: they leave our custody, and his unit is in service again."""
        self.check_access("write")
        for act in self:
            if act.state == "done":
                raise UserError(self.env._("%s was handed out already.", act.name))
            if not act.line_ids:
                raise UserError(self.env._("%s has no goods.", act.name))
            act.line_ids._ensure_state("ready")
            if act.signature and not act.signed_by:
                raise UserError(self.env._("Say who signed %s.", act.name))
        for act in self:
            act._hand_out()

    def _hand_out(self):
        self.ensure_one()
        company = self.company_id
        customer = self.partner_id.with_company(company).property_stock_customer
        moves_sudo = self.line_ids._transfer(
            self.partner_id,
            company.after_sales_handback_type_id,
            company.after_sales_goods_location_id,
            customer,
            "repair_back" if set(self.line_ids.mapped("outcome")) == {"repair"} else "hand_back",
        )
        self.write(
            {"state": "done", "date_done": fields.Datetime.now(), "picking_id": moves_sudo.picking_id.id}
        )
        # sudo: whoever hands out need not be allowed to write units
        units_sudo = self.sudo().line_ids.unit_id.filtered(lambda unit: unit.state != "ended")
        units_sudo._resume(fields.Date.context_today(self))
        self.line_ids._finish()

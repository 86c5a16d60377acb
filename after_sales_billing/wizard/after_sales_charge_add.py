from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesChargeAdd(models.TransientModel):
    """What is due and goes on a draft invoice: the accountant leaves out what he does not want there."""

    _name = "after.sales.charge.add"
    _description = "Add Due Charges"

    move_id = fields.Many2one("account.move", "Invoice", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="move_id.company_id")
    currency_id = fields.Many2one(related="move_id.currency_id")
    commercial_partner_id = fields.Many2one(related="move_id.commercial_partner_id")
    charge_ids = fields.Many2many(
        "after.sales.charge",
        string="Charges",
        domain="[('billing_state', '=', 'to_bill'), ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
    )

    def action_add(self):
        self.ensure_one()
        if not self.charge_ids:
            raise UserError(self.env._("Choose at least one charge, or discard."))
        billing = self.env["after.sales.billing"].with_company(self.company_id)
        billing._add_to_invoice(self.charge_ids, self.move_id)
        return {"type": "ir.actions.act_window_close"}

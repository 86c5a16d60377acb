from odoo import api, fields, models


class AfterSalesSupplierClaimMakeLine(models.TransientModel):
    _name = "after.sales.supplier.claim.make.line"
    _description = "Claim to Be Made"
    _order = "problem nulls first, id"

    make_id = fields.Many2one(
        "after.sales.supplier.claim.make", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", "Supplier")
    unit_id = fields.Many2one("after.sales.unit", "Installed Unit")
    charge_ids = fields.Many2many(
        "after.sales.charge", "after_sales_supplier_claim_make_line_rel", "line_id", "charge_id", "Charges"
    )
    charge_count = fields.Integer("Number of Charges", compute="_compute_charge_count")
    company_id = fields.Many2one("res.company")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Recoverable", currency_field="company_currency_id")
    problem = fields.Char()

    @api.depends("charge_ids")
    def _compute_charge_count(self):
        for line in self:
            line.charge_count = len(line.charge_ids)

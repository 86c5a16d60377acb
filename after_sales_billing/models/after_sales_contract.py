from odoo import fields, models

from .after_sales_intervention import ACCOUNTING


class AfterSalesContract(models.Model):
    _inherit = "after.sales.contract"

    invoice_count = fields.Integer(compute="_compute_invoice_count", groups=ACCOUNTING)

    def _compute_invoice_count(self):
        counts = self.env["after.sales.billing.entry"]._count_documents("contract_id", self)
        for contract in self:
            contract.invoice_count = counts.get(contract.id, 0)

    def action_view_invoices(self):
        return (
            self.env["after.sales.billing.entry"]
            ._get_documents("contract_id", self)
            ._after_sales_get_action()
        )

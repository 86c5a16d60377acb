from odoo import fields, models
from odoo.fields import Domain

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

    def _prepare_portal_instalment(self, rows):
        """What is invoiced leads to its invoice; a draft is not the customer's yet."""
        line = super()._prepare_portal_instalment(rows)
        # sudo: the customer reads his own contract here, of its invoices the number and whether they are paid
        entries_sudo = (
            self.env["after.sales.billing.entry"]
            .sudo()
            .search(rows._get_bill_entry_domain() & Domain("source_id", "in", rows.ids))
        )
        move_sudo = entries_sudo.move_id[:1]
        if move_sudo.state == "posted" and move_sudo.commercial_partner_id == self.commercial_partner_id:
            settled = {
                "paid": self.env._("%s, paid"),
                "in_payment": self.env._("%s, paid"),
                "reversed": self.env._("%s, credited in full"),
            }
            text = settled.get(move_sudo.payment_state) or self.env._("%s, to pay")
            line |= {"url": move_sudo.access_url, "status": text % move_sudo.name}
        return line

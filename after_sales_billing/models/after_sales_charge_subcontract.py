from odoo import api, models

SOURCE = "after.sales.intervention.expense"


class AfterSalesCharge(models.Model):
    """A subcontractor's charge costs what he bills, whenever the bill comes; what the customer pays stays as agreed."""

    _inherit = "after.sales.charge"

    @api.model
    def _make_from(self, sources):
        charges = super()._make_from(sources)
        # sudo: whoever finishes the visit, his bill may be there already
        orders_sudo = charges.sudo()._get_subcontracts()
        for order in orders_sudo.filtered("bill_count"):
            order._get_own_charges()._set_billed_cost(order)
        return charges

    def _get_subcontracts(self):
        """The orders that these charges pay."""
        expense_ids = [
            charge.source_id
            for charge in self
            if charge.kind == "subcontract" and charge.source_model == SOURCE
        ]
        Order = self.env["after.sales.subcontract"]
        return Order.search([("expense_id", "in", expense_ids)]) if expense_ids else Order

    def _set_billed_cost(self, order):
        """Take over what is known of the cost of an order; its entry follows, or leaves to the bill's own."""
        cost = order._get_known_cost()
        for charge in self:
            if charge.company_currency_id.compare_amounts(charge.cost, cost):
                charge.cost = cost
            elif charge.state == "confirmed":
                charge._repost_cost()

    def _has_cost_document(self):
        """The bill posts the cost when its lines bear the contract's account."""
        return super()._has_cost_document() or self._is_on_vendor_bill()

    def _is_on_vendor_bill(self):
        self.ensure_one()
        account = self._get_analytic_account()
        # sudo: whether it is posted, not what the bill says
        lines_sudo = self.sudo()._get_subcontracts()._get_posted_lines()
        return bool(account) and any(
            str(account.id) in key.split(",")
            for line in lines_sudo
            for key in line.analytic_distribution or {}
        )

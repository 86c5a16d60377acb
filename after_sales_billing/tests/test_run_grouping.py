from datetime import date

from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunGrouping(AfterSalesBillingCommon):
    """By contract, call, site or all in one: which invoices become of mixed work."""

    def _prepare_mixed_work(self):
        contract = self._create_contract()
        tickets = self._create_ticket() + self._create_ticket(contract_id=contract.id)
        self._create_charge(ticket_id=tickets[0].id)
        self._create_charge(ticket_id=tickets[1].id, contract_id=contract.id)

    def test_grouping_by_contract(self):
        self._prepare_mixed_work()
        self.assertEqual(len(self._bill()), 2, "The contract with its call, and the call outside of it")

    def test_grouping_by_call(self):
        self.customer.after_sales_billing_grouping = "call"
        self._prepare_mixed_work()
        self.assertEqual(len(self._bill()), 3, "The instalments and each call")

    def test_grouping_all_in_one(self):
        self.customer.after_sales_billing_grouping = "all"
        self._prepare_mixed_work()
        self.assertEqual(len(self._bill()), 1)

    def test_grouping_by_site(self):
        """Two sites are two invoices, a contract without site has one of its own and cites the customer's order."""
        self.customer.after_sales_billing_grouping = "site"
        sites = self.env["res.partner"].create(
            [
                {"name": f"Plant {name}", "parent_id": self.customer.id, "type": "delivery"}
                for name in ("North", "South")
            ]
        )
        for site in (*sites, sites[0]):
            self._create_charge(ticket_id=self._create_ticket(site_id=site.id).id)
        contract = self._create_contract(reference="PO 4711")
        moves = self._bill(date_to=date(2026, 3, 31))
        self.assertEqual(sorted(moves.mapped("amount_untaxed")), [104.0, 208.0, 300.0])
        cited = moves.filtered(lambda move: move.ref == "PO 4711")
        self.assertEqual(cited.invoice_line_ids.after_sales_contract_id, contract)

    def test_contracts_of_a_customer_on_one_invoice(self):
        """By the customer's rule; another payment term or method keeps a contract on an invoice of its own."""
        self.customer.after_sales_billing_grouping = "all"
        together = self._create_contract() | self._create_contract(price=2400.0)
        apart = self._create_contract(payment_term_id=self.pay_terms_b.id)
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[0]
        by_method = self._create_contract(preferred_payment_method_line_id=method.id)
        moves = self._bill(date_to=date(2026, 1, 31))
        self.assertEqual(len(moves), 3)
        for contracts, amount in ((together, 300.0), (apart, 100.0), (by_method, 100.0)):
            move = moves.filtered(
                lambda move, own=contracts: move.invoice_line_ids.after_sales_contract_id == own
            )
            self.assertEqual((len(move), move.amount_untaxed), (1, amount))
            self.assertEqual(len(move.invoice_line_ids), len(contracts))
        self.assertEqual(move.preferred_payment_method_line_id, method)

    def test_grouping_of_the_run_wins(self):
        self.customer.after_sales_billing_grouping = "call"
        self._prepare_mixed_work()
        self.assertEqual(len(self._bill(grouping="all")), 1)

    def test_filters(self):
        contract = self._create_contract()
        self._create_charge()
        other = self.env["res.partner"].create({"name": "Other"})
        self._create_charge(partner_id=other.id)
        self.assertEqual(self._bill(partner_ids=other.ids).partner_id, other)
        self.assertEqual(self._bill(contract_ids=contract.ids).amount_untaxed, 300.0)
        self.assertEqual(self._bill(with_instalments=False).amount_untaxed, 104.0)

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunPayers(AfterSalesBillingCommon):
    """What an invoice says where somebody else pays a part: hours of a pool are hours, a share of money is a discount."""

    def _create_pool_contract(self, unit, hours, **vals):
        pool = {
            "name": "Hours of Rossi",
            "date_from": date(2026, 1, 1),
            "entry_ids": [Command.create({"name": "Bought", "quantity": hours})],
        }
        return self._create_contract(price=0.0, units=unit, pool_ids=[Command.create(pool)], **vals)

    def _visit(self, contract, unit):
        return self._do_visit(unit, contract, parts=False, call_out=False, per_diem_days=0.0)

    def _get_line(self, invoice, name):
        return invoice.invoice_line_ids.filtered(lambda line: line.product_id.name == name)

    def _share(self, **shares):
        return [Command.create({"payer": payer, "share": share}) for payer, share in shares.items()]

    def test_hours_beyond_the_pool_are_the_quantity(self):
        unit = self._create_unit(covered=False)
        self._visit(self._create_pool_contract(unit, 2.0), unit)
        line = self._get_line(self._bill(), "Labour")
        self.assertRecordValues(
            line,
            [
                {
                    "quantity": 1.0,
                    "product_uom_id": self.uom_hour.id,
                    "price_unit": 52.0,
                    "discount": 0.0,
                    "price_subtotal": 52.0,
                }
            ],
        )
        self.assertIn("3.00 Hours in all, of which 2.00 from: Hours of Rossi", line.name)
        self.assertNotIn("Paid by", line.name)
        self.assertNotIn("paid by", line.name)

    def _bill_rounded(self, step, hours, **vals):
        """2.25 hours of labour that the tariff rounds up, beside a pool: the line of the invoice."""
        self.tariff._get_line("labour", self.bands[0]).write({"price": 66.5, "step": step})
        unit = self._create_unit(covered=False)
        visit = self._visit(self._create_pool_contract(unit, hours, **vals), unit)
        return self._get_line(self._bill(), "Labour"), visit

    def test_words_of_rounded_hours_multiply_out(self):
        """What is charged for the work is more than it took: a part of it makes the line, and the pool says its hours."""
        line, visit = self._bill_rounded(2.0, 1.5)
        self.assertRecordValues(line, [{"quantity": 2.0, "price_unit": 66.5, "price_subtotal": 133.0}])
        words = (
            "4.00 Hours charged for 3.00 worked, of which 2.00 from: Hours of Rossi (1.50 of those worked)"
        )
        self.assertIn(words, line.name)

    def test_words_of_a_lump_sum_beside_a_pool(self):
        """No quantity of two digits makes the amount: the words have as many as it takes."""
        line, visit = self._bill_rounded(1.75, 1.0)
        labour = visit.visit_charge_ids.filtered(lambda charge: charge.kind == "labour")
        self.assertRecordValues(labour, [{"quantity": 3.5, "real_quantity": 3.0, "amount_customer": 155.17}])
        self.assertRecordValues(line, [{"quantity": 1.0, "price_unit": 155.17}])
        self.assertIn("2.3334 Hours at", line.name)
        self.assertIn(
            "3.50 Hours charged for 3.00 worked, of which 1.17 from: Hours of Rossi (1.00 of those worked)",
            line.name,
        )

    def test_hours_of_two_visits_share_a_line_of_a_pool_only(self):
        """What the pool left is no share of money: it never joins a line of the same price at a discount."""
        unit = self._create_unit(covered=False)
        contract = self._create_pool_contract(unit, 2.0)
        visit = self._visit(contract, unit)
        labour = visit.visit_charge_ids.filtered(lambda charge: charge.kind == "labour")
        money = self._share(customer=labour.customer_share, goodwill=1 - labour.customer_share)
        same = ("product_id", "uom_id", "contract_id", "ticket_id", "intervention_id", "unit_id")
        self._create_charge(
            quantity=3.0,
            allocation_ids=money,
            tax_ids=labour.tax_ids,
            **{name: labour[name].id for name in same},
        )
        lines = self._get_line(self._bill(), "Labour")
        self.assertEqual(len(lines), 2)
        self.assertEqual(sum(lines.mapped("price_subtotal")), 104.0)

    def test_pool_and_a_share_of_money(self):
        """The contract pays half, the pool what it has of the other half: one hour of three is left in the end."""
        unit = self._create_unit(covered=False)
        contract = self._create_pool_contract(unit, 0.5, inclusions=[("labour", 50.0)])
        self._visit(contract, unit)
        line = self._get_line(self._bill(), "Labour")
        self.assertRecordValues(line, [{"quantity": 1.0, "price_unit": 52.0, "price_subtotal": 52.0}])
        self.assertIn("3.00 Hours in all, of which 0.50 from: Hours of Rossi", line.name)
        self.assertIn("50.00 % paid by: Contract", line.name)

    def test_part_paid_by_the_contract(self):
        """Half of the parts: a discount, and who pays the other half."""
        unit = self._create_unit(covered=False)
        contract = self._create_contract(price=0.0, units=unit, inclusions=[("part", 50.0)])
        self._do_visit(unit, contract)
        line = self._get_line(self._bill(), "Part A")
        self.assertRecordValues(
            line, [{"quantity": 1.0, "price_unit": 120.0, "discount": 50.0, "price_subtotal": 60.0}]
        )
        self.assertIn("50.00 % paid by: Contract", line.name)

    def test_other_payers_other_lines(self):
        """Work of one price and share that different ones pay for is not one line with the words of the first."""
        for payer in ("goodwill", "warranty"):
            self._create_charge(allocation_ids=self._share(customer=0.5, **{payer: 0.5}))
        lines = self._bill().invoice_line_ids
        self.assertEqual(len(lines), 2)
        self.assertIn("50.00 % paid by: Goodwill", "".join(lines.mapped("name")))
        self.assertIn("50.00 % paid by: Warranty", "".join(lines.mapped("name")))

    def test_several_payers_are_all_named(self):
        self._create_charge(allocation_ids=self._share(customer=0.25, goodwill=0.25, contract=0.5))
        name = self._bill().invoice_line_ids.name
        self.assertIn("25.00 % paid by: Goodwill, 50.00 % paid by: Contract", name)

    def test_pool_chosen_by_hand_counts_no_hours(self):
        charge = self._create_charge()
        charge.with_user(self.manager)._override_payers({"customer": 0.5, "pool": 0.5}, "Agreed")
        line = self._bill().invoice_line_ids
        self.assertRecordValues(line, [{"quantity": 2.0, "discount": 50.0, "price_subtotal": 52.0}])
        self.assertIn("50.00 % paid by: Hour Pool", line.name)

    def test_words_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.customer.lang = "it_IT"
        unit = self._create_unit(covered=False)
        self._visit(self._create_pool_contract(unit, 2.0, inclusions=[("travel", 50.0)]), unit)
        invoice = self._bill()
        self.assertIn("di cui 2,00 coperte da: Hours of Rossi", self._get_line(invoice, "Labour").name)
        self.assertIn("50,00 % a carico di: ", self._get_line(invoice, "Travel time").name)

    def test_statement_says_what_is_left_after_the_work(self):
        unit = self._create_unit(covered=False)
        contract = self._create_pool_contract(unit, 4.0)
        self._visit(contract, unit)
        self.assertEqual(contract.pool_ids.balance, 0.0)
        ((__, charges),) = self._bill()._get_after_sales_statement()
        reasons = {charge.kind: charge.reason for charge in charges}
        self.assertIn("Hours of Rossi: 4.00 hours before this work, 1.00 after it.", reasons["labour"])
        self.assertIn("Hours of Rossi: 1.00 hours before this work, 0.00 after it.", reasons["overtime"])

    def test_call_says_what_is_left_now(self):
        unit = self._create_unit(covered=False)
        contract = self._create_pool_contract(unit, 4.0)
        ticket = self._create_ticket(unit, contract_id=contract.id)
        ticket.with_user(self.agent).action_check_coverage()
        labour = ticket.coverage_ids.filtered(lambda row: row.cost_class == "labour")
        self.assertIn("Hours of Rossi: 4.00 hours left.", labour.decided_reason)

    def test_statements_per_further_invoice(self):
        """Who pays a part is read once for a run, not for each invoice."""

        def count(number):
            partners = self.env["res.partner"].create([{"name": f"Customer {i}"} for i in range(number)])
            for partner in partners:
                shares = self._share(customer=0.5, goodwill=0.5)
                self._create_charge(partner_id=partner.id, allocation_ids=shares)
            run = self._create_run(partner_ids=[Command.set(partners.ids)])
            run.action_preview()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run.action_bill()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(2)  # warm
        self.assertLessEqual((count(14) - count(4)) / 10, 9)

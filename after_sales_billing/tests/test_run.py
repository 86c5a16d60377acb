from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ACCOUNTANT, VISIT_DAY, AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestBillingRun(AfterSalesBillingCommon):
    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    def test_preview_totals_and_problems(self):
        self._create_charge()
        self._create_charge(quantity=1.0)
        archived = self.env["res.partner"].create({"name": "Gone Ltd"})
        bad = self._create_charge(partner_id=archived.id)
        archived.active = False
        run = self._create_run()
        run.action_preview()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "previewed",
                    "charge_count": 3,
                    "invoice_count": 1,
                    "problem_count": 1,
                    "amount_ready": 156.0,
                    "amount_problem": 104.0,
                }
            ],
        )
        problem = run.line_ids.filtered(lambda line: line.state == "problem")
        self.assertEqual(problem.charge_id, bad)
        self.assertIn("Gone Ltd", problem.reason)
        self.assertFalse(self.env["account.move"].search([("partner_id", "=", self.customer.id)]))
        run.action_preview()
        self.assertEqual(len(run.line_ids), 3, "A refreshed preview replaces the old one")

    def test_unchecked_charges_are_named(self):
        """What nobody has checked yet is not billed, but the preview tells of it"""
        charge = self._create_charge()
        charge.write({"state": "draft", "problem": "No price"})
        run = self._create_run()
        run.action_preview()
        self.assertRecordValues(run.line_ids, [{"state": "problem", "reason": "No price"}])
        with self.assertRaisesRegex(UserError, "problem"):
            run.action_bill()

    def test_empty_run_says_so(self):
        """D88: nothing billable gives a clear message, never an empty invoice"""
        run = self._create_run()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            run.action_preview()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            run.action_bill()
        self.assertFalse(run.move_ids)

    def test_form_of_the_accountant(self):
        charge = self._create_charge()
        with Form(self.env["after.sales.billing.run"].with_user(self.accountant)) as form:
            form.date_to = date(2026, 3, 31)
        run = form.save()
        run.action_preview()
        run.action_bill()
        self.assertEqual(run.state, "done")
        self.assertEqual(charge.billing_state, "billed")
        self.assertEqual(run.move_ids.invoice_user_id, self.accountant)

    # ------------------------------------------------------------------
    # Once and only once
    # ------------------------------------------------------------------

    def test_second_run_bills_nothing(self):
        self._create_charge()
        first, second = self._create_run(), self._create_run()
        first.action_preview()
        second.action_preview()
        first.action_bill()
        self.assertEqual(first.move_count, 1)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        second.action_bill()
        self.assertFalse(second.move_ids)
        self.assertEqual(second.line_ids.state, "skipped")

    def test_action_twice(self):
        self._create_charge()
        run = self._create_run()
        run.action_bill()
        with self.assertRaisesRegex(UserError, "under way"):
            run.action_bill()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_bill(self):
        charge = self._create_charge()
        self._bill()
        entry_sudo = charge.sudo().entry_ids
        with self.assertRaises(IntegrityError):
            entry_sudo.copy()

    # ------------------------------------------------------------------
    # Instalments
    # ------------------------------------------------------------------

    def test_missed_periods_one_line_each(self):
        """D02, D03: a run bills every period that was missed, one line per period, with its own dates"""
        contract = self._create_contract()
        invoice = self._bill()
        self.assertRecordValues(
            invoice.invoice_line_ids.sorted("after_sales_date_from"),
            [
                {
                    "price_subtotal": 100.0,
                    "after_sales_date_from": date(2026, month, 1),
                    "after_sales_date_to": date(2026, month, day),
                    "after_sales_contract_id": contract.id,
                    "tax_ids": self.vat.ids,
                }
                for month, day in ((1, 31), (2, 28), (3, 31))
            ],
        )
        self.assertEqual(invoice.invoice_origin, contract.name)
        self.assertEqual(contract.instalment_ids.filtered("is_billed").mapped("amount"), [100.0] * 3)
        self.assertEqual(
            self.env["after.sales.contract.instalment"].search_count(
                [("contract_id", "=", contract.id), ("is_billed", "=", False)]
            ),
            9,
        )
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        april = self._bill(date_to=date(2026, 4, 1))
        self.assertEqual(april.invoice_line_ids.after_sales_date_from, date(2026, 4, 1))

    def test_nothing_past_the_end(self):
        """D04: of a contract that ended no later period is billed"""
        contract = self._create_contract()
        contract.date_closed = date(2026, 2, 14)
        contract.action_end()
        invoice = self._bill(date_to=date(2026, 12, 31))
        self.assertEqual(max(invoice.invoice_line_ids.mapped("after_sales_date_to")), date(2026, 2, 14))
        self.assertEqual(
            sum(invoice.invoice_line_ids.mapped("price_subtotal")),
            sum(contract.instalment_ids.filtered(lambda row: row.state == "planned").mapped("amount")),
        )

    def test_drafts_are_not_billed(self):
        self._create_contract(run=False)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()

    def test_contract_changed_after_preview(self):
        """A charge that is not billed follows its contract until it is"""
        contract = self._create_contract()
        run = self._create_run()
        run.action_preview()
        self.assertEqual(run.amount_ready, 300.0)
        contract.line_ids.price_unit = 2400.0
        contract._sync_plan()
        invoice = self._bill()
        self.assertEqual(invoice.amount_untaxed, 600.0)

    def test_cancelled_contract_after_preview(self):
        contract = self._create_contract()
        run = self._create_run()
        run.action_preview()
        contract.action_cancel()
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        self.assertEqual(
            set(self.env["after.sales.charge"].search([]).mapped("state")) - {"cancelled"}, set()
        )

    def test_free_months_are_closed(self):
        contract = self._create_contract(price=0.0)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._bill()
        charges = self.env["after.sales.charge"].search([("contract_id", "=", contract.id)])
        self.assertFalse(charges.filtered(lambda charge: charge.billing_state != "nothing"))

    # ------------------------------------------------------------------
    # Failures
    # ------------------------------------------------------------------

    def _poison(self, name="Poison Ltd", **vals):
        """A customer whose invoices cannot be made: the failure comes from Odoo itself, deep in the batch."""
        partner = self.env["res.partner"].create({"name": name, **vals})
        original = type(self.env["account.move"]).create

        def create(moves, vals_list):
            if any(vals.get("partner_id") == partner.id for vals in vals_list):
                raise UserError(f"{name} is blocked by the bank")
            return original(moves, vals_list)

        self.patch(type(self.env["account.move"]), "create", create)
        return partner

    def test_failing_customer_alone_stays_behind(self):
        """D01: one failing customer is flagged with the reason and one activity, all others are billed"""
        bad = self._poison()
        good = self.env["res.partner"].create([{"name": f"Good {number}"} for number in range(7)])
        charges = [self._create_charge(partner_id=partner.id) for partner in good]
        guilty = [
            self._create_charge(partner_id=bad.id),
            self._create_charge(partner_id=bad.id, kind="overtime"),
        ]
        run = self._create_run()
        run.action_bill()
        self.assertRecordValues(run, [{"state": "done", "move_count": 7, "problem_count": 2}])
        self.assertEqual({charge.billing_state for charge in charges}, {"billed"})
        for charge in guilty:
            self.assertEqual(charge.billing_state, "to_bill")
            self.assertIn("blocked by the bank", charge.billing_error)
            self.assertTrue(charge.billing_error_date)
        activities = guilty[0].activity_ids + guilty[1].activity_ids
        self.assertEqual(len(activities), 1)
        self.assertEqual(activities.user_id, self.accountant)
        self.assertIn("blocked by the bank", activities.note)
        again = self._create_run()
        again.action_bill()
        self.assertFalse(again.move_ids)
        self.assertEqual(len(guilty[0].activity_ids + guilty[1].activity_ids), 1, "Still one activity")

    def test_guilty_charge_alone_stays_behind(self):
        """Of a customer with one spoilt charge the rest is billed"""
        good, bad = self._create_charge(), self._create_charge(kind="overtime", quantity=3.0)
        original = type(self.env["after.sales.billing"])._prepare_line_vals

        def prepare(billing, line, plan, sequence):
            if any(item.key == bad.id for item in line.items):
                raise UserError("This product has no account")
            return original(billing, line, plan, sequence)

        self.patch(type(self.env["after.sales.billing"]), "_prepare_line_vals", prepare)
        invoice = self._bill()
        self.assertEqual(invoice.amount_untaxed, good.amount_customer)
        self.assertEqual(good.billing_state, "billed")
        self.assertEqual(bad.billing_error, "This product has no account")

    def test_mended_charge_is_billed_and_its_activity_done(self):
        archived = self.env["res.partner"].create({"name": "Gone Ltd"})
        bad = self._create_charge(partner_id=archived.id)
        archived.active = False
        good = self._create_charge()
        run = self._create_run()
        run.action_bill()
        self.assertEqual(good.billing_state, "billed")
        self.assertIn("archived", bad.billing_error)
        self.assertEqual(len(bad.activity_ids), 1)
        archived.active = True
        self._bill()
        self.assertRecordValues(bad, [{"billing_state": "billed", "billing_error": False}])
        self.assertFalse(bad.activity_ids)

    def test_draft_that_cannot_be_posted_stays_a_draft(self):
        self._create_charge()
        other = self.env["res.partner"].create({"name": "No Post Ltd"})
        self._create_charge(partner_id=other.id)
        original = type(self.env["account.move"])._post

        def post(moves, soft=True):
            if other in moves.partner_id:
                raise UserError("The period is locked")
            return original(moves, soft)

        self.patch(type(self.env["account.move"]), "_post", post)
        run = self._create_run(post_invoices=True)
        run.action_bill()
        by_partner = {move.partner_id: move.state for move in run.move_ids}
        self.assertEqual(by_partner, {self.customer: "posted", other: "draft"})
        reason = run.line_ids.filtered(lambda line: line.partner_id == other).reason
        self.assertIn("The period is locked", reason)

    def test_total_of_zero_waits(self):
        self._create_charge(quantity=1.0)
        self._create_charge(quantity=-1.0, kind="overtime")
        run = self._create_run()
        run.action_bill()
        self.assertFalse(run.move_ids)
        self.assertIn("comes to zero", run.line_ids[0].reason)

    def test_negative_total_becomes_a_credit_note(self):
        self._create_charge(quantity=-2.0)
        invoice = self._bill(post_invoices=True)
        self.assertRecordValues(
            invoice, [{"move_type": "out_refund", "state": "posted", "amount_untaxed": 104.0}]
        )

    # ------------------------------------------------------------------
    # What an invoice says
    # ------------------------------------------------------------------

    def test_one_line_per_rate(self):
        """D85: same rate, one line; another rate, another line; never an average"""
        self._create_charge(quantity=1.0)
        self._create_charge(quantity=2.5)
        self._create_charge(quantity=1.0, price_unit=60.0)
        invoice = self._bill()
        self.assertEqual(
            sorted((line.quantity, line.price_unit) for line in invoice.invoice_line_ids),
            [(1.0, 60.0), (3.5, 52.0)],
        )

    def test_band_is_named_where_it_made_the_price(self):
        line = self.tariff._get_line("travel_time")
        charge = self._create_charge(
            kind="travel_time",
            product_id=line.product_id.id,
            band_id=self.bands[1].id,
            tariff_line_id=line.id,
        )
        self.assertEqual(charge._get_billing_title(), "Travel time")
        line.band_id = self.bands[1]
        self.assertEqual(charge._get_billing_title(), "Travel time (Evening and weekend)")

    def test_share_is_a_discount(self):
        allocation = [
            Command.create({"payer": "customer", "share": 0.4}),
            Command.create({"payer": "goodwill", "share": 0.6}),
        ]
        charge = self._create_charge(allocation_ids=allocation)
        invoice = self._bill()
        self.assertRecordValues(
            invoice.invoice_line_ids,
            [{"quantity": 2.0, "price_unit": 52.0, "discount": 60.0, "price_subtotal": 41.6}],
        )
        self.assertEqual(charge.entry_ids.amount, 41.6)

    def test_odd_share_to_the_cent(self):
        allocation = [
            Command.create({"payer": "customer", "share": 0.333333}),
            Command.create({"payer": "goodwill", "share": 0.666667}),
        ]
        charges = [
            self._create_charge(quantity=quantity, price_unit=price, allocation_ids=allocation)
            for quantity, price in ((7.0, 1234.56), (1.25, 99.99), (3.0, 0.01))
        ]
        invoice = self._bill()
        self.assertAlmostEqual(invoice.amount_untaxed, sum(charge.amount_customer for charge in charges), 2)

    def test_taxes_by_fiscal_position(self):
        exempt = self.env["account.tax"].create({"name": "Exempt", "amount": 0.0, "type_tax_use": "sale"})
        position = self.env["account.fiscal.position"].create({"name": "Exporter"})
        exempt.write({"fiscal_position_ids": position.ids, "original_tax_ids": self.vat.ids})
        self.customer.property_account_position_id = position
        self._do_visit(self._create_unit(), parts=False)
        invoice = self._bill()
        self.assertEqual(invoice.fiscal_position_id, position)
        self.assertEqual(invoice.invoice_line_ids.tax_ids, exempt)

    def test_taxes_quantity_and_unit_as_agreed(self):
        """D19: what the contract says is billed: no tax is mapped a second time, three hours stay three hours."""
        position = self.env["account.fiscal.position"].create({"name": "Domestic"})
        other = self.vat.copy({"name": "Goods", "original_tax_ids": self.vat.ids})
        other.fiscal_position_ids = position
        self.customer.property_account_position_id = position
        line = {
            "product_id": self.contract_product.id,
            "price_basis": "month",
            "price_unit": 111.0,
            "quantity": 3.0,
            "discount": 10.0,
            "uom_id": self.uom_hour.id,
            "tax_ids": [Command.set(self.vat.ids)],
        }
        self._create_contract(start=date(2026, 1, 16), line_ids=[Command.create(line)], alignment="calendar")
        lines = self._bill(date_to=date(2026, 2, 28)).invoice_line_ids.sorted("after_sales_date_from")
        self.assertEqual(lines.tax_ids, self.vat)
        self.assertRecordValues(
            lines,
            [
                {"quantity": 1.0, "product_uom_id": self.env.ref("uom.product_uom_unit").id},
                {"quantity": 3.0, "product_uom_id": self.uom_hour.id},
            ],
        )
        self.assertEqual(lines.mapped("price_subtotal")[1:], [299.7])

    def test_terms_of_the_contract(self):
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        account = self.env["account.analytic.account"].create(
            {"name": "Rossi", "plan_id": plan.id, "company_id": self.company.id}
        )
        self._create_contract(payment_term_id=self.pay_terms_b.id, analytic_account_id=account.id)
        invoice = self._bill()
        self.assertEqual(invoice.invoice_payment_term_id, self.pay_terms_b)
        for line in invoice.invoice_line_ids:
            self.assertEqual(line.analytic_distribution, {str(account.id): 100.0})

    def test_currency_without_rate(self):
        """Odoo would bill it at one: it waits, and the reason says what is missing."""
        currency = self.env["res.currency"].create({"name": "XQX", "symbol": "x"})
        charge = self._create_charge(currency_id=currency.id)
        run = self._create_run()
        run.action_preview()
        self.assertIn("exchange rate of XQX", run.line_ids.reason)
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2026-01-01", "rate": 2.0})
        self.assertEqual(self._bill().amount_untaxed, charge.amount_customer)

    def test_other_currency(self):
        currency = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Swiss", "currency_id": currency.id})
        self._create_contract(pricelist_id=pricelist.id)
        self._create_charge()
        run = self._create_run(invoice_date=date(2026, 3, 31), post_invoices=True)
        run.action_preview()
        self.assertEqual(run.amount_ready, 150.0 + 104.0)
        run.action_bill()
        foreign = run.move_ids.filtered(lambda move: move.currency_id == currency)
        self.assertRecordValues(
            foreign, [{"state": "posted", "amount_untaxed": 300.0, "amount_total": 366.0}]
        )
        self.assertEqual(-sum(foreign.invoice_line_ids.mapped("balance")), 150.0)
        self.assertEqual(len(run.move_ids), 2, "Currencies never share an invoice")

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        labour = self.tariff._get_line("labour", self.bands[0]).product_id
        labour.with_context(lang="it_IT").name = "Manodopera"
        self.customer.lang = "it_IT"
        ticket = self._create_ticket()
        self._create_charge(ticket_id=ticket.id)
        invoice = self._bill()
        self.assertIn("Manodopera", invoice.invoice_line_ids.name)
        self.assertIn(f"Chiamata {ticket.name}", invoice.invoice_line_ids.name)

    # ------------------------------------------------------------------
    # Grouping
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # Companies and rights
    # ------------------------------------------------------------------

    def test_second_company(self):
        data = self.setup_other_company(name="Second")
        second = data["company"]
        accountant = self._create_role("bill_second", ACCOUNTANT, company=second)
        tax = data["default_tax_sale"]
        tariff, bands = self._create_tariff(second, taxes=tax)
        ours = self._create_charge()
        theirs = self._create_charge(
            company_id=second.id,
            product_id=tariff._get_line("labour", bands[0]).product_id.id,
            tax_ids=[Command.set(tax.ids)],
            currency_id=second.currency_id.id,
        )
        invoice = self._bill(accountant)
        self.assertEqual(invoice.company_id, second)
        self.assertEqual(invoice.journal_id.company_id, second)
        self.assertEqual((ours.billing_state, theirs.billing_state), ("to_bill", "billed"))
        with self.assertRaises(AccessError):
            theirs.with_user(self.accountant).read(["name"])
        self.assertFalse(
            self.env["after.sales.billing.entry"]
            .with_user(self.accountant)
            .search([("charge_id", "=", theirs.id)])
        )

    def test_rights(self):
        self._create_charge()
        for user in (self.agent, self.technician_user):
            with self.assertRaises(AccessError):
                self._create_run(user)
        invoice = self._bill()
        entry = invoice.after_sales_entry_ids
        for user in (self.accountant, self.manager):
            with self.assertRaises(AccessError):
                entry.with_user(user).write({"active": False})
        with self.assertRaises(AccessError):
            entry.with_user(self.technician_user).read(["amount"])
        self.assertTrue(entry.with_user(self.agent).read(["amount"]))

    # ------------------------------------------------------------------
    # Scheduled
    # ------------------------------------------------------------------

    @freeze_time("2026-03-31 04:00:00")
    def test_cron(self):
        charge = self._create_charge()
        self.company.write(
            {"after_sales_billing_auto": True, "after_sales_billing_user_id": self.accountant.id}
        )
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_billing.ir_cron_after_sales_billing").method_direct_trigger()
        self.assertEqual(charge.billing_state, "billed")
        run = charge.entry_ids.move_id.after_sales_run_id
        self.assertRecordValues(run, [{"state": "done", "user_id": self.accountant.id}])
        runs = self.env["after.sales.billing.run"].search_count([])
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_billing.ir_cron_after_sales_billing").method_direct_trigger()
        self.assertEqual(self.env["after.sales.billing.run"].search_count([]), runs, "Nothing due, no run")

    def test_interrupted_run_goes_on(self):
        """What a stopped server left of a run is billed by the next call of the job, nothing twice"""
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(3)])
        charges = self.env["after.sales.charge"].union(
            *(self._create_charge(partner_id=partner.id) for partner in partners)
        )
        run = self._create_run()
        run.action_preview()
        run.state = "running"
        run._process(run._get_next_groups(limit=1))
        self.assertEqual(len(run.move_ids), 1)
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_billing.ir_cron_after_sales_billing").method_direct_trigger()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(run.move_ids), 3)
        self.assertEqual(set(charges.mapped("billing_state")), {"billed"})
        self.assertEqual(charges.mapped("date"), [VISIT_DAY] * 3)

from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ACCOUNTANT, VISIT_DAY, AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestBillingRun(AfterSalesBillingCommon):
    """BI-08, BI-09, D23: what is due is shown, billed once, by whoever may, on demand or by the scheduled job."""

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

    def test_changed_after_the_preview(self):
        """The run says what it billed, as its invoices do, not what its preview expected."""
        self.setup_other_currency("GBP", rates=[("2026-01-01", 2.0)])
        charge = self._create_charge()
        foreign = self._create_charge(currency_id=self.env.ref("base.GBP").id)
        run = self._create_run()
        run.action_preview()
        self.assertEqual(run.amount_ready, 156.0)
        for changed in charge | foreign:
            changed.with_user(self.manager)._override_payers(
                {"customer": 0.5, "goodwill": 0.5}, "Old customer"
            )
        run.action_bill()
        self.assertRecordValues(
            run.line_ids.sorted(lambda line: line.charge_id.id),
            [{"amount": 52.0, "amount_company": 52.0}, {"amount": 52.0, "amount_company": 26.0}],
        )
        self.assertEqual(run.amount_billed, 78.0)
        self.assertEqual(sum(run.move_ids.mapped("amount_untaxed_signed")), 78.0)

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

    @freeze_time("2026-03-31 04:00:00")
    def test_cron_counts_what_is_held_up_once(self):
        """BI-22: a run each day for the same trouble would count it each day; new trouble, and mended work, are new."""
        gone = self.env["res.partner"].create({"name": "Gone Ltd"})
        archived = self._create_charge(partner_id=gone.id)
        gone.active = False
        zero = self._create_charge(quantity=1.0) + self._create_charge(quantity=-1.0, kind="overtime")
        self._create_charge().sudo().state = "draft"
        self.company.write(
            {"after_sales_billing_auto": True, "after_sales_billing_user_id": self.accountant.id}
        )
        Run = self.env["after.sales.billing.run"]

        def bill():
            before = Run.search([])
            with self.enter_registry_test_mode():
                self.env.ref("after_sales_billing.ir_cron_after_sales_billing").method_direct_trigger()
            return Run.search([]) - before

        first = bill()
        self.assertRecordValues(
            first,
            [{"state": "done", "user_id": self.accountant.id, "problem_count": 4, "hand_count": 3}],
        )
        self.assertEqual(archived.activity_ids.user_id, self.accountant)
        self.assertFalse(bill(), "nothing new")
        self.assertFalse(bill())
        self.assertEqual(len(archived.activity_ids), 1)
        more = self.env["res.partner"].create({"name": "Gone Too Ltd"})
        fresh = self._create_charge(partner_id=more.id)
        more.active = False
        second = bill()
        self.assertRecordValues(second, [{"problem_count": 1, "hand_count": 1, "move_count": 0}])
        self.assertEqual(second.line_ids.charge_id, fresh)
        gone.active = True
        third = bill()
        self.assertRecordValues(third, [{"problem_count": 0, "hand_count": 0, "move_count": 1}])
        self.assertEqual((archived.billing_state, zero[0].billing_state), ("billed", "to_bill"))

    def test_schedule_needs_a_responsible(self):
        """Without one, runs, invoices and activities would belong to nobody who reads them."""
        settings = self.env["res.config.settings"]
        self.company.after_sales_billing_user_id = False
        with self.assertRaisesRegex(ValidationError, "responsible for scheduled billing"):
            settings.create({"after_sales_billing_auto": True})
        settings.create(
            {"after_sales_billing_auto": True, "after_sales_billing_user_id": self.accountant.id}
        ).execute()
        self.assertEqual(self.company.after_sales_billing_user_id, self.accountant)
        settings.create({"after_sales_billing_auto": False, "after_sales_billing_user_id": False}).execute()
        self.assertFalse(self.company.after_sales_billing_user_id)
        arch = settings.get_view()["arch"]
        self.assertIn('name="after_sales_billing_user_id" required="after_sales_billing_auto"', arch)

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

import logging

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunFailures(AfterSalesBillingCommon):
    """What cannot be billed stays behind alone, with its reason and one activity; all others go through."""

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

    def test_stopped_charges_say_why(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_charge_action_stopped"
        )
        charges = self.env["after.sales.charge"].with_user(self.accountant)
        shown = etree.fromstring(
            charges.get_view(dict(map(reversed, action["views"]))["list"], "list")["arch"]
        )
        self.assertEqual(shown.xpath("//field[@name='billing_error']/@optional"), ["show"])

    def test_account_lost_after_the_preview(self):
        """Neither product, category, company nor journal say where it goes: the reason is in words, not SQL."""
        bare = self._create_service("No account")
        other = self.env["res.partner"].create({"name": "Others Ltd"})
        bad = self._create_charge(product_id=bare.id, partner_id=other.id)
        run = self._create_run()
        run.action_preview()
        self._forget_accounts()
        log = "odoo.addons.after_sales_billing.models.after_sales_billing"
        with mute_logger("odoo.sql_db"), self.assertLogs(log, logging.INFO) as logged:
            run.action_bill()
        self.assertIn("CheckViolation", logged.output[0])
        self.assertEqual(bad.billing_state, "to_bill")
        self.assertEqual(bad.billing_error, "Missing required account on accountable line.")
        self.assertEqual(run.line_ids.reason, bad.billing_error)

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
        other = self.env["res.partner"].create({"name": "Pays Ltd"})
        good = self._create_charge(partner_id=other.id)
        run = self._create_run()
        run.action_preview()
        self.assertRecordValues(run, [{"invoice_count": 1, "problem_count": 2, "amount_problem": 0.0}])
        held_up = run.line_ids.filtered(lambda line: line.state == "problem")
        self.assertIn("comes to zero", held_up[0].reason)
        run.action_bill()
        self.assertEqual(run.move_ids.partner_id, other)
        self.assertEqual(good.billing_state, "billed")
        self.assertIn("comes to zero", held_up.charge_id[0].billing_error)

    def test_total_that_became_zero_after_the_preview(self):
        self._create_charge(quantity=1.0)
        late = self._create_charge(quantity=-2.0, kind="overtime")
        run = self._create_run()
        run.action_preview()
        self.assertEqual(run.invoice_count, 1)
        late.sudo().quantity = -1.0
        run.action_bill()
        self.assertFalse(run.move_ids)
        self.assertIn("comes to zero", run.line_ids[0].reason)

    def test_negative_total_becomes_a_credit_note(self):
        self._create_charge(quantity=-2.0)
        invoice = self._bill(post_invoices=True)
        self.assertRecordValues(
            invoice, [{"move_type": "out_refund", "state": "posted", "amount_untaxed": 104.0}]
        )

    def test_product_without_account_is_held_up_by_name(self):
        """The preview names it and says what to do; what else is due goes through, on the same invoice too."""
        self._forget_accounts()
        self._create_contract()  # its product has no account
        overtime = self.tariff._get_line("overtime", self.bands[1]).product_id
        good = self._create_charge()
        other = self._create_charge(product_id=overtime.id, partner_id=self.partner_a.id)
        run = self._create_run()
        run.action_preview()
        reasons = {line.charge_id.product_id: line.reason for line in run.line_ids}
        self.assertFalse(reasons[good.product_id])
        for product in (overtime, self.contract_product):
            self.assertEqual(
                reasons[product],
                f"{product.name} has no income account: set one on the product or on its category.",
            )
        run.action_bill()
        self.assertEqual((good.billing_state, other.billing_state), ("billed", "to_bill"))
        self.assertIn("no income account", other.billing_error)
        overtime.property_account_income_id = self.company_data["default_account_revenue"]
        self.assertEqual(self._bill(with_instalments=False).partner_id, self.partner_a)

    def test_free_work_without_account_is_held_up_by_name(self):
        """What is shown at full discount needs an account too."""
        self._forget_accounts()
        self.customer.after_sales_show_covered = True
        visit = self._do_visit(self._create_unit())
        free = visit.visit_charge_ids.filtered(lambda charge: charge.product_id == self.part_a)
        run = self._create_run()
        run.action_preview()
        line = run.line_ids.filtered(lambda line: line.charge_id == free)
        self.assertIn("Part A has no income account", line.reason)
        run.action_bill()
        self.assertEqual(run.move_ids.amount_untaxed, 156.0, "the labour goes through")

    def test_account_of_the_journal_will_do(self):
        """Where the journal has an account for what has none, nothing is held up."""
        self._forget_accounts()
        self.company_data["default_journal_sale"].default_account_id = self.company_data[
            "default_account_revenue"
        ]
        self._create_contract()
        self.assertTrue(self._bill())

    def test_account_of_the_journal_of_a_currency(self):
        """Odoo takes a journal of the invoice's currency first: what has no account is held up where that has none."""
        self._forget_accounts()
        account = self.company_data["default_account_revenue"]
        currency = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        ordinary = self.company_data["default_journal_sale"]
        foreign = ordinary.copy({"code": "SCHF", "currency_id": currency.id, "sequence": 99})
        charges = {
            journal: self._create_charge(
                product_id=self.contract_product.id,
                partner_id=self.env["res.partner"].create({"name": journal.code}).id,
                currency_id=(journal.currency_id or self.company.currency_id).id,
            )
            for journal in (ordinary, foreign)
        }
        for journal, other in ((ordinary, foreign), (foreign, ordinary)):
            with self.subTest(journal.code):
                journal.default_account_id, other.default_account_id = account, False
                run = self._create_run()
                run.action_preview()
                reasons = {line.charge_id: line.reason or "" for line in run.line_ids}
                self.assertFalse(reasons[charges[journal]])
                self.assertIn("no income account", reasons[charges[other]])
        run.action_bill()
        self.assertEqual(run.move_ids.journal_id, foreign)

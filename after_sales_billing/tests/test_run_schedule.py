from freezegun import freeze_time

from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 04:00:00")
class TestRunSchedule(AfterSalesBillingCommon):
    """Scheduled billing speaks to a person who is there, in his language, of what is new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._create_role("bill_head", "account.group_account_manager")
        cls.company.write(
            {"after_sales_billing_auto": True, "after_sales_billing_user_id": cls.accountant.id}
        )

    def _call_job(self):
        Run = self.env["after.sales.billing.run"]
        before = Run.search([])
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_billing.ir_cron_after_sales_billing").method_direct_trigger()
        self.env.invalidate_all()
        return Run.search([]) - before

    def _check_stand_in(self, charge):
        run = self._call_job()
        stand_in = self.company._get_billing_user()
        self.assertTrue(stand_in.has_group("account.group_account_manager"))
        self.assertTrue(stand_in.active)
        self.assertRecordValues(run, [{"state": "done", "user_id": stand_in.id}])
        self.assertEqual(charge.billing_state, "billed")
        task = run.activity_ids
        self.assertEqual(task.user_id, stand_in)
        self.assertIn(self.company.name, task.note)
        self._create_charge(name="Next")
        self.assertFalse(self._call_job().activity_ids, "told once")

    def test_nobody_was_chosen(self):
        self.company.after_sales_billing_user_id = False
        self._check_stand_in(self._create_charge())

    def test_the_responsible_has_left(self):
        self.accountant.active = False
        self._check_stand_in(self._create_charge())

    def test_nobody_at_all(self):
        company = self.setup_other_company(name="Alone")["company"]
        self.env["res.users"].sudo().search([("company_ids", "in", company.ids)]).company_ids -= company
        with self.assertLogs("odoo.addons.after_sales_billing.models.res_company", "WARNING") as logged:
            self.assertFalse(company._get_billing_user())
        self.assertIn(company.name, logged.output[0])

    def test_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.accountant.write({"lang": "it_IT", "tz": "Europe/Rome"})
        italian = self.env(context={"lang": "it_IT"})
        gone = self.env["res.partner"].create({"name": "Gone Ltd"})
        held_up = self._create_charge(partner_id=gone.id)
        gone.active = False
        self._create_charge()
        run = self._call_job()
        reason = italian["after.sales.billing"]._get_customer_problem(gone, self.company)
        self.assertNotEqual(reason, self.env["after.sales.billing"]._get_customer_problem(gone, self.company))
        self.assertEqual(held_up.billing_error, reason)
        self.assertEqual(run.line_ids.filtered(lambda line: line.charge_id == held_up).reason, reason)
        self.assertIn("06:00", held_up.activity_ids.note)
        bodies = "".join(run.message_ids.mapped("body"))
        self.assertNotIn("Invoices made", bodies)

    def test_what_is_known_and_what_is_new(self):
        """The activity names a run that is there; another reason is another problem."""
        gone = self.env["res.partner"].create({"name": "Gone Ltd"})
        charge = self._create_charge(partner_id=gone.id)
        gone.active = False
        first = self._call_job()
        self.assertIn(first.name, charge.activity_ids.note)
        self.assertFalse(self._call_job())
        self.assertIn(first.name, charge.activity_ids.note, "the second run is not there to be looked up")
        gone.active = True
        charge.sudo().product_id = False
        second = self._call_job()
        self.assertEqual(second.line_ids.charge_id, charge)
        self.assertIn(second.name, charge.activity_ids.note)
        self.assertNotEqual(*(first + second).line_ids.mapped("reason"))

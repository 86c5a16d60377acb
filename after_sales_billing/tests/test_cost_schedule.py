from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_cost import CostAccountsCommon


@tagged("post_install", "-at_install")
class TestCostSchedule(CostAccountsCommon):
    """BI-17: the scheduled job posts the months that have ended, batch by batch, and calls who can mend what fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"after_sales_cost_auto": True, "after_sales_billing_user_id": cls.accountant.id})
        cls.posting = cls.env["after.sales.cost.posting"]

    def _run(self, day="2026-04-02 04:00:00"):
        self.env.flush_all()
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref("after_sales_billing.ir_cron_after_sales_cost").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _get_tasks(self, charges):
        return charges.sudo().activity_search(["after_sales_billing.mail_activity_type_cost"])

    def test_posts_the_months_that_have_ended(self):
        march = self._create_covered(cost=70.0, warranty=1.0)
        april = self._create_covered(cost=30.0, warranty=1.0, date=date(2026, 4, 1))
        self._run()
        move = march.sudo().entry_ids.move_id
        self.assertRecordValues(move, [{"state": "posted", "date": date(2026, 3, 31)}])
        self.assertEqual(april.cost_state, "to_post")
        self._run()
        self.assertEqual(march.sudo().entry_ids.move_id, move)

    def test_batch_by_batch(self):
        charges = self._create_covered(cost=70.0, warranty=1.0)
        for __ in range(4):
            charges |= self._create_covered(cost=70.0, warranty=1.0)
        progress = patch.object(
            self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 3600.0
        )
        with freeze_time("2026-04-02 04:00:00"), progress:
            self.posting._cron_post(batch_size=2)
        self.assertEqual(set(charges.mapped("cost_state")), {"posted"})
        self.assertEqual(len(charges.sudo().entry_ids.move_id), 3)

    def test_only_companies_that_want_it(self):
        self.company.after_sales_cost_auto = False
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self._run()
        self.assertEqual(charge.cost_state, "to_post")

    def test_without_accounts_one_activity(self):
        charges = self._create_covered(cost=70.0, warranty=1.0) | self._create_covered(cost=7.0, warranty=1.0)
        account, self.company.after_sales_absorbed_account_id = self.absorbed, False
        self._run()
        self._run()
        task = self._get_tasks(charges)
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.accountant)
        self.assertIn("Absorbed Costs Account", task.note)
        self.company.after_sales_absorbed_account_id = account
        self._run()
        self.assertFalse(self._get_tasks(charges))
        self.assertEqual(set(charges.mapped("cost_state")), {"posted"})

    def test_responsible_who_left_is_not_called(self):
        """Nobody sees the activities of an archived user: an accountant of the company gets them."""
        charge = self._create_covered(cost=70.0, warranty=1.0)
        self.company.after_sales_absorbed_account_id = False
        self.accountant.active = False
        self._run()
        user = self._get_tasks(charge).user_id
        self.assertTrue(user.active and user.has_group("account.group_account_manager"))
        self.assertIn(self.company, user.company_ids)

    def test_guilty_charge_alone_is_left(self):
        charges = self._create_covered(cost=70.0, warranty=1.0)
        for __ in range(3):
            charges |= self._create_covered(cost=70.0, warranty=1.0)
        guilty, write_down = charges[2], type(self.posting)._write_down

        def refuse(posting, move, parts):
            if guilty in [charge for rows in parts.values() for charge, __ in rows]:
                raise UserError("This one cannot be posted")
            return write_down(posting, move, parts)

        with patch.object(type(self.posting), "_write_down", refuse):
            self._run()
        self.assertEqual(charges.filtered(lambda charge: charge.cost_state == "to_post"), guilty)
        self.assertIn("This one cannot be posted", self._get_tasks(charges).note)
        self.assertEqual(self._get_tasks(guilty), self._get_tasks(charges))

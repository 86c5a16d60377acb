from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import VISIT_DAY, AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestEffort(AfterSalesBillingCommon):
    """BI-22: what a document of billing takes, run by run and over all of them."""

    def _run(self, number=4, **vals):
        """A run opened at eight o'clock and billed forty minutes later."""
        partners = self.env["res.partner"].create([{"name": f"Customer {i}"} for i in range(number)])
        for partner in partners:
            self._create_charge(partner_id=partner.id)
        with freeze_time("2026-04-01 08:00:00"):
            run = self._create_run(
                post_invoices=True, invoice_date=date(2026, 4, 1), partner_ids=partners.ids, **vals
            )
        with freeze_time("2026-04-01 08:40:00"):
            run.action_bill()
        return run

    def test_nobody_had_anything_to_do(self):
        run = self._run()
        self.assertRecordValues(
            run,
            [
                {
                    "minutes": 40.0,
                    "minutes_per_document": 10.0,
                    "hand_count": 0,
                    "hand_rate": 0.0,
                    "days_to_invoice": (date(2026, 4, 1) - VISIT_DAY).days,
                }
            ],
        )

    def test_what_needed_a_hand(self):
        """A draft changed in its amounts, a credited, a cancelled and a deleted invoice; one is left."""
        run = self._run(5, grouping="all")
        credited, cancelled, deleted, changed, __ = run.move_ids.with_user(self.accountant)
        credited._reverse_moves()
        (cancelled | deleted | changed).button_draft()
        cancelled.button_cancel()
        changed.invoice_line_ids.price_unit = 40.0
        changed.action_post()
        self.env["account.move"].browse(deleted.id).with_context(force_delete=True).unlink()
        run.invalidate_recordset()
        self.assertRecordValues(run, [{"hand_count": 4, "hand_rate": 80.0}])

    def test_held_up(self):
        """An invoice that could not be made counts, though there is no document."""
        archived = self.env["res.partner"].create({"name": "Gone Ltd"})
        self._create_charge(partner_id=archived.id)
        good = self._create_charge()
        archived.active = False
        run = self._create_run()
        run.action_bill()
        self.assertRecordValues(run, [{"hand_count": 1, "hand_rate": 50.0, "days_to_invoice": 0.0}])
        rows = self.env["after.sales.billing.effort"].with_user(self.accountant)
        rows = rows.search(run.action_view_effort()["domain"], order="by_hand")
        self.assertRecordValues(
            rows,
            [
                {"move_id": good.entry_ids.move_id.id, "document_count": 1, "held_up": 0, "by_hand": 0},
                {"move_id": False, "document_count": 0, "held_up": 1, "by_hand": 1},
            ],
        )

    def test_instalments_have_no_day_of_work(self):
        self._create_contract()
        run = self._create_run(post_invoices=True)
        run.action_bill()
        self.assertFalse(
            self.env["after.sales.billing.effort"].search([("run_id", "=", run.id)]).days_to_invoice
        )

    def test_rights(self):
        run = self._run()
        second = self._create_role(
            "effort_second",
            "account.group_account_invoice",
            company=self.setup_other_company(name="Second")["company"],
        )
        effort = self.env["after.sales.billing.effort"]
        self.assertFalse(effort.with_user(second).search([("run_id", "=", run.id)]))
        with self.assertRaises(AccessError):
            effort.with_user(self.technician_user).search([])

from datetime import date

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .common import ItalianCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestInvoiceDays(ItalianCommon):
    """L17: an immediate invoice within 12 days of the work, a deferred one by the 15th of the month after."""

    def _preview(self, **values):
        run = self._create_run(**{"date_to": date(2026, 4, 30), **values})
        run.action_preview()
        return run

    def test_preview_warns_of_a_late_invoice(self):
        """L17: by the 15th of the month after."""
        self._there_and_back()
        self._create_charge(ticket_id=self.ticket.id)
        in_time = self._create_run(invoice_date=date(2026, 4, 15), date_to=date(2026, 4, 30))
        in_time.action_preview()
        self.assertFalse(any(in_time.line_ids.mapped("reason")))
        late = self._create_run(invoice_date=date(2026, 4, 16), date_to=date(2026, 4, 30))
        late.action_preview()
        self.assertEqual(late.line_ids.state, "ready")
        self.assertIn("CUST/OUT/DDT00001", late.line_ids.reason)
        self.assertIn("04/15/2026", late.line_ids.reason)

    def test_twelve_days_from_the_work(self):
        """On its last day an invoice is urgent, on the day after it is late."""
        self._create_charge()
        for day, late, near in (
            (date(2026, 3, 18), 0, 0),
            (date(2026, 3, 19), 0, 1),
            (date(2026, 3, 22), 0, 1),
            (date(2026, 3, 23), 1, 0),
        ):
            run = self._preview(invoice_date=day)
            self.assertEqual((day, run.late_count, run.near_count), (day, late, near))
            self.assertRecordValues(
                run.line_ids, [{"invoice_by": date(2026, 3, 22), "state": "ready", "reason": False}]
            )

    def test_day_of_posting_is_today(self):
        self._create_charge()
        run = self._preview()
        self.assertFalse(run.late_count)
        with freeze_time("2026-03-23 10:00:00"):
            run.invalidate_recordset()
            self.assertEqual(run.late_count, 1)
        run.invoice_date = date(2026, 3, 22)
        self.assertEqual((run.late_count, run.near_count), (0, 1))

    def test_what_is_held_up_grows_late_too(self):
        charge = self._create_charge()
        self.customer.active = False
        run = self._preview(invoice_date=date(2026, 3, 23))
        self.assertEqual(run.line_ids.state, "problem")
        self.assertEqual(run.late_count, 1)
        lines = run.env["after.sales.billing.run.line"].search(run.action_view_late()["domain"])
        self.assertEqual(lines.charge_id, charge)
        self.assertFalse(lines.search(run.action_view_near()["domain"]))

    def test_billed_is_late_no_more(self):
        self._create_charge()
        run = self._preview(invoice_date=date(2026, 3, 23))
        run.action_bill()
        self.assertEqual(run.line_ids.state, "billed")
        self.assertFalse(run.late_count)

    def test_contracts_and_credits_have_no_such_day(self):
        self._create_contract()
        self._create_charge(name="Too much", quantity=-1.0)
        run = self._preview(grouping="all", invoice_date=date(2026, 4, 30))
        self.assertGreater(len(run.line_ids), 2)
        self.assertFalse(any(run.line_ids.mapped("invoice_by")))
        self.assertFalse(run.late_count)

    def test_goods_handed_over_have_until_the_fifteenth(self):
        """Their charge of 20 March is billed by 15 April; other work of the customer still within 12 days."""
        self._there_and_back()
        own = self._create_charge(ticket_id=self.ticket.id)
        other = self._create_charge(name="Other work")
        run = self._preview(invoice_date=date(2026, 4, 15))
        days = {line.charge_id: line.invoice_by for line in run.line_ids}
        self.assertEqual(days, {own: date(2026, 4, 15), other: date(2026, 3, 22)})
        self.assertEqual((run.late_count, run.near_count), (1, 1))

    def test_goods_only_fetched_defer_nothing(self):
        """They are still with us: no document lets the invoice of the work wait."""
        self._receive(self._create_return())
        self._create_charge(ticket_id=self.ticket.id)
        run = self._preview(invoice_date=date(2026, 4, 16))
        self.assertRecordValues(run.line_ids, [{"invoice_by": date(2026, 3, 22), "reason": False}])

    def test_other_days_and_other_countries(self):
        self._create_charge()
        with Form(self.env["res.config.settings"].with_company(self.company)) as settings:
            settings.after_sales_invoice_days = 10
        settings.record.execute()
        self.assertEqual(self._preview().line_ids.invoice_by, date(2026, 3, 20))
        self.company.country_id = self.env.ref("base.de")
        run = self._preview(invoice_date=date(2026, 6, 1))
        self.assertFalse(run.line_ids.invoice_by)
        self.assertFalse(run.late_count)

    def test_however_many_the_same_statements(self):
        """The days of a preview are written by two statements: one that writes, one that looks for returns."""
        for number in range(5):
            self._create_charge(name=f"Work {number}")
        run = self._preview()
        self.env.flush_all()
        with self.assertQueryCount(1):
            run._set_invoice_days()
        with self.assertQueryCount(1):
            run._set_document_days()

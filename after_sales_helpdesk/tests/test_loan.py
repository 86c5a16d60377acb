from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestLoan(WorkshopCommon):
    """A loaner is ours all the time, and nobody forgets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._create_lot(cls.machine, "LOAN-1")
        cls._stock(cls.machine, 1, [cls.lot])
        cls.ticket = cls._create_ticket(service_id=cls.service.id)

    def _create_loan(self, **values):
        return (
            self.env["after.sales.loan"]
            .with_user(self.agent)
            .create(
                {
                    "partner_id": self.consumer.id,
                    "ticket_id": self.ticket.id,
                    "product_id": self.machine.id,
                    "lot_id": self.lot.id,
                    "date_due": fields.Date.today() + relativedelta(days=7),
                    **values,
                }
            )
        )

    def _authorise(self):
        self.ticket.action_check_coverage()
        self.ticket.authorise_reason = "Agreed"
        self.ticket.action_authorise()

    def test_call_without_a_loan_shows_none(self):
        """Invented rows in grey on the list of a call are taken for loaners of the customer."""
        action = self.ticket.with_user(self.agent).action_view_loans()
        loans = self.env[action["res_model"]].with_user(self.agent)
        self.assertFalse(loans.search(action["domain"]))
        arch = loans.get_views([(False, "list")])["views"]["list"]["arch"]
        self.assertNotIn("sample=", arch)

    def test_lent_and_back(self):
        value = self.machine.total_value
        loan = self._create_loan()
        loan.action_lend()
        self.assertEqual(self.machine.total_value, value, "it stays ours")
        self.assertFalse(self._get_quants(self.stock_location, self.machine), "nobody sells or reserves it")
        self.assertFalse(self.env["after.sales.unit"].search([("lot_id", "=", self.lot.id)]))
        self._authorise()
        with self._quietly_refused(UserError, "still has a loaner"):
            self.ticket.action_done()
        with self._quietly_refused(UserError, "not free"):
            self._create_loan().action_lend()
        loan.action_come_back()
        self.assertEqual(self._get_quants(self.stock_location, self.machine).lot_id, self.lot)
        self.ticket.action_done()
        self.assertRecordValues(loan, [{"state": "back", "date_back": fields.Date.today()}])

    def test_its_condition_is_asked_when_it_comes_back(self):
        loan = self._create_loan(accessories="Charger")
        loan.action_lend()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_helpdesk.after_sales_loan_back_action"
        )
        Back = self.env[action["res_model"]].with_user(self.agent)
        with Form(Back.with_context(active_id=loan.id)) as form:
            self.assertEqual(form.accessories, "Charger")
            form.condition = "Charger is missing"
        form.record.action_come_back()
        self.assertRecordValues(loan, [{"state": "back", "condition": "Charger is missing"}])
        with self.assertRaises(AccessError):
            Back.with_user(self.technician_user).create({"loan_id": loan.id, "condition": "Fine"})

    def test_lent_when_the_work_was_done(self):
        """D75: a call is not closed over a loaner that went out, or a visit that was opened, after the work was done."""
        self._authorise()
        self.ticket.action_done()
        loan = self._create_loan()
        loan.action_lend()
        with self._quietly_refused(UserError, "still has a loaner"):
            self.ticket.action_close()
        loan.action_come_back()
        visit = self.env["after.sales.intervention"].create({"ticket_id": self.ticket.id})
        with self._quietly_refused(UserError, f"still has interventions: {visit.name}"):
            self.ticket.action_close()
        visit.unlink()
        self.ticket.action_close()
        self.assertEqual(self.ticket.state, "closed")

    def test_serial_is_named(self):
        with self._quietly_refused(UserError, "serial number"):
            self._create_loan(lot_id=False).action_lend()

    def test_left_with_the_customer_by_decision(self):
        loan = self._create_loan()
        loan.action_lend()
        with self._quietly_refused(AccessError, "manager"):
            loan.action_keep()
        loan = loan.with_user(self.manager)
        with self._quietly_refused(UserError, "why"):
            loan.action_keep()
        loan.keep_reason = "Given as compensation"
        loan.action_keep()
        unit = self.env["after.sales.unit"].search([("lot_id", "=", self.lot.id)])
        self.assertEqual(unit.partner_id, self.consumer)
        self._authorise()
        self.ticket.action_done()

    def test_late_loaners_are_reminded_once_a_week(self):
        late = self._create_loan(date_due=fields.Date.today() - relativedelta(days=1))
        late.action_lend()
        self.assertIn(late, self.env["after.sales.loan"].search([("is_late", "=", True)]))
        before = len(late.message_ids)
        for __ in range(2):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref("after_sales_helpdesk.ir_cron_remind_loans").method_direct_trigger()
        late.invalidate_recordset()
        self.assertEqual(len(late.message_ids), before + 1)
        self.assertEqual(late.activity_ids.user_id, self.agent)
        self.assertEqual(late.date_reminded, fields.Date.today())

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import AGENT, MANAGER
from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
class TestContractAlert(RenewalCommon):
    """D17 and law L15: who was told of which end, when and where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "after_sales_consumer_days": 30,
                "after_sales_ending_days": 30,
                "after_sales_responsible_days": 60,
            }
        )
        cls.business.email = "office@busy.example.com"

    def _job(self, day):
        self._run_job("ir_cron_contract_alerts", day)

    def _of(self, contract, kind):
        return contract.alert_ids.filtered(lambda alert: alert.kind == kind)

    def test_consumer_is_warned_in_time_once(self):
        """L15: thirty days before the last day of notice; businesses and explicit renewals are not."""
        contract, business = self._create_tacit(), self._create_tacit(partner_id=self.business.id)
        explicit = self._create_contract()
        self._job("2026-10-21")
        self.assertFalse(self._of(contract, "consumer"))
        for day in ("2026-10-22", "2026-10-23", "2026-11-30"):
            self._job(day)
        alert = self._of(contract, "consumer")
        self.assertRecordValues(
            alert,
            [
                {
                    "partner_id": self.consumer.id,
                    "email": "carla@example.com",
                    "date_notice": date(2026, 12, 1),
                    "date_limit": date(2026, 11, 1),
                    "date_end": date(2026, 12, 31),
                    "state": "sent",
                    "is_late": False,
                }
            ],
        )
        self.assertEqual(alert.date.date(), date(2026, 10, 22))
        mail = self.env["mail.mail"].search([("model", "=", alert._name), ("res_id", "=", alert.id)])
        self.assertEqual(len(mail), 1)
        self.assertIn(contract.name, mail.body_html)
        self.assertFalse(self._of(business, "consumer") | self._of(explicit, "consumer"))
        after = self._renew(contract)
        self.assertFalse(after.is_withdrawal_free)

    def test_renewed_before_the_warning_is_due(self):
        """L15: renewed by a run ahead of time, the consumer is warned all the same, as long as he can give notice."""
        with freeze_time("2026-09-01 10:00:00"):
            contract = self._create_tacit()
            after = self._renew(contract)
            self.assertFalse(after.is_withdrawal_free, "there is time to warn him")
        for day in ("2026-10-21", "2026-10-22", "2026-10-23"):
            self._job(day)
        alert = self._of(contract, "consumer")
        self.assertEqual(
            (len(alert), alert.date.date(), alert.date_limit, alert.is_late),
            (1, date(2026, 10, 22), date(2026, 11, 1), False),
        )
        with freeze_time("2026-11-05 10:00:00"):
            after.invalidate_recordset()
            self.assertFalse(after.is_withdrawal_free)
            late = self._create_tacit()
            self.assertTrue(self._renew(late).is_withdrawal_free)
        self._job("2026-11-06")
        self.assertTrue(self._of(late, "consumer").is_late)
        with freeze_time("2026-11-07 10:00:00"):
            contract._give_notice(contract._get_today())
            self.assertEqual((after.state, bool(contract.successor_id)), ("cancelled", False))

    @freeze_time("2026-11-20 10:00:00")
    def test_consumer_without_address_may_withdraw(self):
        """Not warned, or late: the renewal binds the company only."""
        self.consumer.email = False
        contract = self._create_tacit()
        self._job("2026-10-25")
        alert = self._of(contract, "consumer")
        self.assertEqual((alert.state, bool(alert.reason)), ("skipped", True))
        after = self._renew(contract)
        self.assertTrue(after.is_withdrawal_free)
        self.consumer.email = "new@example.com"
        with freeze_time("2026-11-20"):
            alert.with_user(self.manager).action_send_again()
        self.assertEqual((alert.state, alert.email, alert.is_late), ("sent", "new@example.com", True))
        after.invalidate_recordset()
        self.assertTrue(after.is_withdrawal_free)
        business = self._renew(self._create_tacit(partner_id=self.business.id))
        self.assertFalse(business.is_withdrawal_free)

    def test_ends_are_announced(self):
        """The customer by mail, the responsible by an activity; each logged with recipient and date."""
        user = self._create_user("resp", AGENT, lang="en_US")
        contract = self._create_contract(user_id=user.id)
        clerk = self._create_user("clerk", "base.group_user")
        orphan, foreign = self._create_contract(user_id=False), self._create_contract(user_id=clerk.id)
        tacit = self._create_tacit(user_id=user.id, partner_id=self.business.id)
        self._job("2026-12-02")
        self._job("2026-12-03")
        self.assertEqual(self._of(contract, "ending").partner_id, self.consumer)
        self.assertEqual(self._of(contract, "end").partner_id, user.partner_id)
        self.assertEqual(contract.activity_ids.user_id, user)
        self.assertEqual(contract.activity_ids.date_deadline, date(2026, 12, 31))
        self.assertEqual(self._of(orphan | foreign, "end").mapped("state"), ["skipped", "skipped"])
        self.assertFalse(foreign.activity_ids)
        self.assertFalse(tacit.alert_ids)  # its notice day has passed
        early = self._create_tacit(user_id=user.id, partner_id=self.business.id)
        self._job("2026-11-20")
        self.assertEqual(self._of(early, "notice").state, "sent")
        self.assertIn("Notice possible until", early.activity_ids.summary)

    def test_closed_and_renewed_contracts_are_silent(self):
        """D15: they leave the alerts too; zero days switch a kind off."""
        closed, renewed, noticed = self._create_contract(), self._create_tacit(), self._create_tacit()
        closed.date_closed = date(2026, 12, 20)
        noticed._give_notice(noticed._get_today())
        with freeze_time("2026-10-10"):
            self._renew(renewed)
        self._job("2026-12-05")
        self.assertFalse((closed | renewed | noticed).alert_ids)
        self.company.write({"after_sales_ending_days": 0, "after_sales_responsible_days": 0})
        quiet = self._create_contract()
        self._job("2026-12-06")
        self.assertFalse(quiet.alert_ids)

    def test_failing_mail_stops_no_other(self):
        one, two = self._create_tacit(), self._create_tacit()
        send = type(self.env["mail.template"]).send_mail

        def broken(template, res_id, **options):
            alert = self.env["after.sales.contract.alert"].browse(res_id)
            if alert.contract_id.id == one.id:
                raise ValueError("no way")
            return send(template, res_id, **options)

        with patch.object(type(self.env["mail.template"]), "send_mail", broken):
            self._job("2026-10-25")
        self.assertEqual(self._of(one, "consumer").state, "failed")
        self.assertEqual(self._of(one, "consumer").reason, "no way")
        self.assertEqual(self._of(two, "consumer").state, "sent")

    def test_mail_that_did_not_leave_is_no_warning(self):
        """What the mail server refuses later was not sent: the log says so, and the manager sends it again."""
        contract, other = self._create_tacit(), self._create_tacit()
        self._job("2026-10-22")
        alert = self._of(contract, "consumer")
        mails = self.env["mail.mail"].search([("model", "=", alert._name)])
        mine = mails.filtered(lambda mail: mail.res_id == alert.id)
        mine._postprocess_sent_message([], [], "No such mailbox", "mail_email_invalid")
        (mails - mine)._postprocess_sent_message([], ["carla@example.com"])
        self.assertRecordValues(alert, [{"state": "failed", "reason": "No such mailbox"}])
        self.assertEqual(self._of(other, "consumer").state, "sent")
        alert.with_user(self._create_user("alerts_again", MANAGER)).action_send_again()
        self.assertRecordValues(alert, [{"state": "sent", "reason": False}])

    def test_the_log_is_no_ones_to_write(self):
        agent = self._create_user("writer", AGENT)
        self._create_tacit()
        self._job("2026-10-25")
        alerts = self.env["after.sales.contract.alert"].search([])
        self.assertTrue(alerts.with_user(agent).mapped("email"))
        with self.assertRaises(AccessError):
            alerts[0].with_user(agent).email = "x@example.com"
        with self.assertRaises(AccessError):
            alerts[0].with_user(agent).action_send_again()
        with self.assertRaises(AccessError):
            alerts[0].with_user(self.manager).unlink()

    def test_letter_in_the_language_of_the_customer(self):
        """The letter says old and new prices and the index; it is mailed once, with its PDF."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.consumer.lang = "it_IT"
        index = self.env["after.sales.index"].create({"name": "FOI"})
        index.value_ids.create(
            [
                {"index_id": index.id, "month": month, "value": value}
                for month, value in ((date(2025, 11, 1), 100), (date(2026, 11, 1), 102))
            ]
        )
        rule = self._create_adjustment("index", index_id=index.id)
        contract = self._create_tacit()
        with freeze_time("2026-11-15"):
            run = self._open_run(contract, adjustment_id=rule.id)
            with self.assertRaisesRegex(Exception, "not approved"):
                run.action_send_letters()
            run.action_approve()
            run.action_send_letters()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("after_sales_contract.report_renewal_letter", run.line_ids.ids)[0]
            .decode()
        )
        for words in (contract.name, contract.successor_id.name, "FOI", "31/12/2026"):
            self.assertIn(words, html)
        self.assertRegex(html, r"1[.,]?224")
        report = self.env["ir.actions.report"]
        with patch.object(type(report), "_render_qweb_pdf", lambda *args, **kw: (b"%PDF-1.4", "pdf")):
            self._job("2026-11-16")
            self._job("2026-11-17")
        alert = self._of(contract, "letter")
        self.assertEqual((alert.state, alert.partner_id), ("sent", self.consumer))
        mail = self.env["mail.mail"].search(
            [("model", "=", "after.sales.renewal.line"), ("res_id", "=", run.line_ids.id)]
        )
        self.assertEqual(len(mail), 1)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertEqual(
            run.action_print_letters()["report_name"], "after_sales_contract.report_renewal_letter"
        )
        mail._postprocess_sent_message([], [], "Mailbox full", "mail_smtp")
        self.assertRecordValues(alert, [{"state": "failed", "reason": "Mailbox full"}])

    @freeze_time("2026-10-25")
    def test_statements_do_not_grow_with_what_is_not_due(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            alerts = self.env["after.sales.contract.alert"]
            domains = alerts._get_due_domains(self.company, date(2026, 10, 25))
            for domain in domains.values():
                found = self.env["after.sales.contract"].search(domain)
                self.assertFalse(found & mine)
            return self.cr.sql_log_count - before

        mine = self._create_tacit(date_start=date(2026, 10, 1) - timedelta(days=1))
        few = count()
        for __ in range(4):
            mine |= self._create_tacit(date_start=date(2026, 10, 1))
        self.assertEqual(count(), few)

from datetime import date, timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import AGENT, MANAGER
from .extension_common import ExtensionCommon

END = date(2028, 3, 10)


@tagged("post_install", "-at_install")
class TestExtensionNotice(ExtensionCommon):
    """Owners are written to once before their cover ends, whatever the job missed or did twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"after_sales_offer_days": 30, "after_sales_expiry_days": 0})
        cls.env["after.sales.unit"].search([]).write({"state": "ended"})
        cls.unit = cls._create_unit(serial="M1")
        cls.notices = cls.env["after.sales.notice"]

    def _run(self, day, company=None, kind="offer"):
        """The job of a day, without its commits."""
        self.patch(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 3600.0)
        before = self.notices.search([])
        with freeze_time(day):
            self.notices._cron_send()
        return self.notices.search([]) - before

    def _get_mails(self, notices):
        return self.env["mail.mail"].search([("model", "=", notices._name), ("res_id", "in", notices.ids)])

    def test_on_its_day_and_once(self):
        self.assertFalse(self._run(END - timedelta(days=31)))
        notice = self._run(END - timedelta(days=30))
        self.assertRecordValues(
            notice,
            [
                {
                    "kind": "offer",
                    "unit_id": self.unit.id,
                    "partner_id": self.consumer.id,
                    "email": "carla@example.com",
                    "state": "outgoing",
                    "date_end": END,
                }
            ],
        )
        mail = self._get_mails(notice)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.consumer)
        self.assertIn("M1", mail.body_html)
        self.assertIn(f"/my/units/{self.unit.id}?access_token={self.unit.access_token}", mail.body_html)
        self.assertIn("Extension 12", mail.body_html)
        self.assertIn("100.00", mail.body_html)
        for days in (30, 29, 1, 0):
            self.assertFalse(self._run(END - timedelta(days=days)), "never twice")
        self.company.after_sales_offer_days = 60
        self.assertFalse(self._run(END - timedelta(days=5)), "nor after a change of the days")

    def test_missed_days(self):
        self._run(END - timedelta(days=40))
        self.assertEqual(len(self._run(END - timedelta(days=3))), 1)

    def test_too_late(self):
        self._run(END - timedelta(days=40))
        self.assertFalse(self._run(END + timedelta(days=1)), "what is over is not extended")

    def test_killed_run_is_taken_up(self):
        other = self._create_unit(serial="M2", partner_id=self.business.id)
        self.business.email = "busy@example.com"
        self.patch(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 0)
        with freeze_time(END - timedelta(days=30)):
            self.notices._cron_send(batch_size=1)
            first = self.notices.search([("unit_id", "in", (self.unit | other).ids)])
            self.assertEqual(len(first), 1)
        self._run(END - timedelta(days=30))
        rows = self.notices.search([("unit_id", "in", (self.unit | other).ids)])
        self.assertEqual(rows.unit_id, self.unit | other)
        self.assertEqual(len(self._get_mails(rows)), 2)

    def test_one_mail_for_all_units_in_the_owner_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env.ref("after_sales_warranty.mail_template_extension_offer").with_context(
            lang="it_IT"
        ).subject = "La garanzia scade"
        self.consumer.lang = "it_IT"
        self._create_unit(serial="M2")
        notices = self._run(END - timedelta(days=30))
        self.assertEqual(len(notices), 2)
        mail = self._get_mails(notices)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.subject, "La garanzia scade")
        self.assertIn("M1", mail.body_html)
        self.assertIn("M2", mail.body_html)
        self.assertIn("10/03/2028", mail.body_html)

    def test_who_is_not_asked(self):
        declared = self.env["after.sales.waiver.declare"].create({"unit_id": self.unit.id, "kind": "offer"})
        declared.action_declare()
        self._create_unit(product_id=self.pump.id)
        self._create_unit(serial="M3")._end("gone")
        self._create_unit(serial="M4", partner_id=False)
        extended = self._create_unit(serial="M5")
        extended.warranty_ids._add_event("extension", date(2027, 1, 1), months=12)
        self.assertFalse(self._run(END - timedelta(days=30)))

    def test_blacklist_and_missing_address(self):
        self.env["mail.blacklist"]._add("carla@example.com")
        self._create_unit(serial="M6", partner_id=self.business.id)
        notices = self._run(END - timedelta(days=30))
        self.assertEqual(set(notices.mapped("state")), {"skipped"})
        self.assertEqual(len(notices), 2)
        self.assertTrue(all(notices.mapped("reason")))
        self.assertFalse(self._get_mails(notices))
        self.business.email = "busy@example.com"
        agent, manager = self._create_user("agent3", AGENT), self._create_user("manager3", MANAGER)
        self.assertFalse(notices.with_user(agent).has_access("write"))
        notices.with_user(manager).action_send_again()
        self.assertEqual(notices.mapped("partner_id.name"), ["Busy Ltd", "Carla Consumer"])
        self.assertEqual(notices.mapped("state"), ["outgoing", "skipped"])

    def test_a_failure_stops_nobody(self):
        other = self._create_unit(serial="M7", partner_id=self.business.id)
        self.business.email = "busy@example.com"
        send = type(self.env["mail.template"]).send_mail

        def failing(template, res_id, **kwargs):
            if self.notices.browse(res_id).partner_id == self.consumer:
                raise ValueError("no server")
            return send(template, res_id, **kwargs)

        self.patch(type(self.env["mail.template"]), "send_mail", failing)
        with mute_logger("odoo.addons.after_sales_warranty.models.after_sales_notice"):
            notices = self._run(END - timedelta(days=30))
        states = {notice.unit_id: (notice.state, notice.reason) for notice in notices}
        self.assertEqual(states, {self.unit: ("failed", "no server"), other: ("outgoing", False)})

    def test_switched_off(self):
        self.company.after_sales_offer_days = 0
        self.assertFalse(self._run(END - timedelta(days=10)))

    def test_expiry_without_extension(self):
        self.company.write({"after_sales_offer_days": 0, "after_sales_expiry_days": 10})
        self.service.active = False
        self.assertFalse(self._run(END - timedelta(days=11)))
        notice = self._run(END - timedelta(days=10))
        self.assertRecordValues(notice, [{"kind": "expiry", "state": "outgoing"}])
        self.assertEqual(self._get_mails(notice).subject, "Your warranty ends soon")

    def test_a_unit_that_was_away(self):
        """Its day passed while the unit was with us: it is told when the unit is back, and once."""
        self.unit._suspend(END - timedelta(days=40))
        self.assertFalse(self._run(END - timedelta(days=30)))
        self.assertFalse(self._run(END - timedelta(days=20)))
        self.unit._resume(END - timedelta(days=15))
        self.assertEqual(self._run(END - timedelta(days=14)).unit_id, self.unit)
        self.assertFalse(self._run(END - timedelta(days=13)))

    def test_a_cover_that_stands_still(self):
        """While the unit is in the workshop its last day moves on: the owner is told the day that holds."""
        self.term.repair_policy = "suspend"
        unit = self._create_unit(serial="M12", partner_id=self.business.id)
        self.business.email = "busy@example.com"
        with freeze_time(END - timedelta(days=40)):
            unit.warranty_ids._open_suspension(END - timedelta(days=40))
        unit.custody = "in_workshop"
        self.assertNotIn(unit, self._run(END - timedelta(days=30)).unit_id)
        self.assertNotIn(unit, self._run(END - timedelta(days=5)).unit_id)
        with freeze_time(END - timedelta(days=5)):
            unit._resume(END - timedelta(days=5))
        last = unit.warranty_ids.date_end
        self.assertEqual(last, END + timedelta(days=36))
        self.assertNotIn(unit, self._run(last - timedelta(days=31)).unit_id)
        notice = self._run(last - timedelta(days=30)).filtered(lambda row: row.unit_id == unit)
        self.assertEqual(notice.date_end, last)

    def test_another_cover_that_stands_still(self):
        """A cover that ends on its day while another one of the same end stands still: nothing ends yet."""
        self._create_term("The maker's", repair_policy="suspend")
        unit = self._create_unit(serial="M13")
        unit.warranty_ids.filtered(lambda w: w.repair_policy == "suspend")._open_suspension(
            END - timedelta(days=40)
        )
        self.assertNotIn(unit, self._run(END - timedelta(days=30)).unit_id)

    def test_a_cover_that_became_longer(self):
        """What was announced no longer holds: the new end is announced when its time comes, and once."""
        self.assertEqual(self._run(END - timedelta(days=30)).date_end, END)
        with freeze_time(END - timedelta(days=20)):
            self.unit.warranty_ids._add_event("extension", END - timedelta(days=20), months=12)
        longer = self.unit.warranty_ids.date_end
        self.assertFalse(self._run(END - timedelta(days=19)))
        self.assertEqual(self._run(longer - timedelta(days=30)).date_end, longer)
        self.assertFalse(self._run(longer - timedelta(days=29)))

    def test_a_cover_that_became_a_little_longer(self):
        """A day or two in the workshop are no reason to write to the owner a second time."""
        self.assertTrue(self._run(END - timedelta(days=30)))
        with freeze_time(END - timedelta(days=20)):
            self.unit.warranty_ids._add_event(
                "suspension", END - timedelta(days=22), date_to=END - timedelta(days=21)
            )
        self.assertEqual(self.unit.warranty_ids.date_end, END + timedelta(days=2))
        self.assertFalse(self._run(END - timedelta(days=19)))

    def test_an_owner_that_is_known_later(self):
        unknown = self._create_unit(serial="M8", partner_id=False)
        self._run(END - timedelta(days=30))
        self.assertFalse(self._run(END - timedelta(days=20)))
        unknown.partner_id = self.business
        self.assertEqual(self._run(END - timedelta(days=10)).unit_id, unknown)
        self.assertFalse(self._run(END - timedelta(days=9)))

    def test_an_extension_that_comes_on_sale_later(self):
        self.service.product_tmpl_id.sale_ok = False
        self.assertFalse(self._run(END - timedelta(days=30)))
        self.service.product_tmpl_id.sale_ok = True
        self.assertEqual(self._run(END - timedelta(days=20)).unit_id, self.unit)

    def test_two_covers_that_end_together_are_one_notice(self):
        self._create_term("The law's")
        self.unit._grant_warranties()
        self.assertEqual(self.unit.warranty_ids.mapped("date_end"), [END, END])
        self.assertEqual(len(self._run(END - timedelta(days=30))), 1)
        self.assertFalse(self._run(END - timedelta(days=29)))

    def test_each_kind_is_a_fact_of_its_own(self):
        self.company.after_sales_expiry_days = 10
        self.assertEqual(self._run(END - timedelta(days=30)).kind, "offer")
        notice = self._run(END - timedelta(days=10))
        self.assertEqual(notice.kind, "expiry")
        self.assertRecordValues(self.unit.warranty_ids, [{"expiry_notice_id": notice.id}])
        self.assertFalse(self._run(END - timedelta(days=9)))

    def test_only_what_is_due_is_looked_at(self):
        self._run(END - timedelta(days=30))
        with freeze_time(END - timedelta(days=29)):
            later = self._create_unit(serial="M9", delivery_date=date(2030, 1, 1)).warranty_ids
            reached = self._create_unit(serial="M11", delivery_date=date(2026, 3, 11)).warranty_ids
            domain = self.notices._get_due_domain(self.company, "offer", 30)
            warranties = self.env["after.sales.warranty"]
            due = warranties.search(domain)
            query = warranties._search(domain).select()
        self.assertIn(reached, due)
        self.assertNotIn(later, due)
        self.assertNotIn(self.unit.warranty_ids, due, "its owner was written to")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", query))
        self.assertNotIn("Seq Scan", "\n".join(line for (line,) in plan))

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, mute_logger

from .common import AGENT, ContractCommon


class TestPoolLife(ContractCommon):
    """D27..D29: periods, rollover and expiry, who is told, statements, top-ups."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consumer.email = "carla@example.com"
        cls.entries = cls.env["after.sales.pool.entry"]

    def _run_job(self, day):
        with freeze_time(f"{day} 09:00:00"), self.enter_registry_test_mode():
            self.env.ref("after_sales_contract.ir_cron_pools").method_direct_trigger()

    def _create_pool(self, **values):
        with freeze_time("2026-01-02"):
            contract = self._create_contract(
                **{"scope": "customer", "includes": (), "pool_hours": 10, **values}
            )
        return contract.pool_ids

    # === PERIODS === #

    def test_monthly_hours_roll_over_up_to_the_limit(self):
        """2 h a month, 1 h carried over: unused months do not add up, a job that slept catches up."""
        pool = self._create_pool(pool_hours=2, pool_period="month", pool_rollover=1)
        contract = pool.contract_id
        self.assertRecordValues(
            pool, [{"date_from": date(2026, 1, 1), "date_to": date(2026, 1, 31), "bought": 2.0}]
        )
        self.assertEqual(contract.pool_next_date, date(2026, 2, 1))
        self._run_job("2026-02-01")
        self.assertEqual(
            contract.pool_ids.mapped("balance"), [2.0, 2.0], "January can still be booked for three days"
        )
        self._run_job("2026-02-05")
        self.assertEqual(contract.pool_ids.mapped("balance"), [0.0, 3.0])
        self.assertEqual(sorted(pool.entry_ids.mapped("kind")), ["expire", "purchase", "rollover"])
        self._run_job("2026-05-06")
        self.assertEqual(contract.pool_ids.mapped("balance"), [0.0, 0.0, 0.0, 0.0, 3.0])
        self.assertEqual(contract.pool_balance, 3.0)
        self._run_job("2026-05-06")
        self.assertEqual(len(contract.pool_ids), 5)
        self._run_job("2027-02-01")
        self.assertEqual((len(contract.pool_ids), contract.pool_balance), (12, 0.0))
        self.assertFalse(contract.pool_next_date)

    def test_broken_period_has_its_part(self):
        pool = self._create_pool(
            pool_hours=31, pool_period="month", duration=45, duration_unit="day", interval_unit="month"
        )
        self._run_job("2026-02-03")
        self.assertEqual(pool.contract_id.pool_ids.mapped("bought"), [31.0, 15.5])

    def test_expired_without_rollover(self):
        pool = self._create_pool()
        pool._consume([{"name": "Visit", "quantity": 4}])
        self._run_job("2027-01-05")
        self.assertRecordValues(
            pool,
            [{"bought": 10.0, "used": 4.0, "expired": 6.0, "balance": 0.0, "closed_on": date(2027, 1, 5)}],
        )

    def test_guilty_pool_stops_nobody_else(self):
        """What fails is left, told and logged; the others are handled (as D01 asks of invoices)."""
        bad, good = self._create_pool(), self._create_pool()
        close = type(bad)._close

        def fail(pools, day):
            if pools == bad:
                raise UserError("Broken")
            return close(pools, day)

        with patch.object(type(bad), "_close", fail):
            self._run_job("2027-01-05")
        self.assertEqual((bad.balance, good.balance), (10.0, 0.0))
        self.assertIn("could not be kept up to date", bad.contract_id.activity_ids.mapped("summary")[0])
        self._run_job("2027-01-06")
        self.assertEqual(bad.balance, 0.0)

    # === WHO IS TOLD === #

    def test_each_threshold_is_told_once(self):
        """D27: 80 %, 100 %, beyond; to the responsible and to the customer, in his language; logged."""
        user = self._create_user("pool_owner", AGENT)
        pool = self._create_pool(user_id=user.id)
        self.assertFalse(pool.alert)
        pool._consume([{"name": "Visit", "quantity": 7.9}])
        self.assertFalse(pool.alert_ids)
        pool._consume([{"name": "Visit", "quantity": 0.1}])
        self.assertEqual(pool.alert_ids.threshold_id.mapped("value"), [80, 80])
        self.assertEqual(pool.alert_ids.partner_id, user.partner_id | self.consumer)
        self.assertEqual(set(pool.alert_ids.mapped("email")), {user.email, "carla@example.com"})
        self.assertEqual(pool.activity_ids.user_id, user)
        self.assertIn("2.00", pool.contract_id.pool_alert)
        pool._consume([{"name": "Visit", "quantity": 1}])
        self.assertEqual(len(pool.alert_ids), 2, "not told again")
        pool._consume([{"name": "Visit", "quantity": 3, "over": 2}])
        self.assertEqual(sorted(pool.alert_ids.threshold_id.mapped("value")), [80, 80, 100, 100, 110])
        told = pool.alert_ids.filtered("partner_id").threshold_id.mapped("value")
        self.assertEqual(sorted(told), [80, 80, 100, 110], "of two reached at once the higher one is told")
        mails = self.env["mail.mail"].search([("recipient_ids", "=", self.consumer.id)])
        self.assertEqual(len(mails), 2)

    def test_top_up_makes_it_tell_again(self):
        pool = self._create_pool()
        pool._consume([{"name": "Visit", "quantity": 9}])
        self.entries.create({"pool_id": pool.id, "name": "More", "quantity": 10})
        self.assertFalse(pool.alert_ids)
        self.assertFalse(pool.activity_ids)
        self.assertFalse(pool.alert)
        self.assertEqual(len(pool.with_context(active_test=False).alert_ids), 2, "the log stays")
        pool._consume([{"name": "Visit", "quantity": 8}])
        self.assertEqual(len(pool.alert_ids), 2)

    def test_customer_without_address(self):
        self.consumer.email = False
        pool = self._create_pool()
        pool._consume([{"name": "Visit", "quantity": 8}])
        self.assertEqual(pool.alert_ids.partner_id, pool.user_id.partner_id)

    def test_broken_template_stops_no_booking(self):
        pool = self._create_pool()
        logger = "odoo.addons.after_sales_contract.models.after_sales_pool_watch"
        broken = patch.object(type(self.env["mail.template"]), "send_mail", side_effect=ValueError("Broken"))
        with broken, mute_logger(logger):
            pool._consume([{"name": "Visit", "quantity": 8}])
        self.assertEqual(pool.balance, 2.0)
        self.assertEqual(pool.alert_ids.partner_id, pool.user_id.partner_id)

    def test_days_before_the_end(self):
        pool = self._create_pool()
        self._run_job("2026-11-30")
        self.assertFalse(pool.alert_ids)
        self._run_job("2026-12-01")
        self.assertEqual(pool.alert_ids.threshold_id.mapped("kind"), ["days"])
        self._run_job("2026-12-02")
        self.assertEqual(len(pool.alert_ids), 1)

    def test_own_thresholds_of_a_template(self):
        half = self.env["after.sales.pool.threshold"].create({"value": 50})
        template = self._create_contract_template(pool_hours=4, pool_threshold_ids=[Command.set(half.ids)])
        pool = self._create_pool(template_id=template.id, pool_hours=4)
        pool._consume([{"name": "Visit", "quantity": 2}])
        self.assertEqual(pool.alert_ids.threshold_id, half)

    # === STATEMENTS === #

    def test_statement_always_shows_total_used_left(self):
        """D29: opening + entries = left, month by month, also when a visit is cancelled after its statement."""
        pool = self._create_pool()
        rows = pool._consume(
            [
                {"name": "One", "quantity": 2, "date": date(2026, 1, 20)},
                {"name": "Two", "quantity": 3, "date": date(2026, 2, 3)},
            ]
        )
        self._run_job("2026-02-01")
        january = pool.statement_ids
        self.assertRecordValues(
            january,
            [
                {
                    "date_from": date(2026, 1, 1),
                    "date_to": date(2026, 1, 31),
                    "bought": 10.0,
                    "used": 2.0,
                    "balance": 8.0,
                }
            ],
        )
        self.assertEqual(january.email, "carla@example.com")
        self._run_job("2026-02-02")
        self.assertEqual(pool.statement_ids, january, "once a month")
        rows[0].unlink()
        late = {
            "pool_id": pool.id,
            "name": "Late",
            "kind": "consume",
            "quantity": -1,
            "date": date(2026, 1, 30),
        }
        self.entries.create(late)
        self._run_job("2026-03-01")
        february = pool.statement_ids - january
        self.assertRecordValues(
            february,
            [
                {
                    "opening": 8.0,
                    "bought": 10.0,
                    "used": 4.0,
                    "balance": 6.0,
                    "correction": 2.0,
                    "date_from": date(2026, 2, 1),
                }
            ],
        )
        self.assertEqual(sorted(february.entry_ids.mapped("name")), ["Late", "Two"])

    def test_closed_pool_tells_what_became_of_its_hours(self):
        """Bought, used, carried over and expired, on the pool, on its last statement and on both papers."""
        pool = self._create_pool(pool_hours=5, pool_period="month", pool_rollover=1)
        pool._consume([{"name": "One", "quantity": 2, "date": date(2026, 1, 20)}])
        self._run_job("2026-02-01")
        self._run_job("2026-02-05")
        figures = {"bought": 5.0, "used": 2.0, "passed_on": 1.0, "expired": 2.0, "balance": 0.0}
        self.assertRecordValues(pool, [figures])
        self.assertRecordValues(
            pool.contract_id.pool_ids - pool, [{"bought": 6.0, "passed_on": 0.0, "balance": 6.0}]
        )
        for day in ("2026-03-01", "2026-03-02", "2026-04-01"):
            self._run_job(day)
        first, last = pool.statement_ids.sorted("date_to")
        self.assertRecordValues(first, [{"bought": 5.0, "expired": 0.0, "balance": 3.0}])
        self.assertRecordValues(
            last, [{**figures, "opening": 3.0, "date_from": date(2026, 2, 1), "date_to": date(2026, 2, 5)}]
        )
        self.assertEqual(sorted(last.entry_ids.mapped("kind")), ["expire", "rollover"])
        report = self.env["ir.actions.report"]
        for ref, record in (("report_pool_statement", last), ("report_pool", pool)):
            text = report._render_qweb_html(f"after_sales_contract.{ref}", record.ids)[0].decode()
            for words in ("Carried over (h)", "Expired (h)", "Closed on", "5.00", "2.00", "1.00"):
                self.assertIn(words, text, ref)
        self.assertIn("expired: 2.00", self._render_statement_mail(last))

    def _render_statement_mail(self, statement):
        template = self.env.ref("after_sales_contract.mail_template_pool_statement")
        body = template._render_field("body_html", statement.ids)[statement.id]
        return " ".join(html2plaintext(body).split())

    def test_pool_that_is_closed_late_is_stated_until_its_last_day(self):
        """The job slept for months: the last statement is of the pool's days, and there is one."""
        pool = self._create_pool()
        pool._consume([{"name": "One", "quantity": 2, "date": date(2026, 11, 20)}])
        self._run_job("2026-12-01")
        for day in ("2027-05-06", "2027-05-07", "2027-06-01"):
            self._run_job(day)
        self.assertEqual(
            [(row.date_from, row.date_to) for row in pool.statement_ids.sorted("date_to")],
            [(date(2026, 1, 1), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 31))],
        )
        self.assertEqual(pool.statement_ids.sorted("date_to")[-1].expired, 8.0)

    def test_statement_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.consumer.lang = "it_IT"
        pool = self._create_pool()
        pool._consume([{"name": "Visita", "quantity": 2.5, "date": date(2026, 1, 20)}])
        statement = pool._make_statements(date(2026, 1, 31))
        report = self.env["ir.actions.report"]
        for ref, record in (("report_pool_statement", statement), ("report_pool", pool)):
            text = report._render_qweb_html(f"after_sales_contract.{ref}", record.ids)[0].decode()
            for figure in ("10,00", "2,50", "7,50", "Visita"):
                self.assertIn(figure, text, ref)

    # === TOP-UP === #

    def test_top_up_by_one_click(self):
        """D26: one click sells a package by order and adds it; cancelling takes it back unless it is used."""
        agent = self._create_user("pool_seller", AGENT)
        with freeze_time("2026-03-01"):
            pool = self._create_pool()
            pool.with_user(agent).action_top_up()
        order = pool.sale_line_ids.order_id
        self.assertRecordValues(
            order, [{"state": "sale", "partner_id": self.consumer.id, "amount_untaxed": 480.0}]
        )
        self.assertEqual((pool.bought, pool.balance), (20.0, 20.0))
        order.order_line.product_uom_qty = 5
        self.assertEqual(pool.bought, 15.0)
        order._action_cancel()
        self.assertEqual(pool.bought, 10.0)

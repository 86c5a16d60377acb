from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .registration_common import RegistrationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-10 10:00:00")
class TestRegistrationReward(RegistrationCommon):
    """What is given for a registration, once, and taken back."""

    def test_months_once(self):
        self._create_incentive(kind="months", months=6, deadline_days=90)
        warranty = self.unit.warranty_ids.filtered(lambda w: w.term_id == self.term)
        before = warranty.date_end
        registration = self._register()
        event = warranty.event_ids.filtered(lambda e: e.kind == "extension")
        self.assertRecordValues(
            event, [{"months": 6, "res_model": "after.sales.registration", "res_id": registration.id}]
        )
        self.assertEqual((before, warranty.date_end), (date(2028, 3, 10), date(2028, 9, 10)))
        self.assertIn("6 months more", self._get_mails(registration).body_html)
        incentive = registration.reward_ids.incentive_id.with_user(self.manager)
        self.assertEqual(incentive.reward_count, 1)
        rewards = self.env["after.sales.registration.reward"].with_user(self.manager)
        self.assertEqual(rewards.search(incentive.action_view_rewards()["domain"]), registration.reward_ids)
        self.assertIn("6 months more", registration.reward_ids.description)
        # Sold on: the next owner's registration gives nothing more.
        second = self._register(email="agent@example.com")
        second.with_user(self.agent).action_confirm()
        self.assertFalse(second.reward_ids)
        self.assertEqual(warranty.date_end, date(2028, 9, 10))

    def test_months_are_revoked(self):
        self._create_incentive(kind="months", months=6)
        registration = self._register()
        warranty = registration.reward_ids.warranty_id
        self.assertEqual(warranty.date_end, date(2028, 9, 10))
        registration.refusal_reason = "Forged."
        registration.with_user(self.agent).action_refuse()
        self.assertEqual(warranty.date_end, date(2028, 3, 10))
        self.assertEqual(registration.reward_ids.state, "revoked")
        self.assertEqual(self._register().reward_ids.state, "granted", "the true owner is rewarded")

    def test_voucher_once(self):
        program = self._create_program()
        self._create_incentive(kind="voucher", months=0, program_id=program.id, points=1, valid_days=30)
        registration = self._register()
        card = program.coupon_ids
        self.assertRecordValues(
            card, [{"partner_id": self.consumer.id, "points": 1.0, "expiration_date": date(2026, 6, 9)}]
        )
        self.assertIn(card.code, self._get_mails(registration).body_html)
        registration.refusal_reason = "Forged."
        registration.with_user(self.agent).action_refuse()
        self.assertEqual((card.active, card.points), (False, 0.0))

    def test_voucher_with_the_mail_of_its_program(self):
        """Odoo prints the voucher with its code as a bar code: a machine that cannot draw one must not stop us."""
        program = self._create_program()
        template = self.env.ref("loyalty.mail_template_loyalty_card")
        program.communication_plan_ids = [
            Command.create({"trigger": "create", "mail_template_id": template.id})
        ]
        self._create_incentive(kind="voucher", months=0, program_id=program.id, points=1)
        self._register()
        self.assertTrue(self._get_mails(program.coupon_ids).attachment_ids, "the printed voucher goes along")

    def test_scope_of_incentives(self):
        other = self.env["product.category"].create({"name": "Other"})
        table = [
            ({}, True),
            ({"deadline_days": 60}, False),
            ({"deadline_days": 61}, True),
            ({"date_from": date(2026, 5, 11)}, False),
            ({"date_to": date(2026, 5, 9)}, False),
            ({"date_from": date(2026, 5, 10), "date_to": date(2026, 5, 10)}, True),
            ({"categ_ids": other.ids}, False),
            ({"categ_ids": self.machine.categ_id.ids}, True),
            ({"product_tmpl_ids": self.machine.product_tmpl_id.ids}, True),
            ({"product_tmpl_ids": self.pump.product_tmpl_id.ids}, False),
        ]
        model = self.env["after.sales.registration.incentive"]
        for values, given in table:
            with self.subTest(values):
                incentive = self._create_incentive(**values)
                self.assertEqual(incentive in model._get_for_unit(self.unit, date(2026, 5, 10)), given)

    def test_nothing_to_extend(self):
        self._create_incentive(kind="months", months=6)
        self.unit.warranty_ids.filtered(lambda w: w.term_id == self.term)._add_event("void", date(2026, 4, 1))
        self.start_term.active = False
        self.unit.warranty_ids.filtered(lambda w: w.term_id == self.start_term).unlink()
        self.assertFalse(self._register().reward_ids)

    def test_incentive_without_reward(self):
        with mute_logger("odoo.sql_db"):
            for values in (
                {"kind": "voucher"},
                {"months": 0},
                {"date_from": "2026-02-01", "date_to": "2026-01-01"},
            ):
                with self.subTest(values), self.assertRaises(IntegrityError), self.cr.savepoint():
                    self._create_incentive(**values).flush_recordset()

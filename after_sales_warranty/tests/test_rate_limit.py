from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged

from .common import MANAGER


@tagged("post_install", "-at_install")
class TestRateLimit(TransactionCase):
    """Counting requests of public routes."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.limits = self.env["after.sales.rate.limit"].with_user(self.env.ref("base.public_user"))

    def test_limit_and_window(self):
        with freeze_time("2026-05-01 10:00:05"):
            answers = [self.limits._allow("form 203.0.113.7", 3, 60) for __ in range(5)]
            self.assertEqual(answers, [True, True, True, False, False])
            self.assertTrue(self.limits._allow("form 203.0.113.8", 3, 60), "another caller")
            self.assertTrue(self.limits._allow("other 203.0.113.7", 3, 60), "another route")
        with freeze_time("2026-05-01 10:01:01"):
            self.assertTrue(self.limits._allow("form 203.0.113.7", 3, 60), "the next minute")

    def test_one_row_a_window_without_address(self):
        before = self.limits.sudo().search_count([])
        for __ in range(20):
            self.limits._allow("form 203.0.113.7", 3, 3600)
        rows = self.limits.sudo().search([])
        self.assertLessEqual(len(rows), before + 2, "one window, two when the hour just changed")
        self.assertNotIn("203.0.113.7", str(rows.mapped("key")))

    def test_hostile_keys(self):
        for key in (
            "x" * 100_000,
            "' OR 1=1 --",
            "\x00",
            "日本語",
            "\ud800".encode("utf-8", "replace").decode(),
        ):
            with self.subTest(key[:10]):
                self.assertTrue(self.limits._allow(key, 1, 3600))

    def test_rows_go_away(self):
        self.limits._allow("form", 3, 60)
        rows_sudo = self.limits.sudo()
        row = rows_sudo.search([], order="id desc", limit=1)
        rows_sudo._gc_expired()
        self.assertTrue(row.exists())
        with freeze_time(fields.Datetime.now() + timedelta(minutes=3)):
            done, remaining = rows_sudo._gc_expired()
        self.assertFalse(row.exists())
        self.assertGreaterEqual(done, 1)
        self.assertFalse(remaining)

    def test_nobody_reads_it(self):
        user = new_test_user(self.env, login="limit-manager", groups=MANAGER)
        with self.assertRaises(AccessError):
            self.limits.with_user(user).search([])

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestNumbers(TransactionCase):
    """Documents of a batch get the numbers that ``next_by_code`` would give them one by one."""

    def setUp(self):
        super().setUp()
        self.Sequence = self.env["ir.sequence"]
        # of this test alone: what a sequence of PostgreSQL gave away comes back with no rollback
        self.sequence = self.Sequence.create(
            {
                "name": "Test",
                "code": "after.sales.test",
                "prefix": "T/%(range_year)s/",
                "padding": 3,
                "use_date_range": True,
                "company_id": False,
                "date_range_ids": [
                    Command.create({"date_from": "2025-01-01", "date_to": "2025-12-31"}),
                    Command.create({"date_from": "2026-01-01", "date_to": "2026-12-31"}),
                ],
            }
        )

    def test_same_numbers_as_one_by_one(self):
        dated = self.Sequence.with_context(ir_sequence_date="2025-06-01")
        self.assertEqual(dated.next_by_code("after.sales.test"), "T/2025/001")
        self.assertEqual(dated._next_numbers("after.sales.test", 2), ["T/2025/002", "T/2025/003"])
        self.assertEqual(dated.next_by_code("after.sales.test"), "T/2025/004")
        later = self.Sequence.with_context(ir_sequence_date="2026-06-01")
        self.assertEqual(later._next_numbers("after.sales.test", 1), ["T/2026/001"])

    def test_sequence_is_that_of_now(self):
        """Which one it is is remembered, until one is made, changed, archived or deleted."""
        self.sequence.write({"use_date_range": False, "prefix": "T/"})
        self.assertEqual(self.Sequence._next_numbers("after.sales.test", 1), ["T/001"])
        with self.assertQueryCount(1):
            self.Sequence._next_numbers("after.sales.test", 1)
        own = self.Sequence.create({"name": "Own", "code": "after.sales.test", "prefix": "O/"})
        self.assertEqual(own.company_id, self.env.company)
        self.assertEqual(self.Sequence._next_numbers("after.sales.test", 1), ["O/1"])
        own.active = False
        self.assertEqual(self.Sequence._next_numbers("after.sales.test", 1), ["T/003"])
        own.active = True
        self.assertEqual(self.Sequence._next_numbers("after.sales.test", 1), ["O/2"])
        own.unlink()
        self.sequence.code = "after.sales.other"
        self.assertEqual(self.Sequence._next_numbers("after.sales.test", 1), [False])
        self.assertEqual(self.Sequence._next_numbers("after.sales.other", 1), ["T/004"])

    def test_sequence_without_ranges_and_without_sequence(self):
        self.sequence.write({"use_date_range": False, "prefix": "T/"})
        self.assertEqual(self.Sequence._next_numbers("after.sales.test", 2), ["T/001", "T/002"])
        self.assertEqual(self.Sequence._next_numbers("after.sales.none", 2), [False, False])

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.Sequence.create(
            {"name": "Own", "code": "after.sales.test", "prefix": "O/", "company_id": other.id}
        )
        dated = self.Sequence.with_context(ir_sequence_date="2025-06-01")
        self.assertEqual(dated.with_company(other)._next_numbers("after.sales.test", 2), ["O/1", "O/2"])
        self.assertEqual(dated._next_numbers("after.sales.test", 1), ["T/2025/001"])

    def test_one_statement_a_number(self):
        dated = self.Sequence.with_context(ir_sequence_date="2025-06-01")
        dated._next_numbers("after.sales.test", 1)
        with self.assertQueryCount(1 + 10):
            dated._next_numbers("after.sales.test", 10)

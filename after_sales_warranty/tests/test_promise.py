from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import AGENT, MANAGER, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestPromise(AfterSalesCommon):
    """What was promised is kept word for word, once for all units that it was promised with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.fault = cls.env.ref("after_sales_warranty.after_sales_fault_s41")
        cls.term = cls._create_term(
            conditions="<p>Keep it dry.</p>", excluded_fault_ids=[Command.link(cls.fault.id)]
        )
        cls.manager = cls._create_user("promise_manager", MANAGER)
        cls.agent = cls._create_user("promise_agent", AGENT)

    def _give(self, serial):
        return self._create_unit(serial=serial).warranty_ids

    def test_same_words_are_one_promise(self):
        first, second = self._give("P1"), self._give("P2")
        self.assertEqual(first.promise_id, second.promise_id)
        self.assertEqual(second.excluded_fault_ids, self.fault)
        self.assertIn("Keep it dry", second.conditions)

    def test_any_change_of_the_term_is_another_promise(self):
        """A number, a relation, a text, a translation alone: what was given stays, what follows has the new words."""
        changes = [
            lambda: self.term.write({"labour_share": 50}),
            lambda: self.term.write({"excluded_fault_ids": [Command.clear()]}),
            lambda: self.term.write({"conditions": "<p>Keep it cool.</p>"}),
            lambda: self.term.update_field_translations("name", {"it_IT": "Due anni"}),
        ]
        given = [self._give("P0")]
        kept = given[0].read(["name", "labour_share", "excluded_fault_ids", "conditions", "kind"])
        for number, change in enumerate(changes, 1):
            change()
            given.append(self._give(f"P{number}"))
        self.assertEqual(len({warranty.promise_id for warranty in given}), 5)
        self.assertEqual(kept, given[0].read(list(kept[0])))
        self.assertEqual(given[0].with_context(lang="it_IT").name, "Two years")
        self.assertEqual(given[4].with_context(lang="it_IT").name, "Due anni")
        self.assertEqual(given[2].labour_share, 50)
        self.assertFalse(given[2].excluded_fault_ids)

    def test_back_to_the_words_before(self):
        first = self._give("P1")
        self.term.part_share = 50
        self._give("P2")
        self.term.part_share = 100
        self.assertEqual(self._give("P3").promise_id, first.promise_id)

    def test_one_warranty_is_changed_alone(self):
        first, second = self._give("P1"), self._give("P2")
        first.with_user(self.manager).write({"part_share": 40, "excluded_fault_ids": [Command.clear()]})
        self.assertEqual((first.part_share, second.part_share), (40, 100))
        self.assertEqual((len(first.excluded_fault_ids), len(second.excluded_fault_ids)), (0, 1))
        self.assertIn("Keep it dry", first.conditions)
        own = first.promise_id
        first.with_user(self.manager).kind = "legal"
        self.assertEqual((first.kind, second.kind, first.promise_id), ("legal", "conventional", own))

    def test_what_many_share_is_nobody_s_to_change(self):
        promise = self._give("P1").promise_id
        with self.assertRaisesRegex(UserError, "many units"):
            promise.with_user(self.manager).part_share = 10
        with self.assertRaises(AccessError):
            promise.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            promise.with_user(self.agent).part_share = 10
        with self.assertRaises(AccessError):
            promise.with_user(self.agent).copy()
        self.assertEqual(promise.with_user(self.agent).part_share, 100)

    def test_other_company(self):
        self.term.company_id = self.company
        promise = self._give("P1").promise_id
        stranger = self._create_user("promise_stranger", MANAGER)
        other = self.env["res.company"].create({"name": "Other"})
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["conditions"])

    def test_by_hand(self):
        """What a manager promises without a term is of that warranty alone."""
        unit = self._create_unit(serial="P1")
        made = (
            self.env["after.sales.warranty"]
            .with_user(self.manager)
            .create(
                [
                    {"unit_id": unit.id, "name": "Favour", "kind": "extension", "duration": months}
                    for months in (6, 12)
                ]
            )
        )
        self.assertEqual(made.mapped("duration"), [6, 12])
        self.assertEqual(made.mapped("kind"), ["extension"] * 2)
        self.assertEqual(len(set(made.mapped("access_code"))), 2)
        self.assertFalse(any(made.promise_id.mapped("digest")))

    def test_words_of_nothing_are_swept_away(self):
        kept = self._give("P1").promise_id
        self.term.part_share = 50
        pending = self._give("P2")
        swept = pending.promise_id
        pending.with_context(after_sales_give_way=True).unlink()
        self.env["after.sales.warranty.promise"]._gc_promises()
        self.assertTrue(kept.exists())
        self.assertFalse(swept.exists())

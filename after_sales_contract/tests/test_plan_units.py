from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from .common import AGENT, TECHNICIAN, ContractCommon


@freeze_time("2026-05-10")
class TestPlanUnits(ContractCommon):
    """CT-10: units that join and leave a contract in force, and what that costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("unit_agent", AGENT)
        cls.first, cls.second = (
            cls._create_unit(serial=f"U-{n}", delivery_date=date(2025, 1, 1)) for n in (1, 2)
        )
        cls.contract = cls._create_contract(
            units=[cls.first, cls.second],
            line_ids=[Command.create({"product_id": cls.fee.id, "price_unit": 364.0, "pricing": "per_unit"})],
        )
        cls.Candidate = cls.env["after.sales.contract.candidate"]

    def _rows(self, **values):
        rows = self.contract.instalment_ids.filtered(
            lambda row: row.state == "planned" and all(row[name] == value for name, value in values.items())
        )
        return rows.sorted("date_from")

    def _bill_half(self):
        self._billed(*self._rows()[:2])

    # === JOINING ===#

    def test_purchase_is_proposed(self):
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "NEW-1")])
        candidate = self.Candidate.search([("unit_id", "=", unit.id)])
        self.assertRecordValues(
            candidate,
            [
                {
                    "contract_id": self.contract.id,
                    "state": "proposed",
                    "date_from": date(2026, 5, 10),
                    "days": 236,
                    "amount": 234.0,  # 52 of 91 days of the quarter at 91.00, then two quarters
                }
            ],
        )
        self.assertEqual(len(self.contract.activity_ids), 1)
        self._deliver(self.machine, lots=[self._create_lot(self.machine, "NEW-2")])
        self.assertEqual(len(self.contract.activity_ids), 1)
        self.assertEqual(self.contract.candidate_count, 2)

    def test_accepted_in_a_billed_quarter(self):
        """The days of the quarter that is billed already come as a row of their own; the rest joins the plan."""
        self._bill_half()
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "NEW-1")])
        candidate = self.Candidate.search([("unit_id", "=", unit.id)]).with_user(self.agent)
        before = self.contract.amount_untaxed
        candidate.action_accept()
        self.assertEqual((candidate.state, candidate.cover_id.unit_id), ("accepted", unit))
        self.assertAlmostEqual(self.contract.amount_untaxed - before, 234.0)
        added = self._rows(correction=1)
        self.assertRecordValues(
            added,
            [{"date_from": date(2026, 5, 10), "date_to": date(2026, 6, 30), "days": 52, "amount": 52.0}],
        )
        self.assertIn("(52 days)", added.description)
        self.assertEqual(self._rows(correction=0).mapped("amount"), [182.0, 182.0, 273.0, 273.0])
        self.assertFalse(self.contract.activity_ids)
        self.assertFalse(self.contract.is_plan_outdated)
        with self.assertRaisesRegex(UserError, "decided already"):
            candidate.action_accept()

    def test_proposed_to_the_cent(self):
        """What is proposed is what the price rises by, though each sum is rounded by itself."""
        for number, price in enumerate((91.01, 33.33, 10.05, 7.77)):
            self.contract.line_ids.price_unit = price
            self.contract._sync_plan()
            unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, f"CENT-{number}")])
            candidate = self.Candidate.search([("unit_id", "=", unit.id)])
            proposed, before = candidate.amount, self.contract.amount_untaxed
            candidate.action_accept()
            self.assertAlmostEqual(self.contract.amount_untaxed - before, proposed, 2, f"at {price}")

    def test_refused_with_a_reason(self):
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "NEW-1")])
        candidate = self.Candidate.search([("unit_id", "=", unit.id)]).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "reason"):
            candidate.action_refuse()
        candidate.reason = "A demonstration machine"
        candidate.action_refuse()
        self.assertFalse(unit.cover_ids)
        self.assertFalse(self.contract.activity_ids)
        reader = self._create_user("unit_reader", TECHNICIAN)
        self.assertEqual(candidate.with_user(reader).state, "refused")
        with self.assertRaises(UserError):
            candidate.with_user(reader).action_accept()

    def test_by_policy(self):
        self.contract.inclusion_policy = "include"
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "AUTO-1")])
        self.assertEqual(self.contract.cover_ids[-1].unit_id, unit)
        self.contract.inclusion_policy = "ignore"
        other = self._deliver(self.machine, lots=[self._create_lot(self.machine, "AUTO-2")])
        foreign = self._deliver(
            self.machine, lots=[self._create_lot(self.machine, "AUTO-3")], partner=self.business
        )
        self.assertFalse(self.Candidate.search([("unit_id", "in", (other | foreign).ids)]))

    def test_after_the_warranty(self):
        self._create_term(duration=3, product_tmpl_ids=False)
        self.contract.cover_policy = "warranty_end"
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "W-1")])
        candidate = self.Candidate.search([("unit_id", "=", unit.id)])
        self.assertEqual((unit.warranty_end, candidate.date_from), (date(2026, 8, 10), date(2026, 8, 11)))

    def test_nothing_is_proposed_after_the_end(self):
        """A warranty that outlasts the contract leaves no day to propose."""
        self._create_term(duration=24, product_tmpl_ids=False)
        self.contract.cover_policy = "warranty_end"
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "LONG-1")])
        self.assertFalse(self.Candidate.search([("unit_id", "=", unit.id)]))
        self.contract.inclusion_policy = "include"
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "LONG-2")])
        self.assertFalse(unit.cover_ids)
        later = self._create_contract(date_start=date(2028, 1, 1), cover_policy="warranty_end")
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "LONG-3")])
        self.assertEqual(self.Candidate.search([("unit_id", "=", unit.id)]).contract_id, later)

    def test_contract_in_force_comes_first(self):
        """One that starts in 2028 and covers units like it too is not the one for a unit of today."""
        self._create_contract(units=[self._create_unit(serial="U-8")], date_start=date(2028, 1, 1))
        self.contract.cover_ids = [Command.clear(), Command.create({"product_id": self.pump.id})]
        unit = self._deliver(self.machine, lots=[self._create_lot(self.machine, "NOW-1")])
        self.assertEqual(self.Candidate.search([("unit_id", "=", unit.id)]).contract_id, self.contract)

    # === LEAVING ===#

    def test_returned_with_credit(self):
        """Billed until the end of June, gone on 10 May: 51 days are credited, the later quarters are lower."""
        self._bill_half()
        self.second._end("Returned with WH/IN/1.", custody="returned")
        cover = self.contract.cover_ids.filtered(lambda c: c.unit_id == self.second)
        self.assertEqual((cover.date_to, cover.leave_reason), (date(2026, 5, 10), "Returned with WH/IN/1."))
        credit = self._rows(correction=1)
        self.assertRecordValues(credit, [{"date_from": date(2026, 5, 11), "days": 51, "amount": -51.0}])
        self.assertIn("Credit for", credit.description)
        self.assertEqual(self._rows(correction=0).mapped("amount"), [182.0, 182.0, 91.0, 91.0])
        self.assertAlmostEqual(sum(self._rows().mapped("amount")), self.contract.amount_untaxed)

    def test_left_without_credit(self):
        self.contract.leave_policy = "period"
        self._bill_half()
        self.second._withdraw("stolen", date(2026, 5, 9), "Stolen on the site.")
        cover = self.contract.cover_ids.filtered(lambda c: c.unit_id == self.second)
        self.assertEqual((cover.date_to, cover.date_priced_to), (date(2026, 5, 8), date(2026, 6, 30)))
        self.assertFalse(self._rows(correction=1))
        self.assertEqual(self._rows().mapped("amount"), [182.0, 182.0, 91.0, 91.0])

    def test_sold_to_somebody_else(self):
        self.second._change_owner(self.business, date(2026, 5, 10))
        cover = self.contract.cover_ids.filtered(lambda c: c.unit_id == self.second)
        self.assertEqual(cover.date_to, date(2026, 5, 9))
        theirs = self._create_contract(partner_id=self.business.id, units=self.second)
        self.assertEqual(theirs.cover_ids.date_from, date(2026, 5, 10), "not before it is his")
        theirs.cover_ids.unlink()
        wizard = self.env["after.sales.contract.add.units"].create(
            {"contract_id": theirs.id, "date_from": date(2026, 5, 1), "unit_ids": self.second.ids}
        )
        wizard.action_add()
        self.assertEqual(theirs.cover_ids.date_from, date(2026, 5, 10))
        self.first.partner_id = self.env["res.partner"].create({"name": "Son", "parent_id": self.consumer.id})
        self.assertFalse(self.contract.cover_ids.filtered(lambda c: c.unit_id == self.first).date_to)
        self.second._change_owner(self.consumer, date(2026, 5, 20))
        self.contract.cover_ids = [
            Command.create({"unit_id": self.second.id, "date_from": date(2026, 5, 20)})
        ]
        self.assertEqual(len(self.contract.cover_ids), 3, "it may come back")

    def test_replacement_takes_over(self):
        heir = self._create_unit(serial="U-3")
        self._bill_half()
        self.second._replace_with(heir, date(2026, 5, 10))
        cover = self.contract.cover_ids.filtered(lambda c: c.unit_id == heir)
        self.assertEqual((cover.date_from, cover.date_to), (date(2026, 5, 11), False))
        self.assertFalse(self._rows(correction=1), "one for one: nothing to bill or to credit")
        self.assertEqual(self._rows().mapped("amount"), [182.0] * 4)

    def test_part_of_a_quantity_returns(self):
        units = self._deliver(self.pump, 4.0)
        candidate = self.Candidate.search([("unit_id", "=", units.id)])
        self.assertEqual(candidate.amount, 4 * 234.0)
        candidate.action_accept()
        move = units.move_id
        back = self._prepare_move(
            self.pump,
            1.0,
            location_id=self.customer_location.id,
            location_dest_id=self.stock_location.id,
            origin_returned_move_id=move.id,
            to_refund=True,
        )
        with freeze_time("2026-06-30"):
            back._action_done()
        self.assertEqual(units.quantity, 3.0)
        covers = self.contract.cover_ids.filtered(lambda c: c.unit_id == units).sorted("date_from")
        self.assertEqual(covers.mapped("quantity"), [4.0, 3.0])
        self.assertEqual(covers.mapped("date_from"), [date(2026, 5, 10), date(2026, 7, 1)])

    def test_early_end_settles_the_price(self):
        """A unit that leaves a contract that ends anyway is no second reason for a credit."""
        self._bill_half()
        self.contract.date_closed = date(2026, 5, 10)
        self.second._end("Returned.", custody="returned")
        self.assertFalse(self._rows(correction=1))

    def test_contract_that_cannot_follow(self):
        """The goods come back whatever the contract says; its responsible is told what is left to do."""
        with patch.object(type(self.contract), "_sync_plan", side_effect=UserError("No way")):
            self.second._end("Returned.", custody="returned")
        self.assertEqual(self.second.state, "ended")
        self.assertIn("No way", self.contract.activity_ids.note)

    def test_joining_after_the_early_end_was_agreed(self):
        """The contract ends in June, its settlement is done: a unit that still joins pays until then, billed or not."""
        for billed in (0, 2, 3, 4):
            with self.subTest(billed=billed):
                contract = self._create_contract(
                    units=[self.first],
                    line_ids=[
                        Command.create(
                            {"product_id": self.fee.id, "price_unit": 364.0, "pricing": "per_unit"}
                        )
                    ],
                )
                self._billed(*contract.instalment_ids.sorted("date_from")[:billed])
                contract._stop(date(2026, 6, 20))
                served = sum(
                    contract.instalment_ids.filtered(lambda row: row.state == "planned").mapped("amount")
                )
                self.assertAlmostEqual(served, 172.0, msg="91 and 81 of 91 days")
                unit = self._create_unit(serial=f"J-{billed}", delivery_date=date(2025, 1, 1))
                contract.cover_ids = [Command.create({"unit_id": unit.id, "date_from": date(2026, 6, 1)})]
                contract._sync_plan()
                total = sum(
                    contract.instalment_ids.filtered(lambda row: row.state == "planned").mapped("amount")
                )
                self.assertAlmostEqual(total - served, 20.0, msg="20 of 91 days")
                self.assertAlmostEqual(contract.amount_untaxed, total)

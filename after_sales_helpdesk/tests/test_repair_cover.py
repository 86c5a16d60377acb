from datetime import date, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common_field import DAY, FieldCommon
from .common_workshop import WorkshopCommon


class RepairCover:
    """D60, L34: what a repair put in has a warranty of its own, in companies that give one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.after_sales_repair_months = 12
        cls._create_term()

    @classmethod
    def _get_covers(cls, unit):
        return unit.warranty_ids.filtered(lambda warranty: warranty.kind == "repair")


@tagged("post_install", "-at_install")
class TestVisitCover(RepairCover, FieldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_unit(serial="RC-1", delivery_date=date(2020, 3, 10))

    def _visit(self, *parts, **values):
        visit = self._create_visit(self.technician_user, **{"unit_id": self.unit.id, **values})
        for part in parts:
            self._add_part(visit, part)
        return visit

    def test_technician_finishes(self):
        base = self.unit.warranty_ids
        end = base.date_end
        visit = self._visit(self.part_a)
        self._add_part(visit, self.part_b).is_fitted = False
        # It is 00:30 of the next day in Rome when he is done.
        with freeze_time("2026-03-11 23:45:00"):
            self._add_session(visit, "work", 11, 12)
            self._add_session(visit, "work", 22, 23.5)
            charges = self._finish(visit)
        cover = self._get_covers(self.unit)
        self.assertRecordValues(
            cover,
            [
                {
                    "covered_product_ids": self.part_a.ids,
                    "date_start": date(2026, 3, 12),
                    "date_end": date(2027, 3, 12),
                    "state": "pending",
                }
            ],
        )
        event = cover.event_ids
        self.assertEqual((event.res_model, event.res_id), (visit._name, visit.id))
        self.assertIn(visit.name, event.reason)
        self.assertEqual(charges.filtered(lambda c: c.kind == "part").amount_customer, 120.0)
        self.assertEqual((self.unit.warranty_ids - cover, base.date_end), (base, end))

    def test_the_next_call_is_covered_for_the_part_alone(self):
        self._finish(self._visit(self.part_a))
        cover = self._get_covers(self.unit)
        with freeze_time("2026-05-11 09:00:00"):
            start = DAY + timedelta(days=61)
            visit = self._visit(self.part_a, self.part_b, date_start=start, date_end=False)
            charges = self._finish(visit).grouped("product_id")
        same, other = charges[self.part_a], charges[self.part_b]
        self.assertEqual(
            (same.allocation_ids.mapped("payer"), same.amount_customer, same.regime_id.code),
            (["warranty"], 0.0, "warranty"),
        )
        self.assertIn(cover._get_title(), same.reason)
        self.assertEqual(
            (other.allocation_ids.mapped("payer"), other.amount_customer, other.regime_id.code),
            (["customer"], 18.4, "post_warranty"),
        )
        with freeze_time("2027-04-11 09:00:00"):
            start = DAY + timedelta(days=396)
            late = self._finish(self._visit(self.part_a, date_start=start, date_end=False))
        self.assertEqual(late.filtered("product_id").amount_customer, 0.0, "from the second repair")

    def test_reopened_and_finished_again(self):
        visit = self._visit(self.part_a)
        self._finish(visit)
        first = self._get_covers(self.unit)
        visit.with_user(self.agent).action_reopen()
        self.assertRecordValues(first, [{"state": "void", "ended_by": "void"}])
        event = first.event_ids.filtered(lambda e: e.kind == "void")
        self.assertIn("reopened", event.reason)
        self._add_part(visit, self.part_b)
        visit.action_done()
        second = self._get_covers(self.unit) - first
        self.assertEqual(second.covered_product_ids, self.part_a | self.part_b)
        self.assertEqual(second.state, "active")
        visit.sudo()._cover_fitted_parts()
        self.assertEqual(self._get_covers(self.unit), first | second, "never twice")

    def test_what_a_manager_took_away_is_not_given_again(self):
        visit = self._visit(self.part_a)
        self._finish(visit)
        cover = self._get_covers(self.unit)
        cover.sudo()._add_event("void", date(2026, 3, 11), reason="Tampered with")
        visit.with_user(self.agent).action_reopen()
        visit.action_done()
        self.assertEqual(self._get_covers(self.unit), cover)

    def test_nothing_to_cover(self):
        ended, archived = (
            self._create_unit(serial=serial, delivery_date=date(2020, 3, 10)) for serial in ("RC-2", "RC-3")
        )
        ended._end("Scrapped", custody="scrapped")
        archived.active = False
        for unit in (ended, archived, self.env["after.sales.unit"]):
            self._finish(self._visit(self.part_a, unit_id=unit.id))
        self._finish(self._visit())
        self.company.after_sales_repair_months = 0
        self._finish(self._visit(self.part_a))
        self.assertFalse(self.env["after.sales.warranty"].search([("kind", "=", "repair")]))

    def test_each_company_gives_its_own(self):
        self.env["res.company"].create({"name": "Other Service", "after_sales_repair_months": 0})
        self._finish(self._visit(self.part_a))
        self.assertTrue(self._get_covers(self.unit))
        self.company.after_sales_repair_months = 0
        self.env["res.company"].search([]).filtered(lambda c: c != self.company).after_sales_repair_months = 6
        unit = self._create_unit(serial="RC-4", delivery_date=date(2020, 3, 10))
        self._finish(self._visit(self.part_a, unit_id=unit.id))
        self.assertFalse(self._get_covers(unit))

    def test_a_part_with_a_record_of_its_own(self):
        """Its new unit has the warranty of any unit; only where that is shorter the repair gives its own."""
        for months, given in ((24, 0), (3, 1)):
            self.env["after.sales.warranty.term"].search([]).duration = months
            child = self._create_unit(
                serial=f"CH-{months}",
                product_id=self.pump.id,
                parent_id=self.unit.id,
                delivery_date=date(2020, 3, 10),
            )
            self.env["stock.quant"]._update_available_quantity(self.pump, self.van, 1)
            self.pump.lst_price = 80.0
            visit = self._visit()
            part = self._add_part(visit, self.pump, removed_serial=child.serial)
            self._finish(visit)
            self.assertTrue(part.fitted_unit_id)
            with self.subTest(months):
                self.assertEqual(len(self._get_covers(part.sudo().fitted_unit_id)), given)
        self.assertFalse(self._get_covers(self.unit))

    def test_months_are_looked_at_once(self):
        """Without the setting a finished visit costs nothing more; with it, parts are not looked for one by one."""
        for part in (self.part_a, self.part_b):
            self.env["stock.quant"]._update_available_quantity(part, self.van, 40)
        few, many = self._visit(*[self.part_a] * 2), self._visit(*[self.part_a, self.part_b] * 10)
        for visit in (few, many):
            visit.action_plan()
            visit.action_start()
            visit.check_ids.is_done = True
            visit.outcome = "solved"
            visit._get_fitted_parts()._consume()
            visit.date_done = visit.date_start
        counts = [self._count_statements(visit._cover_fitted_parts) for visit in (few, many)]
        self.assertLessEqual(counts[1] - counts[0], 2, "the row of the second part")
        self.company.after_sales_repair_months = 0
        visit = self._visit(self.part_a)
        visit._cover_fitted_parts()
        with self.assertQueryCount(0):
            visit._cover_fitted_parts()


@tagged("post_install", "-at_install")
class TestWorkshopCover(RepairCover, WorkshopCommon):
    def _repaired(self, unit, *lines):
        line = self._returned(unit)
        repair = line.sudo().repair_ids
        self._stock(self.part_a, 5)
        self._stock(self.part_b, 5)
        repair.move_ids = [
            Command.create({"product_id": part.id, "product_uom_qty": 1.0, "repair_line_type": kind})
            for part, kind in lines
        ]
        self._repair(line)
        return line

    def test_from_the_day_it_is_handed_out(self):
        __, unit = self._sold_units("M-1")
        line = self._repaired(unit, (self.part_a, "add"), (self.part_b, "recycle"), (self.pump, "remove"))
        self.assertFalse(self._get_covers(unit))
        with freeze_time("2026-03-20 23:30:00"):
            self.company.partner_id.tz = "Europe/Rome"
            self._hand_out(line)
        cover = self._get_covers(unit)
        self.assertRecordValues(
            cover, [{"covered_product_ids": self.part_a.ids, "date_start": date(2026, 3, 21)}]
        )
        event = cover.event_ids.filtered(lambda e: e.kind == "start")
        self.assertEqual((event.res_model, event.res_id), (line._name, line.id))
        self.assertIn(line.return_id.name, event.reason)

    def test_nothing_without_parts_or_months(self):
        __, (bare, unpaid) = self._sold_units("M-1", "M-2")
        self._hand_out(self._repaired(bare))
        self.company.after_sales_repair_months = 0
        self._hand_out(self._repaired(unpaid, (self.part_a, "add")))
        self.assertFalse(self._get_covers(bare | unpaid))

    def test_what_is_not_handed_back_has_no_cover(self):
        __, unit = self._sold_units("M-1")
        line = self._repaired(unit, (self.part_a, "add"))
        line.outcome = "scrap"
        line.action_settle()
        self.assertFalse(self._get_covers(unit))

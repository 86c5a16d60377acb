from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_field import DAY, FieldCommon


@tagged("post_install", "-at_install")
class TestCharge(FieldCommon):
    def test_made_once(self):
        visit = self._create_visit(call_out=True)
        self._add_session(visit, "work", 13, 15)
        charges = self._finish(visit)
        self.assertEqual(len(charges), 2)
        self.assertFalse(visit._make_charges() | visit.session_ids._make_charges())
        source = {name: charges[0][name] for name in ("source_model", "source_id", "source_key")}
        with self._quietly_refused(IntegrityError), mute_logger("odoo.sql_db"):
            charges[0].copy(source)

    def test_row_edited_in_a_form_counts_once(self):
        """It stands beside its original there: each was given half of the price, and the original was written."""
        visit = self._create_visit()
        self._add_session(visit, "work", 13, 15)
        row = self._finish(visit).allocation_ids
        edited = row.new({"share": 1.0}, origin=row)
        self.assertEqual((edited.amount, row.amount), (104.0, 104.0))

    def test_nothing_before_the_visit_is_done(self):
        visit = self._create_visit(call_out=True)
        session = self._add_session(visit, "work", 13, 15)
        self.assertFalse(visit._make_charges() | session._make_charges())

    def test_waiting_is_free_but_costs(self):
        visit = self._create_visit()
        self._add_session(visit, "waiting", 13, 15)
        charge = self._finish(visit)
        self.assertRecordValues(
            charge,
            [{"kind": "labour", "amount": 104.0, "amount_customer": 0.0, "payer": "goodwill", "cost": 62.0}],
        )

    def test_slices_at_one_price_are_one_line(self):
        """Travel has one price for all hours: 16:00-18:00 in Rome crosses a band edge and stays one line."""
        visit = self._create_visit()
        self._add_session(visit, "travel", 15, 17)
        charge = self._finish(visit)
        self.assertRecordValues(charge, [{"kind": "travel_time", "quantity": 2.0, "amount": 76.0}])
        self.assertEqual(charge.date_to - charge.date_from, timedelta(hours=2))

    def test_overtime_after_the_hours_of_the_day(self):
        """Hours on an earlier visit of the same day count: one and a half there, so half an hour here is ordinary."""
        self.env["after.sales.time.band"].create(
            {
                "name": "Beyond two hours",
                "sequence": 3,
                "after_hours": 2,
                "is_overtime": True,
                "company_id": self.company.id,
            }
        )
        first, second = self._create_visit(), self._create_visit()
        self._add_session(first, "work", 8, 9.5)
        self._add_session(second, "work", 10, 11)
        self.assertEqual(self._finish(first).mapped(lambda row: (row.kind, row.quantity)), [("labour", 1.5)])
        charges = self._finish(second).sorted("kind")
        self.assertEqual(
            charges.mapped(lambda row: (row.kind, row.quantity)), [("labour", 0.5), ("overtime", 0.5)]
        )

    def test_ten_hours_a_day_at_shipped_bands_and_prices(self):
        """Two visits of one day, 8:00 to 18:00 in Rome: eight hours at the ordinary price, two at that of overtime."""
        bands = self.env["after.sales.time.band"].with_context(active_test=False).search([])
        shared = bands.filtered(lambda band: not band.company_id)
        (bands - shared).active = False
        shared.active = True
        self.tariff.active = False
        self.env["after.sales.tariff"].create(self.company._prepare_after_sales_tariff_vals())
        first, second = self._create_visit(), self._create_visit()
        self._add_session(first, "work", 7, 14)
        self._add_session(second, "work", 14, 17)
        charges = self._finish(first.with_user(self.technician_user))
        charges += self._finish(second.with_user(self.technician_user))
        ordinary, overtime = (
            charges.filtered(lambda c, k=kind: c.kind == k) for kind in ("labour", "overtime")
        )
        self.assertEqual((sum(ordinary.mapped("quantity")), overtime.quantity), (8.0, 2.0))
        self.assertGreater(overtime.price_unit, ordinary[0].price_unit)

    def test_minimum_and_step_charge_more_than_they_cost(self):
        self.tariff.line_ids.filtered(lambda row: row.kind == "labour").write({"minimum": 1.0, "step": 0.25})
        visit = self._create_visit()
        self._add_session(visit, "work", 10, 11.1)
        charge = self._finish(visit)
        self.assertRecordValues(charge, [{"quantity": 1.25, "amount": 65.0}])
        self.assertAlmostEqual(charge.cost, 34.1, 2)

    def test_expense_is_charged_as_paid(self):
        visit = self._create_visit()
        self.env["after.sales.intervention.expense"].create(
            [
                {"intervention_id": visit.id, "name": "Parking", "amount": 12.0, "date": DAY},
                {
                    "intervention_id": visit.id,
                    "name": "Crane",
                    "amount": 300.0,
                    "kind": "subcontract",
                    "date": DAY,
                },
            ]
        )
        charges = self._finish(visit).sorted("amount")
        self.assertRecordValues(
            charges,
            [
                {"name": "Parking", "kind": "expense", "amount": 12.0, "cost": 12.0, "cost_class": "expense"},
                {
                    "name": "Crane",
                    "kind": "subcontract",
                    "amount": 300.0,
                    "cost": 300.0,
                    "cost_class": "labour",
                },
            ],
        )

    def test_band_is_named_where_it_made_the_price(self):
        """Evening travel at the price of every hour is not called overtime."""
        visit = self._create_visit()
        self._add_session(visit, "travel", 18, 19)
        charge = self._finish(visit)
        self.assertRecordValues(
            charge, [{"name": "travel_time", "band_id": self.overtime.id, "price_unit": 38.0}]
        )
        self.tariff.line_ids.filtered(lambda row: row.kind == "travel_time").copy(
            {"band_id": self.overtime.id, "price": 50.0}
        )
        visit = self._create_visit()
        self._add_session(visit, "travel", 19, 19.5)
        self.assertRecordValues(self._finish(visit), [{"name": "travel_time (Overtime)", "price_unit": 50.0}])

    def test_band_is_not_said_twice(self):
        row = self.tariff.line_ids.filtered(lambda line: line.kind == "overtime")
        row.product_id.name = "Labour, overtime"
        visit = self._create_visit()
        self._add_session(visit, "work", 18, 19)
        self.assertRecordValues(self._finish(visit), [{"name": "Labour, overtime"}])

    def test_band_is_no_part_of_a_word(self):
        charges = self.env["after.sales.charge"]
        for name, band, said in (
            ("Pernottamento", "Notte", "Pernottamento (Notte)"),
            ("Lavoro notte", "Notte", "Lavoro notte"),
            ("Выезд ночью", "Ночь", "Выезд ночью (Ночь)"),
            ("Labour (24h+)", "24h+", "Labour (24h+)"),
        ):
            self.assertEqual(charges._name_with_band(name, self.overtime.new({"name": band})), said)
        self.assertEqual(charges._name_with_band("Labour", self.overtime.browse()), "Labour")

    def test_no_price_waits_for_a_person(self):
        self.tariff.line_ids.filtered(lambda row: row.kind == "travel_km").unlink()
        visit = self._create_visit()
        self._add_session(visit, "travel", 13, 13.5, distance_km=10)
        charge = self._finish(visit).filtered(lambda c: c.kind == "travel_km")
        self.assertEqual(charge.state, "draft")
        self.assertIn("no price", charge.problem)
        charge.with_user(self.manager).price_unit = 0.5
        charge.with_user(self.agent).action_confirm()
        self.assertRecordValues(charge, [{"state": "confirmed", "problem": False, "amount_customer": 5.0}])

    def test_part_without_a_price_waits_for_a_person(self):
        """An empty sales price is a gap, not a gift."""
        self.part_b.list_price = 0.0
        visit = self._create_visit()
        self._add_part(visit, self.part_b)
        charge = self._finish(visit).filtered(lambda c: c.kind == "part")
        self.assertEqual(charge.state, "draft")
        self.assertIn("no sales price", charge.problem)

    def test_price_is_changed_by_managers_and_the_original_stays(self):
        """D90"""
        visit = self._create_visit(call_out=True)
        charge = self._finish(visit)
        with self.assertRaises(AccessError):
            charge.with_user(self.agent).price_unit = 20.0
        charge.with_user(self.manager).price_unit = 20.0
        self.assertRecordValues(
            charge, [{"list_price": 35.0, "amount": 20.0, "amount_customer": 20.0, "is_price_changed": True}]
        )

    def test_partial_cover_loses_no_cent(self):
        unit = self._create_covered_unit(labour=33.33)
        visit = self._create_visit(unit_id=unit.id)
        self._add_session(visit, "work", 10, 10.75)
        charge = self._finish(visit)
        self.assertRecordValues(charge, [{"amount": 39.0, "amount_customer": 26.0, "amount_covered": 13.0}])
        self.assertEqual(sum(charge.allocation_ids.mapped("share")), 1.0)
        self.assertTrue(charge.reason)
        self.assertEqual(charge.regime_id.code, "warranty")

    def test_override_on_the_call_holds_for_its_charges(self):
        unit = self._create_covered_unit()
        ticket = self._create_ticket(self.agent, unit_id=unit.id, service_id=self.service.id)
        ticket.action_check_coverage()
        row = ticket.coverage_ids.filtered(lambda r: r.cost_class == "labour")
        row.with_user(self.manager)._override("goodwill", 0.5, "Third failure this year")
        ticket.authorise_reason = "Agreed"
        ticket.action_authorise()
        visit = self._create_visit(ticket_id=ticket.id)
        self._add_session(visit, "work", 10, 11)
        charge = self._finish(visit)
        self.assertRecordValues(
            charge,
            [
                {
                    "amount": 52.0,
                    "amount_customer": 26.0,
                    "rule": "override",
                    "reason": "Third failure this year",
                }
            ],
        )

    def test_override_of_a_charge_keeps_what_was_decided(self):
        charge = self._finish(self._create_visit(call_out=True))
        Wizard = self.env["after.sales.charge.override"]
        vals = {
            "charge_id": charge.id,
            "customer_share": 0.25,
            "payer": "goodwill",
            "reason": "Good customer",
        }
        with self.assertRaises(AccessError):
            Wizard.with_user(self.agent).create(vals)
        Wizard.with_user(self.manager).create(vals).action_confirm()
        self.assertRecordValues(
            charge, [{"amount_customer": 8.75, "customer_share": 0.25, "reason": "Good customer"}]
        )
        rows = charge.with_context(active_test=False).allocation_ids
        self.assertEqual(rows.filtered(lambda r: not r.active).mapped("payer"), ["customer"])

    def test_cost_without_employee(self):
        technician = self._create_technician("contractor", hourly_cost=44.0)
        cheap = self._create_technician("nobody knows")
        visit = self._create_visit(technician_ids=[Command.set((technician | cheap).ids)])
        self._add_session(visit, "work", 10, 11, technician_id=technician.id)
        self._add_session(visit, "work", 10, 11, technician_id=cheap.id)
        charges = self._finish(visit)
        self.assertEqual(
            sorted(charges.mapped("cost")), [30.0, 44.0], "the resource's cost, else the tariff's"
        )

    def test_cancelling_a_charge_takes_its_cost_entry_along(self):
        plan = self.env["account.analytic.plan"].create({"name": "Contracts"})
        account = self.env["account.analytic.account"].create({"name": "C1", "plan_id": plan.id})
        unit = self._create_unit()
        contract = self._create_contract(unit, analytic_account_id=account.id, tariff_id=self.tariff.id)
        visit = self._create_visit(unit_id=unit.id, contract_id=contract.id)
        self._add_session(visit, "work", 10, 11)
        charge = self._finish(visit)
        line = charge.analytic_line_id
        self.assertEqual(line.amount, -31.0)
        charge.cost = 40.0
        line = charge.analytic_line_id
        self.assertEqual(line.amount, -40.0, "a cost that becomes better known moves its entry")
        with self.assertRaises(AccessError):
            charge.with_user(self.agent).action_cancel()
        charge.with_user(self.manager).action_cancel()
        self.assertFalse(line.exists())

    def test_charge_by_hand(self):
        charge = self._charge_toll(quantity=2)
        self.assertRecordValues(charge, [{"state": "draft", "amount_customer": 18.0, "payer": "customer"}])
        charge.action_confirm()
        with self.assertRaises(UserError):
            charge.action_confirm()

    def test_charge_of_another_company_is_out_of_sight(self):
        charge = self._finish(self._create_visit(call_out=True))
        other = self.env["res.company"].create({"name": "Other Service"})
        foreigner = self._create_user(
            "foreign_agent",
            "after_sales_warranty.group_after_sales_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            charge.with_user(foreigner).read(["amount"])
        accountant = self._create_user("accountant", "account.group_account_invoice")
        self.assertEqual(charge.with_user(accountant).amount_customer, 35.0)
        with self.assertRaises(AccessError):
            charge.with_user(accountant).write({"quantity": 2})

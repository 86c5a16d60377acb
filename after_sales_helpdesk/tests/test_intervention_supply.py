from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_field import DAY, SIGNATURE, FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionSupply(FieldCommon):
    """Parts reserved, short, brought, scanned and replaced, by a technician without stock rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stock = cls.warehouse.lot_stock_id
        cls.unit = cls._create_covered_unit()
        cls.quant = cls.env["stock.quant"]

    def _plan(self, product, quantity, user=None, **values):
        visit = self._create_visit(user or self.technician_user, **values)
        part = self._add_part(visit, product, quantity)
        visit.action_plan()
        return visit, part

    def _get_free(self, product, location):
        return self.quant._get_available_quantity(product, location)

    def test_reserved_when_planned_and_given_back_when_cancelled(self):
        visit, part = self._plan(self.part_a, 3)
        self.assertEqual((part.availability, part.reserved_quantity), ("reserved", 3))
        self.assertEqual(self._get_free(self.part_a, self.van), 7)
        part.quantity = 5
        self.assertEqual(self._get_free(self.part_a, self.van), 5)
        part.product_id = self.part_b
        self.assertEqual(self._get_free(self.part_a, self.van), 10)
        self.assertEqual(self._get_free(self.part_b, self.van), 5)
        visit.action_cancel()
        self.assertEqual(self._get_free(self.part_b, self.van), 10)
        self.assertFalse(part.sudo().reserve_move_id)

    def test_deleted_part_frees_its_stock(self):
        __, part = self._plan(self.part_a, 3)
        part.unlink()
        self.assertEqual(self._get_free(self.part_a, self.van), 10)

    def test_taken_once(self):
        visit, part = self._plan(self.part_a, 3)
        self._finish(visit)
        self.assertTrue(part.is_consumed)
        self.assertEqual(self._get_free(self.part_a, self.van), 7)
        moves = self.env["stock.move"].search([("after_sales_part_id", "=", part.id)])
        self.assertEqual(moves.mapped("state"), ["done"])

    def test_two_visits_do_not_share_a_part(self):
        self._plan(self.part_a, 8)
        second, part = self._plan(
            self.part_a, 4, date_start=DAY + timedelta(days=1), date_end=DAY + timedelta(days=1, hours=1)
        )
        self.assertEqual((part.availability, part.reserved_quantity), ("missing", 2))
        self.assertIn("Board", second.missing_parts)
        found = self.env["after.sales.intervention"].search([("has_missing_parts", "=", True)])
        self.assertIn(second, found)

    def test_shortage_is_brought_to_the_van_once(self):
        self.quant._update_available_quantity(self.part_a, self.stock, 20)
        visit, part = self._plan(self.part_a, 14)
        self.assertEqual(part.availability, "missing")
        visit.action_replenish()
        self.assertEqual(part.availability, "ordered")
        self.assertFalse(visit.missing_parts, "what is ordered is no longer called missing")
        self.assertIn("Board, expected on 03/11/2026", visit.ordered_parts)
        self.assertTrue(visit.has_missing_parts, "it is not there yet")
        transfer = part.sudo().supply_move_ids.picking_id
        self.assertEqual(transfer.after_sales_visit_ids, visit.sudo(False))
        self.assertEqual(transfer.action_view_after_sales_visits()["res_id"], visit.id)
        self.assertRecordValues(
            transfer,
            [{"location_id": self.stock.id, "location_dest_id": self.van.id, "state": "assigned"}],
        )
        self.assertEqual(transfer.move_ids.product_uom_qty, 4)
        self.assertEqual(visit.picking_count, 1)
        with self._quietly_refused(UserError, "on its way"):
            visit.action_replenish()
        transfer.button_validate()
        self.assertEqual((part.availability, part.reserved_quantity), ("reserved", 14))
        self.assertFalse(visit.ordered_parts or visit.missing_parts)
        with self._quietly_refused(UserError, "on its way"):
            visit.action_replenish()

    def test_transfer_called_off_is_missing_again(self):
        self.quant._update_available_quantity(self.part_a, self.stock, 20)
        visit, part = self._plan(self.part_a, 14)
        visit.action_replenish()
        part.sudo().supply_move_ids.picking_id.action_cancel()
        self.assertEqual(part.availability, "missing")
        visit.action_replenish()
        visit.action_cancel()
        self.assertEqual(set(part.sudo().supply_move_ids.mapped("state")), {"cancel"})

    def test_warehouse_lacks_it_too(self):
        """Without a van and without a route there is no way, and it is said; with a route the procurement runs."""
        self.technician.after_sales_location_id = False
        self.env["stock.rule"].search([("location_dest_id", "=", self.stock.id)]).action_archive()
        visit, part = self._plan(self.part_a, 2)
        self.assertEqual(part.location_id, self.stock)
        with self._quietly_refused(UserError, "route"):
            visit.action_replenish()
        depot = self.env["stock.location"].create(
            {"name": "Depot", "usage": "internal", "location_id": self.warehouse.view_location_id.id}
        )
        self.env["stock.route"].create(
            {
                "name": "From the depot",
                "product_ids": [Command.set(self.part_a.product_tmpl_id.ids)],
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Depot to stock",
                            "action": "pull",
                            "location_src_id": depot.id,
                            "location_dest_id": self.stock.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                            "procure_method": "make_to_stock",
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        visit.action_replenish()
        brought = self.env["stock.move"].search([("origin", "=", visit.name), ("location_id", "=", depot.id)])
        self.assertEqual(brought.product_uom_qty, 2)
        self.assertEqual(part.availability, "ordered")

    def test_parts_follow_to_the_other_van(self):
        van = self.van.copy({"name": "Van 2"})
        other = self._create_technician("hd_other", after_sales_location_id=van.id)
        self.quant._update_available_quantity(self.part_a, van, 2)
        visit, part = self._plan(self.part_a, 2)
        shelf = self._add_part(visit.sudo(False), self.part_b, location_id=self.stock.id)
        planner = self.env["after.sales.intervention"].with_user(self.agent)
        planner.plan_on_timeline(visit._name, visit.id, other.id, "2026-03-12 09:00:00", self.technician.id)
        self.assertEqual(part.sudo().location_id, van)
        self.assertEqual((self._get_free(self.part_a, van), self._get_free(self.part_a, self.van)), (0, 10))
        self.assertEqual(shelf.sudo().location_id, self.stock, "what was chosen by hand stays")

    def test_another_technician_orders_nothing(self):
        visit, __ = self._plan(self.part_a, 14)
        other = self._create_technician("hd_other")
        for method in ("action_replenish", "action_follow_up"):
            with self._quietly_refused(AccessError):
                getattr(visit.with_user(other.user_id), method)()
        with self._quietly_refused(AccessError):
            visit.with_user(other.user_id).scan_part("A")

    # Photos, second visits, refusals
    # -------------------------------

    def test_photos_are_printed_when_wanted_and_locked_when_done(self):
        visit = self._create_visit(self.technician_user)
        photos = visit.env["after.sales.intervention.photo"].create(
            [
                {"intervention_id": visit.id, "image": SIGNATURE, "name": name, "is_printed": printed}
                for name, printed in (("Type plate", True), ("For us only", False))
            ]
        )
        self._add_session(visit, "work", 9, 10)
        charges = self._finish(visit)
        self.assertEqual(
            (visit.hours_work, sum(charges.mapped("quantity"))), (1.0, 1.0), "D55: not for each photo"
        )
        html = self.env["ir.actions.report"]._render_qweb_html(
            "after_sales_helpdesk.report_intervention", visit.ids
        )[0]
        self.assertIn(b"Type plate", html)
        self.assertNotIn(b"For us only", html)
        with self._quietly_refused(UserError, "finished"):
            photos[0].unlink()
        with self._quietly_refused(UserError, "finished"):
            photos[0].name = "Other"
        other = self._create_technician("hd_other")
        with self._quietly_refused(AccessError):
            photos[0].with_user(other.user_id).read(["name"])

    def test_second_visit_is_made_once(self):
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id, description="No heat")
        with self._quietly_refused(UserError, "no second visit"):
            visit.action_follow_up()
        self._finish(visit, "second_visit", outcome_reason="Board to be ordered")
        action = visit.action_follow_up()
        self.assertEqual(visit.action_follow_up()["res_id"], action["res_id"])
        self.assertRecordValues(
            visit.next_ids,
            [
                {
                    "state": "draft",
                    "unit_id": self.unit.id,
                    "technician_ids": self.technician.ids,
                    "description": "No heat\nBoard to be ordered",
                    "previous_id": visit.id,
                }
            ],
        )

    def test_visit_on_a_cancelled_contract(self):
        contract = self._create_contract(self.unit)
        visit = self._create_visit(self.technician_user, unit_id=self.unit.id, contract_id=contract.id)
        contract.state = "cancelled"
        for action in (visit.action_plan, visit.action_start, visit.action_work):
            with self._quietly_refused(UserError, "is cancelled"):
                action()
        self.assertEqual(visit.state, "draft")
        visit.contract_id = False
        visit.action_plan()

    def test_visit_on_an_ended_contract(self):
        """It can be planned, and who plans it is told; a renewal that runs goes on for it."""
        contract = self._create_contract(self.unit)
        visit = self._create_visit(
            self.technician_user,
            unit_id=self.unit.id,
            contract_id=contract.id,
            date_start="2026-03-13 11:00:00",
            date_end="2026-03-13 12:00:00",
        )
        self.assertFalse(visit.planning_warning)
        contract.action_end()
        bare = self._create_visit(
            self.technician_user,
            unit_id=self.unit.id,
            date_start="2026-03-13 11:00:00",
            date_end="2026-03-13 12:00:00",
        )
        self.assertIn(f"{contract.name} ended on 03/11/2026", bare.planning_warning)
        call = self._create_ticket(self.agent, unit_id=self.unit.id, date_reported="2026-03-13 09:00:00")
        self.assertFalse(call.contract_id)
        self.assertIn(f"{contract.name} ended on 03/11/2026", call.contract_warning)
        visit.invalidate_recordset(["planning_warning"])
        self.assertIn(f"{contract.name} ended on 03/11/2026 and is not renewed", visit.planning_warning)
        next_term = contract.copy({"predecessor_id": contract.id, "date_start": "2026-03-12"})
        next_term.action_start()
        visit.invalidate_recordset(["planning_warning"])
        self.assertFalse(visit.planning_warning)
        call.invalidate_recordset(["contract_warning"])
        self.assertFalse(call.contract_warning)
        next_term.state = "ended"
        next_term.date_closed = "2026-03-12"
        visit.invalidate_recordset(["planning_warning"])
        self.assertIn(next_term.name, visit.planning_warning)
        visit.action_plan()
        self.assertEqual(visit.state, "planned")

    def test_call_is_not_closed_with_goods_on_their_way_or_charges_without_a_price(self):
        self.tariff.line_ids.filtered(lambda line: line.kind == "labour").unlink()
        self.tariff.line_ids.filtered(lambda line: line.kind == "overtime").unlink()
        call = self._create_ticket(unit_id=self.unit.id)
        call.action_check_coverage()
        call.authorise_reason = "The customer said so"
        call.action_authorise()
        visit = self._create_visit(self.technician_user, ticket_id=call.id)
        self._add_session(visit, "work", 9, 10)
        collected = self._collect(visit, product_id=self.part_a.id, destination="scrap")
        charges = self._finish(visit)
        self.assertEqual(call.state, "done")
        agent_call = call.with_user(self.agent)
        with self._quietly_refused(UserError, "wait for a decision"):
            agent_call.action_close()
        charges.filtered("problem")._cancel()
        with self._quietly_refused(UserError, "not arrived"):
            agent_call.action_close()
        collected.action_receive()
        agent_call.action_close()
        self.assertEqual(call.state, "closed")

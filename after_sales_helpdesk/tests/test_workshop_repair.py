from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkshopRepair(WorkshopCommon):
    """The workshop's repair orders: agreed, charged, and what they do to warranty, claim and call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_term(duration=24)

    def test_repair_counts_for_the_warranty_once(self):
        __, unit = self._sold_units("M-1")
        unit.warranty_ids.write({"repair_policy": "extend", "repair_months": 3})
        end = unit.warranty_ids.date_end
        line = self._returned(unit)
        self._repair(line)
        self._hand_out(line)
        self.assertEqual(unit.warranty_ids.date_end, end + relativedelta(months=3))
        self.assertEqual(len(unit.warranty_ids.event_ids.filtered(lambda e: e.kind == "repair")), 1)

    def test_repair_closes_the_authorised_claim_and_the_call(self):
        __, unit = self._sold_units("M-1")
        claim = self._authorised_claim(unit)
        ticket = self._create_ticket(unit_id=unit.id, claim_id=claim.id, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.with_user(self.manager).authorise_reason = "Agreed"
        ticket.action_authorise()
        line = self._returned(unit, ticket_id=ticket.id)
        self.assertEqual(line.return_id.claim_id, claim)
        with self._quietly_refused(UserError, "not finished"):
            ticket.action_done()
        self._repair(line)
        self._hand_out(line)
        self.assertEqual((claim.state, claim.outcome), ("closed", "repair"))
        self.assertEqual(ticket.state, "done")
        self.assertEqual(ticket.return_count, 1)

    def test_uncovered_repair_waits_for_the_accepted_quotation(self):
        __, unit = self._sold_units("M-1")
        self.env["after.sales.regime"].search([]).requires_quotation = True
        record = self._create_return(unit)
        record.action_authorise()
        self._receive(record)
        ticket = self._create_ticket(unit_id=unit.id, service_id=self.service.id)
        ticket.action_check_coverage()
        record.ticket_id = ticket
        if not ticket.is_uncovered:
            ticket.coverage_ids.sudo().write(
                {"override_payer": "customer", "override_share": 1.0, "override_reason": "Misuse"}
            )
        line = record.line_ids
        line.condition = "damaged"
        line.action_accept()
        self.assertEqual(line.state, "accepted", "the customer has not answered yet")
        with self._quietly_refused(UserError, "Quote it"):
            line.action_repair()
        record.action_quote()
        self.assertEqual(ticket.state, "quoted")
        lines = ticket.sale_order_id.sudo().order_line
        self.assertEqual(lines.mapped("name"), ["labour"], "nobody travels to goods that are with us")
        ticket.sale_order_id.sudo().action_confirm()
        self.assertEqual((ticket.state, line.state), ("authorised", "in_workshop"))

    def test_travel_is_nothing_to_agree_on_in_the_workshop(self):
        """The warranty pays parts and labour but no travel: who brings his machine need not agree to anything."""
        __, unit = self._sold_units("M-1")
        self.env["after.sales.regime"].search([]).requires_quotation = True
        ticket = self._create_ticket(unit_id=unit.id, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.coverage_ids.sudo().filtered(lambda row: row.cost_class != "travel").write(
            {"override_payer": "warranty", "override_share": 0.0, "override_reason": "Covered"}
        )
        ticket.coverage_ids.sudo().filtered(lambda row: row.cost_class == "travel").write(
            {"override_payer": "customer", "override_share": 1.0, "override_reason": "Not covered"}
        )
        self.assertTrue(ticket.is_uncovered)
        self.assertEqual(self._returned(unit, ticket_id=ticket.id).state, "in_workshop")

    def test_repair_is_charged_once(self):
        """The parts and hours of the workshop are charged like those of a visit."""
        __, unit = self._sold_units("M-1")
        line = self._returned(unit)
        repair = line.sudo().repair_ids
        repair.write({"after_sales_hours": 1.5, "move_ids": [self._prepare_repair_part(repair)]})
        self._repair(line)
        charges = self.env["after.sales.charge"].search([("unit_id", "=", unit.id)])
        part, labour = (
            charges.filtered(lambda c: c.kind == "part"),
            charges.filtered(lambda c: c.kind == "labour"),
        )
        self.assertRecordValues(
            part, [{"product_id": self.part_a.id, "price_unit": 120.0, "cost": 140.0, "quantity": 2.0}]
        )
        self.assertRecordValues(
            labour, [{"quantity": 1.5, "price_unit": 52.0, "partner_id": self.consumer.id}]
        )
        repair._make_charges()
        self.assertEqual(self.env["after.sales.charge"].search_count([("unit_id", "=", unit.id)]), 2)

    def test_repair_is_under_warranty_where_the_customer_pays_nothing(self):
        """Odoo's own mark follows our coverage: by the warranty, by what the call decided, by the parts in it."""
        __, (free, half) = self._sold_units("M-1", "M-2")
        free.warranty_ids.write({"part_share": 100.0, "labour_share": 100.0})
        half.warranty_ids.write({"part_share": 100.0, "labour_share": 0.0})
        foreign = {"product_id": self.machine.id, "serial": "FOREIGN-7"}
        repairs = [self._returned(goods).sudo().repair_ids for goods in (free, half, foreign)]
        self.assertEqual([repair.under_warranty for repair in repairs], [True, False, False])
        with Form(repairs[0]) as form:
            form.after_sales_hours = 2.0
        self.assertTrue(repairs[0].under_warranty)
        free.warranty_ids.excluded_product_ids = self.part_a
        repairs[0].move_ids = [self._prepare_repair_part(repairs[0])]
        self.assertFalse(repairs[0].under_warranty, "the customer pays this part")
        arch = self.env["repair.order"].get_view(view_type="form")["arch"]
        button = etree.fromstring(arch).find(".//button[@name='action_create_sale_order']")
        self.assertIn("after_sales_return_line_id", button.get("invisible"), "it is quoted on the return")

    def test_repair_under_warranty_follows_the_call(self):
        __, unit = self._sold_units("M-1")
        unit.warranty_ids.write({"part_share": 100.0, "labour_share": 0.0})
        ticket = self._create_ticket(unit_id=unit.id, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.with_user(self.manager).authorise_reason = "Agreed"
        ticket.action_authorise()
        repair = self._returned(unit, ticket_id=ticket.id).sudo().repair_ids
        self.assertFalse(repair.under_warranty)
        for row in ticket.coverage_ids.filtered(lambda row: row.cost_class in ("labour", "part")):
            row.with_user(self.manager)._override("goodwill", 0.0, "A good customer")
        self.assertTrue(repair.under_warranty)

    def test_a_repair_of_nobody_elses_goods_keeps_its_mark(self):
        repair = self.env["repair.order"].create({"product_id": self.machine.id, "under_warranty": True})
        repair.move_ids = [self._prepare_repair_part(repair)]
        self.assertTrue(repair.under_warranty)

    def test_a_repair_without_working_time_is_told(self):
        """It is finished all the same; the responsible of the return learns that no labour is charged."""
        __, units = self._sold_units("M-1", "M-2")
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        silent, timed = (self._returned(unit, user_id=self.manager.id) for unit in units)
        timed.sudo().repair_ids.after_sales_hours = 0.5
        repairs = self._repair_as_workshop(silent), self._repair_as_workshop(timed)
        self.assertEqual((silent.state, timed.state), ("ready", "ready"))
        self.assertFalse(timed.return_id.activity_ids)
        activity = silent.return_id.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(repairs[0].name, activity.note)
        self.assertEqual(activity.summary, "Nessuna ora di lavoro registrata")

    def test_a_repair_without_working_time_and_without_a_responsible(self):
        """Whoever repairs may have no right on returns: it stands in the chatter, and he is not held up."""
        __, unit = self._sold_units("M-1")
        line = self._returned(unit, user_id=False)
        repair = self._repair_as_workshop(line)
        self.assertEqual(line.state, "ready")
        self.assertFalse(line.return_id.activity_ids)
        self.assertIn(repair.name, "".join(line.return_id.message_ids.mapped("body")))

    def _repair_as_workshop(self, line):
        """By somebody who has rights on stock only."""
        repairer = self.env["res.users"].search([("login", "=", "repairer")]) or self._create_user(
            "repairer", "stock.group_stock_user"
        )
        repair = line.sudo().repair_ids.with_user(repairer)
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        return repair.sudo()

    def _prepare_repair_part(self, repair):
        self._stock(self.part_a, 5)
        return Command.create(
            {"product_id": self.part_a.id, "product_uom_qty": 2.0, "repair_line_type": "add"}
        )

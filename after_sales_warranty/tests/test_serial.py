import doctest
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..tools import serial_keys
from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestSerial(AfterSalesCommon):
    """A unit is found by whatever the person on the phone has at hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term()
        cls.technician = cls._create_user("tech_serial", TECHNICIAN)
        cls.agent = cls._create_user("agent_serial", AGENT)
        cls.unit = cls._create_unit(serial="B24-O00123", delivery_date=date(2026, 3, 10))
        cls.units = cls.env["after.sales.unit"]

    def _ask(self, query, user=None):
        form = Form(self.env["after.sales.unit.lookup"].with_user(user or self.technician))
        form.query = query
        return form.save()

    def test_doctests(self):
        self.assertEqual(doctest.testmod(serial_keys).failed, 0)

    def test_reference_follows_the_serial(self):
        """Typed by hand, the product comes before the serial; the reference that a person wrote stays."""
        form = Form(self.units.with_user(self.agent))
        form.product_id, form.partner_id = self.unit.product_id, self.unit.partner_id
        form.serial = "HAND-1"
        unit = form.save()
        self.assertEqual(unit.name, "HAND-1")
        unit.serial = "HAND-2"
        self.assertEqual(unit.name, "HAND-2")
        unit.name = "Bar machine"
        unit.serial = "HAND-3"
        self.assertEqual(unit.name, "Bar machine")

    def test_one_statement(self):
        """Whoever types a serial waits for one look into the index and no more."""
        for user in (self.technician, self.agent):
            units = self.units.with_user(user)
            units._get_by_serial("B24-O00123", self.company)  # fills what belongs to the user
            self.env["after.sales.unit"].invalidate_model()
            with self.assertQueryCount(1):
                self.assertEqual(units._get_by_serial("B24-O00123", self.company), self.unit)

    def test_ways_to_a_unit(self):
        for query, way in [
            ("B24-O00123", "serial"),
            (" b24 o00123 ", "serial"),
            ("B24000123", "lookalike"),
            ("B24-0OOI23", "lookalike"),
            ("В24-О00123", "lookalike"),  # typed on a Russian keyboard
            ("000123", "part"),
            ("B24-00123", "similar"),
            ("B24-000132", "similar"),
            ("Carla", "customer"),
            ("Machine", "product"),
        ]:
            with self.subTest(query):
                self.assertEqual(self.units.with_user(self.technician)._look_up(query), (way, self.unit))
        for query in ("B24-999999", "", "   ", "%", "_", "Nobody", "2"):
            with self.subTest(query):
                self.assertEqual(self.units._look_up(query), ("", self.units))

    def test_without_the_trigram_extension(self):
        with patch.object(self.env.registry, "has_trigram", False):
            self.assertEqual(self.units._look_up("B24-000132"), ("similar", self.unit))
            self.assertEqual(self.units._look_up("B24-00123"), ("similar", self.unit))
            self.assertEqual(self.units._look_up("B77-999999"), ("", self.units))

    def test_most_alike_first(self):
        near = self._create_unit(serial="B24-000124")
        self.assertEqual(self.units._look_up("B24-00O1245")[1][:1], near)

    def test_serial_that_was_corrected(self):
        self.unit.with_user(self.agent).serial = "B24-777777"
        self.assertEqual(self.unit.former_ids.mapped("serial"), ["B24-O00123"])
        self.assertEqual(self.unit.name, "B24-777777", "a reference that was the serial stays the serial")
        self.assertEqual(self.units.with_user(self.technician)._look_up("b24o00123"), ("former", self.unit))
        self.assertEqual(self.units._get_by_serial("B24-O00123", self.company), self.unit)
        self.assertEqual(self.units._get_by_serial("B24-777777", self.company), self.unit)
        with self.assertRaises(AccessError):
            self.unit.former_ids.with_user(self.agent).unlink()

    def test_same_serial_from_now_on(self):
        """What others look up by serial (calls, registrations) finds it however it is written, and no other."""
        get = self.units._get_by_serial
        self.assertEqual(get("b24 o00123", self.company), self.unit)
        self.assertFalse(get("B24-000123", self.company), "a zero is not a letter when nobody looks")
        zero = self._create_unit(serial="B24-000123")
        self.assertEqual(get("B24-000123", self.company), zero)
        self.assertEqual(get("B24-O00123", self.company), self.unit)
        self.assertFalse(get("", self.company))
        self.assertFalse(get("B24-O00123", self.env["res.company"].create({"name": "Other"})))

    def test_documents(self):
        order = self._sell((self.pump, 1), partner=self.business)
        self.pump.invoice_policy = "order"
        unit = self._ship(order)
        invoice = order._create_invoices()
        invoice.action_post()
        for name in (order.name, order.picking_ids.name.lower(), invoice.name):
            with self.subTest(name):
                self.assertEqual(self.units.with_user(self.technician)._look_up(name), ("document", unit))

    def test_answers(self):
        covered = self._ask("B24-O00123")
        self.assertEqual((covered.answer, covered.unit_ids), ("covered", self.unit))
        self.assertIn("Carla Consumer", covered.message)
        self.assertIn("03/10/2028", covered.message)
        action = covered.action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("after.sales.unit", self.unit.id))
        self.assertEqual(covered.action_look_up()["res_id"], covered.id)

        old = self._create_unit(serial="OLD-1", delivery_date=date(2019, 1, 1))
        self.assertEqual(self._ask("OLD-1").answer, "uncovered")
        self.assertIn("01/01/2021", self._ask("OLD-1").message)
        old._end("Returned.", custody="returned")
        self.assertEqual(self._ask("OLD-1").answer, "ended")
        self.assertIn("Returned", self._ask("OLD-1").message)

        self._create_lot(self.machine, "SHELF-1")
        self.assertEqual(self._ask("shelf-1").answer, "in_stock")
        self.assertEqual(self._ask("NEVER-SEEN-9").answer, "unknown")
        self.assertFalse(self._ask(False).answer)
        self._create_unit(serial="B24-000999")
        several = self._ask("B24-00")
        self.assertEqual(several.answer, "several")
        domain = several.action_open()["domain"]
        self.assertEqual(self.units.search(domain), several.unit_ids)

    def test_answer_before_the_start(self):
        self.term.start_basis = "installation"
        unit = self._create_unit(serial="WAITS-1")
        self.assertIn("waits for this date: Installation", self._ask("WAITS-1").message)
        unit.installation_date = date(2090, 1, 1)
        self.assertIn("starts on 01/01/2090", self._ask("WAITS-1").message)
        self.assertNotIn("ended", self._ask("WAITS-1").message)

    def test_sold_by_us_or_only_registered(self):
        lot = self._create_lot(self.machine, "SOLD-1")
        self._deliver(self.machine, 1, lot)
        self.assertIn("Sold by us", self._ask("SOLD-1").message)
        self.assertNotIn("Sold by us", self._ask("B24-O00123").message)

    def test_old_serial_of_a_replaced_unit(self):
        new = self._create_unit(serial="NEW-9")
        self.unit._replace_with(new, date(2026, 6, 1))
        answer = self._ask("B24-O00123")
        self.assertEqual((answer.answer, answer.unit_ids), ("ended", self.unit))
        self.assertIn("NEW-9", answer.message)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user(
            "stranger_serial", MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        self.assertEqual(self._ask("B24-O00123", stranger).answer, "unknown")
        self.assertFalse(self._ask("Carla", stranger).unit_ids)

    def test_search_view(self):
        units = self.units.with_user(self.technician)
        self.assertEqual(units.search([("lookup", "ilike", "B24-0OOI23")]), self.unit)
        self.assertFalse(units.search([("lookup", "ilike", "NEVER-SEEN-9")]))
        self.assertNotIn(self.unit, units.search([("lookup", "not ilike", "B24-O00123")]))

    def test_own_units_come_first(self):
        """D62: the customer's units first, those of others on purpose."""
        theirs = [self._create_unit(serial=f"B24-9{i}", partner_id=self.business.id) for i in range(3)]
        units = self.units.with_user(self.agent)
        for context in ("after_sales_partner_id", "default_partner_id"):
            found = units.with_context(**{context: self.consumer.id}).name_search("B24")
            self.assertEqual(found[0][0], self.unit.id)
            self.assertEqual({row[0] for row in found}, {self.unit.id, *(u.id for u in theirs)})
        self.assertEqual(units.name_search("B24")[0][0], theirs[-1].id)
        few = units.with_context(after_sales_partner_id=self.business.id).name_search("B24", limit=2)
        self.assertEqual({row[0] for row in few}, {theirs[-1].id, theirs[-2].id})

    def test_one_index_scan(self):
        """Among many units a serial is found through the index on its key, by the planner's own choice."""
        self.env.cr.execute(
            """INSERT INTO after_sales_unit (product_id, company_id, quantity, custody, state, active, serial,
                                             serial_key, has_serial)
               SELECT %s, %s, 1, 'at_customer', 'in_service', true, 'MASS-' || i, 'MASS' || i, true
                 FROM generate_series(1, 5000) i""",
            (self.machine.id, self.company.id),
        )
        self.env.cr.execute("ANALYZE after_sales_unit")
        units = self.units.with_user(self.technician)
        for domain in (
            [("serial_key", "=", serial_keys.key("mass 4321"))],
            [("serial_key", "=", serial_keys.key("mass 4321")), ("company_id", "=", self.company.id)],
        ):
            query = units._search(domain)
            self.assertEqual(len(self.env.execute_query(query.select())), 1)
            plan = "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
            self.assertIn("after_sales_unit__serial_key_index", plan)
            self.assertNotIn("Seq Scan on after_sales_unit", plan)

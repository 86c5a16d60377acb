from datetime import date, timedelta

from odoo.tests import Form, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketIntake(HelpdeskCommon):
    SPELLINGS = (
        "+39 02 1234 5678",
        "0039 02 12345678",
        "02-1234.5678",
        "(02) 12345678",
        "+390212345678",
        " 02/123 45 678 ",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consumer.phone = "02 1234 5678"

    def _callers(self, number):
        return self.env["res.partner"].with_user(self.agent)._get_callers(number, self.company)

    def test_any_spelling_finds_the_caller(self):
        for number in self.SPELLINGS:
            with self.subTest(number=number):
                self.assertEqual(self._callers(number), self.consumer)

    def test_any_spelling_of_ours_is_found(self):
        for number in self.SPELLINGS:
            with self.subTest(number=number):
                self.consumer.phone = number
                self.assertEqual(self._callers("+39 0212345678"), self.consumer)

    def test_number_of_another_country(self):
        self.consumer.write({"phone": "8 (495) 123-45-67", "country_id": self.env.ref("base.ru").id})
        self.assertEqual(self._callers("+7 495 1234567"), self.consumer)
        self.assertEqual(self._callers("0074951234567"), self.consumer)
        self.assertEqual(self._callers("495 123 45 67"), self.consumer)

    def test_nobody_rather_than_a_crowd(self):
        self.env["res.partner"].create({"name": "Somebody", "phone": "06 1234 5678"})
        self.assertEqual(self._callers("02 1234 5678"), self.consumer)
        self.assertFalse(self._callers("051 1234 5678"))
        for nonsense in ("", "12", "abc", None, "%", "0000"):
            self.assertFalse(self._callers(nonsense))

    def test_caller_of_another_company_stays_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.consumer.company_id = other
        self.assertFalse(self._callers("02 1234 5678"))

    def test_number_fills_the_customer(self):
        with Form(self.env["after.sales.ticket"].with_user(self.agent)) as form:
            form.subject = "No hot water"
            form.contact_phone = "0039 02 12345678"
            self.assertEqual(form.partner_id, self.consumer)
            self.assertEqual(form.contact_email, "carla@example.com")
        self.assertEqual(form.record.commercial_partner_id, self.consumer)

    def test_person_before_his_company(self):
        self.business.phone = "051 555 0001"
        person = self.env["res.partner"].create(
            {"name": "Bob", "parent_id": self.business.id, "phone": "051 555 0001"}
        )
        ticket = self._create_ticket(partner_id=None, contact_phone="051/5550001")
        self.assertEqual(ticket.partner_id, person)
        self.assertEqual(ticket.caller_ids, person + self.business)

    def test_two_customers_of_one_number_are_offered(self):
        neighbour = self.env["res.partner"].create({"name": "Nora", "phone": "02 1234 5678"})
        ticket = self._create_ticket(partner_id=None, contact_phone="02 12345678")
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.caller_ids, self.consumer + neighbour)

    def test_serial_fills_the_rest(self):
        """The serial gives unit, owner, warranty, contract, service level and priority."""
        unit = self._create_covered_unit(serial="SN-77")
        contract = self._create_contract(unit, service_level_id=self.level.id)
        self.level.priority = "3"
        self.team.service_level_id = False
        with Form(self.env["after.sales.ticket"].with_user(self.agent)) as form:
            form.subject = "No hot water"
            form.serial = " sn-77 "
            self.assertEqual(form.unit_id, unit)
            self.assertEqual(form.partner_id, self.consumer)
            self.assertEqual(form.product_id, self.machine)
            self.assertEqual(form.warranty_state, "in_warranty")
            self.assertEqual(form.contract_id, contract)
            self.assertEqual(form.regime_id.code, "warranty", "which comes before the contract")
            self.assertEqual(form.service_level_id, self.level)
            self.assertEqual(form.priority, "3")
        self.assertEqual(form.record.clock_ids.mapped("kind"), ["response", "restored", "resolved"])

    def test_serial_fills_the_regime(self):
        """As the coverage check decides it: warranty, contract, after the warranty, on demand; without a unit nothing."""
        ended = self._create_covered_unit(serial="SN-R1")
        ended.warranty_ids.date_end = date.today() - timedelta(days=1)
        under_contract = self._create_unit(serial="SN-R2")
        self._create_contract(under_contract)
        self._create_covered_unit(serial="SN-R3")
        self._create_unit(serial="SN-R4")
        expected = {
            "SN-R1": "post_warranty",
            "SN-R2": "contract",
            "SN-R3": "warranty",
            "SN-R4": "on_demand",
            "unknown": False,
        }
        tickets = self.env["after.sales.ticket"].with_user(self.agent)
        for serial, code in expected.items():
            with self.subTest(serial=serial):
                ticket = self._create_ticket(self.agent, serial=serial, partner_id=None)
                self.assertEqual(ticket.regime_id.code, code)
                tickets += ticket.filtered("unit_id")
        tickets.action_check_coverage()
        self.assertEqual({t.serial: t.regime_id.code for t in tickets} | {"unknown": False}, expected)

    def test_regime_follows_the_unit_until_the_check(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        self.assertFalse(ticket.regime_id)
        ticket.unit_id = self._create_covered_unit(serial="SN-R5")
        self.assertEqual(ticket.regime_id.code, "warranty")
        ticket.action_check_coverage()
        ticket.unit_id = self._create_unit(serial="SN-R6")
        self.assertEqual(ticket.regime_id.code, "warranty", "what was decided holds until it is decided anew")
        ticket.action_check_coverage()
        self.assertEqual(ticket.regime_id.code, "on_demand")

    def test_unknown_serial_is_said(self):
        ticket = self._create_ticket(serial="XX-1")
        self.assertFalse(ticket.unit_id)
        self.assertTrue(ticket.serial_is_unknown)

    def test_serial_of_another_company_is_unknown(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        self._create_covered_unit(serial="SN-9", company_id=other.id)
        ticket = self._create_ticket(serial="SN-9")
        self.assertFalse(ticket.unit_id)
        self.assertTrue(ticket.serial_is_unknown)

    def test_contract_that_begins_with_the_end_of_the_warranty(self):
        unit = self._create_covered_unit(serial="SN-78")
        contract = self._create_contract(unit, begins="warranty_end")
        ticket = self._create_ticket(serial="SN-78")
        self.assertFalse(ticket.contract_id)
        self.assertIn(contract.name, ticket.contract_hint)
        self.assertFalse(self._create_ticket().contract_hint)

    def test_similar_calls_are_counted(self):
        unit = self._create_covered_unit(serial="SN-79")
        first, second = self._create_ticket(serial="SN-79"), self._create_ticket(serial="SN-79")
        self._create_ticket(product_id=self.machine.id, partner_id=self.business.id)
        self.assertEqual(second.similar_count, 1)
        self.assertEqual(self.env["after.sales.ticket"].search(second.action_view_similar()["domain"]), first)
        self.assertEqual(unit.ticket_count, 2)
        self.assertEqual(self.consumer.after_sales_ticket_count, 2)

    def test_a_call_about_no_unit_may_be_about_this_one(self):
        self._create_covered_unit(serial="SN-80")
        self._create_covered_unit(serial="SN-81")
        unknown, about = self._create_ticket(), self._create_ticket(serial="SN-80")
        self._create_ticket(serial="SN-81")
        self._create_ticket(partner_id=self.business.id)
        self.assertEqual(about.similar_ids, unknown)

    def test_company_has_its_own_teams(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        team = self.env["after.sales.team"].create({"name": "Others", "company_id": other.id})
        ticket = self.env["after.sales.ticket"].create(
            {"subject": "Call", "partner_id": self.consumer.id, "company_id": other.id}
        )
        self.assertEqual((ticket.team_id, ticket.state), (team, "registered"))

    def test_number_and_copy(self):
        ticket = self._create_ticket()
        self.assertRegex(ticket.name, r"^CALL/\d{4}/\d{5}$")
        copy = ticket.copy()
        self.assertNotEqual(copy.name, ticket.name)
        self.assertEqual((copy.state, copy.subject), ("registered", "It does not start (copy)"))

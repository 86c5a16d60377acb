from odoo.tests import tagged

from .common_field import SIGNATURE, FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionReport(FieldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_covered_unit(serial="SN-77")
        ticket = cls._create_ticket(cls.agent, unit_id=cls.unit.id, service_id=cls.service.id)
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed"
        ticket.action_authorise()
        cls.visit = cls._create_visit(
            cls.agent, ticket_id=ticket.id, call_out=True, defect="Pump blocked", work_done="Pump replaced"
        )
        cls._add_session(cls.visit, "work", 13, 18)
        cls._add_part(cls.visit, cls.part_a, removed_serial="OLD-1")
        cls._collect(cls.visit, product_id=cls.pump.id)
        cls.visit.action_plan()
        cls.visit.action_start()
        cls.visit.with_user(cls.technician_user)._sign(SIGNATURE, "Carla Consumer")
        cls._finish(cls.visit)

    def _render(self, name, user):
        html, __ = (
            self.env["ir.actions.report"]
            .with_user(user)
            ._render_qweb_html(f"after_sales_helpdesk.{name}", self.visit.ids)
        )
        return html.decode()

    def test_facts_owed_to_the_customer(self):
        """Request, hand-over, fix with description of the defects, spare parts, hand-out (law.md L33)."""
        html = self._render("report_intervention", self.technician_user)
        for text in (
            self.visit.name,
            "SN-77",
            "Pump blocked",
            "Pump replaced",
            "Board",
            "OLD-1",
            "Carla Consumer",
            "Date of the request",
            "Handed over for repair on",
            "Defect fixed on",
            "Handed back",
        ):
            self.assertIn(text, html)
        facts = self.visit._get_repair_facts()
        self.assertEqual(facts["requested"], self.visit.ticket_id.date_reported)
        self.assertEqual(facts["handed_over"], self.visit.session_ids.date_start)
        self.assertEqual(facts["fixed"], self.visit.signed_on)
        self.assertEqual(facts["handed_out"], self.visit.signed_on)

    def test_what_is_signed_before_the_end_is_not_called_unfixed(self):
        """The customer signs while the visit is still open: the report says what the technician entered."""
        visit = self.visit = self._create_visit(unit_id=self.unit.id)
        self._add_session(visit, "work", 8, 9)
        visit.action_plan()
        visit.action_start()
        self.assertNotIn("Not fixed on this visit", self._render("report_intervention", self.technician_user))
        visit.outcome = "solved"
        visit.with_user(self.technician_user)._sign(SIGNATURE, "Carla Consumer")
        self.assertEqual(visit._get_repair_facts()["fixed"], visit.signed_on)
        self.assertNotIn("Not fixed on this visit", self._render("report_intervention", self.technician_user))

    def test_unit_taken_along_is_not_handed_out(self):
        visit = self._create_visit(unit_id=self.unit.id)
        self._add_session(visit, "work", 8, 9)
        self._collect(visit, unit_id=self.unit.id)
        self._finish(visit, "second_visit", outcome_reason="To the workshop")
        facts = visit._get_repair_facts()
        self.assertFalse(facts["fixed"] or facts["handed_out"])

    def test_without_prices(self):
        html = self._render("report_intervention", self.technician_user)
        self.assertNotIn("Customer pays", html)
        self.assertNotIn("120.00", html)
        self.assertIn("Who Pays", html)

    def test_with_prices(self):
        html = self._render("report_intervention_priced", self.agent)
        for text in ("Customer pays", "35.00", "156.00", "120.00", "Warranty"):
            self.assertIn(text, html)

    def test_times_are_those_of_the_place(self):
        html = self._render("report_intervention", self.technician_user)
        self.assertIn("02:00 PM", html, "13:00 UTC in Rome")

    def test_mail_has_the_report_attached(self):
        action = self.visit.with_user(self.agent).action_send_report()
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(len(composer.attachment_ids), 1)
        self.assertEqual(composer.partner_ids, self.consumer)

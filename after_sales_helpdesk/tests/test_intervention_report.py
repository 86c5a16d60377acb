import re

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
        cls.visit.check_ids.is_done = True
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

    def _exclude_gasket(self):
        """The warranty of the unit pays for parts, but not for gaskets."""
        self.unit.warranty_ids.excluded_product_ids = self.part_b
        ticket = self._create_ticket(self.agent, unit_id=self.unit.id, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed"
        ticket.action_authorise()
        visit = self._create_visit(ticket_id=ticket.id)
        self._add_session(visit, "work", 8, 9)
        self._add_part(visit, self.part_a)
        self._add_part(visit, self.part_b)
        visit.action_plan()
        visit.action_start()
        visit.check_ids.is_done = True
        return visit

    def _payers(self, visit):
        rows = visit.with_user(self.technician_user)._get_report_payers()
        return {row["name"]: (row["payer"], row["reason"]) for row in rows}

    def test_an_excluded_part_is_not_said_to_be_paid_by_the_warranty(self):
        """Before the visit is done as after it each part has its own payer; the class says only what is expected."""
        visit = self._exclude_gasket()
        foreseen = self._payers(visit)
        self.assertEqual(foreseen["Board"][0], "Warranty")
        self.assertEqual(foreseen["Gasket"][0], "Customer")
        self.assertIn("excludes Gasket", foreseen["Gasket"][1])
        self.assertNotIn("Parts", foreseen)
        self.assertFalse(self._get_charges(visit), "to foresee writes nothing")
        self._finish(visit)
        self.assertEqual(self._payers(visit), foreseen)
        self.visit = visit
        html = self._render("report_intervention", self.technician_user)
        self.assertIn("excludes Gasket", html)

    def test_before_anything_is_done_the_call_says_who_would_pay(self):
        visit = self._create_visit(ticket_id=self.visit.ticket_id.id)
        payers = self._payers(visit)
        self.assertEqual(payers["Parts"][0], "Warranty")
        self.assertEqual(payers["Labour"][0], "Customer")

    def test_shared_charge_names_both_payers(self):
        charge = self._get_charges(self.visit).filtered(lambda charge: charge.kind == "part")
        charge.with_user(self.manager)._override_payers(
            {"goodwill": 0.25, "customer": 0.75}, "Half our fault"
        )
        self.assertEqual(
            self._payers(self.visit)["Board"], ("Customer 75 %, Goodwill 25 %", "Half our fault")
        )

    def test_reason_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.consumer.lang = "it_IT"
        visit = self._exclude_gasket()
        self._add_session(visit, "waiting", 9, 10)
        self._finish(visit)
        reason = (
            self.env["after.sales.charge"]
            .with_context(lang="it_IT")
            .env._("Our own time: it is not charged.")
        )
        free = self._get_charges(visit).filtered(lambda charge: charge.rule == "free")
        self.assertEqual(set(free.mapped("reason")), {reason})

    # Signing
    # -------

    def _sign_wizard(self, visit):
        action = visit.with_user(self.technician_user).action_sign()
        Wizard = self.env[action["res_model"]].with_user(self.technician_user)
        return Wizard.with_context(**action["context"]).create({"signed_by": "X", "signature": SIGNATURE})

    def test_checklist_is_in_everybodys_language(self):
        """Of the technician, and of the customer on the report; a line that was reworded since stays as on the day."""
        self.env["res.lang"]._activate_lang("it_IT")
        asked = self.env["after.sales.service.check"].create(
            [{"service_id": self.service.id, "name": name} for name in ("Pressure tried", "Leaks looked for")]
        )
        asked.with_context(lang="it_IT")[0].name = "Pressione provata"
        visit = self._create_visit(unit_id=self.unit.id, service_id=self.service.id)
        checks = visit.check_ids.filtered(lambda check: check.check_id in asked)
        asked[1].name = "Leaks found"
        italian = checks.with_user(self.technician_user).with_context(lang="it_IT")
        self.assertEqual(italian.mapped("name"), ["Pressione provata", "Leaks looked for"])
        by_italian = self._create_visit(self.agent, service_id=self.service.id).with_context(lang="it_IT")
        english = by_italian.check_ids.with_context(lang="en_US")
        self.assertIn("Pressure tried", english.mapped("name"))

    def test_signer_reads_what_he_confirms(self):
        """Parts, times and who pays, without amounts."""
        summary = self._sign_wizard(self._exclude_gasket()).summary
        for text in ("Gasket", "Tea Technician", "Warranty", "excludes Gasket", "01:00"):
            self.assertIn(text, summary)
        for price in ("120", "18.4"):
            self.assertNotIn(price, summary)

    def test_signing_screen_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.consumer.lang = "it_IT"
        visit = self._exclude_gasket()
        self.assertEqual(visit.action_sign()["context"]["lang"], "it_IT")
        kind = dict(
            visit.session_ids._fields["kind"]._description_selection(visit.with_context(lang="it_IT").env)
        )
        self.assertIn(kind["work"], self._sign_wizard(visit).summary)

    def test_a_person_signs(self):
        visit = self._create_visit(partner_id=self.business.id)
        self.assertFalse(visit._get_signer_name(), "a company does not sign")
        self.env["res.partner"].create({"name": "Ugo", "parent_id": self.business.id})
        self.assertEqual(visit._get_signer_name(), "Ugo")
        self.env["res.partner"].create({"name": "Ada", "parent_id": self.business.id})
        self.assertFalse(visit._get_signer_name(), "one of two is a guess")
        visit.ticket_id = self._create_ticket(partner_id=self.business.id, contact_name="Ida")
        self.assertEqual(visit._get_signer_name(), "Ida")

    def test_with_prices(self):
        html = self._render("report_intervention_priced", self.agent)
        for text in ("Customer pays", "35.00", "156.00", "120.00", "Warranty"):
            self.assertIn(text, html)

    def test_times_are_those_of_the_place(self):
        html = self._render("report_intervention", self.technician_user)
        self.assertIn("02:00 PM", html, "13:00 UTC in Rome")

    def test_whoever_prints_it_prints_the_same_times(self):
        """Also where nobody is named who went there: then they are those of the company."""
        self.technician_user.tz, self.agent.tz = "America/New_York", "Asia/Tokyo"
        self.company.partner_id.tz = "Asia/Dubai"
        for technician, time in ((self.technician, "02:00 PM"), (self.technician.browse(), "05:00 PM")):
            self.visit.technician_id = technician
            with self.subTest(technician=technician.name):
                by_technician, by_agent = (
                    re.findall(r"\d\d:\d\d [AP]M", self._render("report_intervention", user))
                    for user in (self.technician_user, self.agent)
                )
                self.assertIn(time, by_technician, "13:00 UTC")
                self.assertEqual(by_technician, by_agent)

    def test_the_notice_and_the_page_say_the_hour_of_the_report(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed"
        ticket.action_authorise()
        self.consumer.tz = "America/New_York"
        self._create_visit(self.agent, ticket_id=ticket.id).action_plan()
        self.assertEqual(ticket._get_visit_zone(), "Europe/Rome")
        template = self.env.ref("after_sales_helpdesk.mail_template_ticket_planned")
        body = template._render_field("body_html", ticket.ids)[ticket.id]
        self.assertIn("12:00", body, "11:00 UTC in Rome")

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

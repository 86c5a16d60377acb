from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import AGENT, MANAGER, TECHNICIAN, ContractCommon


class TestService(ContractCommon):
    def test_default_catalogue(self):
        """CT-27, CT-28, CT-30: installation, maintenance, repair and training are there with trigger and checklist."""
        services = self.env["after.sales.service"].search([])
        self.assertLessEqual(
            {"installation", "maintenance", "repair", "training"}, set(services.mapped("category"))
        )
        self.assertTrue(all(services.mapped("check_ids")))

    def test_procedure_is_approved_anew(self):
        """HD-32: a changed procedure loses its approval, the version counts approvals."""
        user = self._create_user("boss", MANAGER)
        service = self.service.with_user(user)
        service.procedure = "<p>Open the valve.</p>"
        service.action_approve_procedure()
        self.assertRecordValues(service, [{"procedure_version": 1, "procedure_approved_by_id": user.id}])
        service.procedure = "<p>Close the valve first.</p>"
        self.assertFalse(service.procedure_approved_on)
        self.assertIn(
            "Open", service.approved_procedure, "work follows the approved version until the next one"
        )
        service.action_approve_procedure()
        self.assertEqual(service.procedure_version, 2)
        self.assertIn("Close", service.approved_procedure)
        self.assertEqual(sorted(service.procedure_ids.mapped("version")), [1, 2])
        with self.assertRaises(UserError):
            service.action_approve_procedure()
        with self.assertRaises(AccessError):
            service.procedure_ids[0].procedure = "<p>Other.</p>"

    def test_agent_does_not_approve(self):
        self.service.procedure = "<p>Open the valve.</p>"
        agent = self._create_user("eager", AGENT)
        with self.assertRaises(AccessError):
            self.service.with_user(agent).action_approve_procedure()
        self.assertFalse(self.service.procedure_ids)

    def test_approved_in_every_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.service.procedure = "<p>Open the valve.</p>"
        terms = {"it_IT": {"Open the valve.": "Aprire la valvola."}}
        self.service.update_field_translations("procedure", terms)
        self.service.action_approve_procedure()
        self.assertIn("Aprire", self.service.with_context(lang="it_IT").approved_procedure)
        self.assertIn("Open", self.service.with_context(lang="en_US").approved_procedure)

    def test_documents_travel_with_the_service(self):
        """HD-33: a technician reads the forms of a service."""
        form = self.env["ir.attachment"].create(
            {"name": "form.txt", "raw": b"Form", "res_model": self.service._name, "res_id": self.service.id}
        )
        self.service.document_ids = form
        technician = self._create_user("reader", TECHNICIAN)
        self.assertEqual(self.service.with_user(technician).document_ids.raw, b"Form")

    def test_regimes(self):
        """CT-20, CT-22: the regimes that coverage answers are records with rules."""
        codes = set(self.env["after.sales.regime"].search([]).mapped("code"))
        self.assertEqual(codes, {"warranty", "contract", "post_warranty", "on_demand"})
        self.assertTrue(self.env["after.sales.regime"]._get_by_code("on_demand").requires_quotation)

    def test_skills_of_technicians(self):
        skill = self.env["after.sales.skill"].create({"name": "Refrigerants"})
        technician = self.env["resource.resource"].create(
            {"name": "Tina", "is_technician": True, "skill_ids": [Command.link(skill.id)]}
        )
        self.assertEqual(skill.resource_ids, technician)

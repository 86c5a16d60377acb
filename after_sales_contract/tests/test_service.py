from odoo import Command

from .common import MANAGER, ContractCommon


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
        service.action_approve_procedure()
        self.assertEqual(service.procedure_version, 2)

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

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

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
        """HD-32: a changed procedure loses its approval, the version counts approvals; all versions are kept."""
        user, author = self._create_user("boss", MANAGER), self._create_user("author", MANAGER)
        service = self.service.with_user(user)
        self.service.with_user(author).procedure = "<p>Open the valve.</p>"
        service.action_approve_procedure()
        self.assertRecordValues(service, [{"procedure_version": 1, "procedure_approved_by_id": user.id}])
        self.service.with_user(author).procedure = "<p>Close the valve first.</p>"
        self.assertFalse(service.procedure_approved_on)
        self.assertIn(
            "Open", service.approved_procedure, "work follows the approved version until the next one"
        )
        service.action_approve_procedure()
        self.assertEqual(service.procedure_version, 2)
        self.assertIn("Close", service.approved_procedure)
        self.assertEqual(sorted(service.procedure_ids.mapped("version")), [1, 2])
        self.assertEqual(service.procedure_ids.author_id, author)
        with self.assertRaises(UserError):
            service.action_approve_procedure()
        with self.assertRaises(AccessError):
            service.procedure_ids[0].procedure = "<p>Other.</p>"

    def test_approval_is_asked_of_another_manager(self):
        """CT-28, HD-32: nobody approves his own text while somebody else can read it."""
        author, reader = (self._create_user(name, MANAGER) for name in ("writer", "approver"))
        service = self.service.with_user(author)
        service.procedure = "<p>Open the valve.</p>"
        with self.assertRaisesRegex(UserError, "you wrote this text"):
            service.action_approve_procedure()
        self.assertEqual(service.procedure_state, "draft")
        service.action_ask_approval()
        service.action_ask_approval()
        self.assertEqual(service.procedure_state, "asked")
        asked = self.service.activity_ids
        self.assertEqual(len(asked.filtered(lambda a: a.user_id == reader)), 1)
        self.assertNotIn(author, asked.user_id)
        with self.assertRaisesRegex(UserError, "asked for its approval"):
            service.action_approve_procedure()
        service.procedure = service.procedure
        self.assertEqual(service.procedure_state, "asked", "nothing changed")
        service.procedure = "<p>Open the valve slowly.</p>"
        self.assertEqual((service.procedure_state, len(self.service.activity_ids)), ("draft", 0))
        service.action_ask_approval()
        self.service.with_user(reader).action_approve_procedure()
        self.assertEqual((service.procedure_state, len(self.service.activity_ids)), ("approved", 0))
        self.assertIn("version 1", self.service.message_ids[0].body)

    def test_warning_names_a_version_that_there_is(self):
        manager = self._create_user("reads", MANAGER)
        self.service.procedure = "<p>Open the valve.</p>"
        self.assertEqual(self._get_warnings(manager), ["show none"])
        self.service.action_approve_procedure()
        self.assertFalse(self._get_warnings(manager))
        self.service.procedure = "<p>Open the valve slowly.</p>"
        self.assertEqual(self._get_warnings(manager), ["follow the version before"])

    def _get_warnings(self, user):
        """How the warnings end that the form shows about the working text."""
        service = self.service.with_user(user)
        arch = etree.fromstring(service.get_view(view_type="form")["arch"])
        known = {name: service[name] for name in ("procedure_state", "procedure_version")}
        return [
            alert.text.strip().removeprefix("This text is not approved. Until it is, calls and visits ")[:-1]
            for alert in arch.xpath("//page[@name='procedure']//div[@role='alert']")
            if not safe_eval(alert.get("invisible"), known)
        ]

    def test_only_manager_approves(self):
        """Neither agent nor technician approves or asks; both read the approved version, not the working text."""
        self.service.procedure = "<p>Open the valve.</p>"
        self.service.action_approve_procedure()
        self.service.procedure = "<p>Not thought through.</p>"
        for name, group in (("eager", AGENT), ("hasty", TECHNICIAN)):
            service = self.service.with_user(self._create_user(name, group))
            for action in (service.action_approve_procedure, service.action_ask_approval):
                with self.assertRaises(AccessError):
                    action()
            with self.assertRaises(AccessError):
                service.read(["procedure"])
            arch = etree.fromstring(service.get_view(view_type="form")["arch"])
            self.assertFalse(arch.xpath("//field[@name='procedure'][not(ancestor::field)]"))
            self.assertTrue(arch.xpath("//field[@name='approved_procedure']"))
            self.assertIn("Open", service.approved_procedure)
            Form(service)
        self.assertEqual(len(self.service.procedure_ids), 1)

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

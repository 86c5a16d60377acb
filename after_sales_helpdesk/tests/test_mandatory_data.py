from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestMandatoryData(HelpdeskCommon):
    """HD-02: what must be known is named at intake, and asked for where the call goes on."""

    def test_service_says_what_must_be_known(self):
        """HD-02: what is missing is asked for at intake and stops the call until it is known."""
        self.service.requirement_ids = [
            Command.create({"what": "unit", "hint": "read it on the rating plate"}),
            Command.create({"what": "symptom"}),
        ]
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        self.assertIn("rating plate", ticket.missing_data)
        with self.assertRaisesRegex(ValidationError, "Installed Unit .*Symptom"):
            ticket.action_check_coverage()
        self.assertEqual(ticket.state, "registered")
        ticket.unit_id = self._create_covered_unit(serial="SN-301")
        ticket.fault_id = self.env["after.sales.fault"].search([("kind", "=", "symptom")], limit=1)
        self.assertFalse(ticket.missing_data)
        ticket.action_check_coverage()
        self.assertEqual(ticket.state, "checked")

    def test_every_call_needs_a_service_and_a_description(self):
        """As shipped: a mail comes in without, and goes on when an agent has said what it is about."""
        for what, hint in (("service", False), ("description", "what happens")):
            self.env["after.sales.service.requirement"].create({"what": what, "hint": hint})
        ticket = self._create_ticket(self.agent, unit_id=self._create_covered_unit(serial="SN-305").id)
        with self.assertRaisesRegex(ValidationError, r"Service, Description \(what happens\)"):
            ticket.action_check_coverage()
        ticket.write({"service_id": self.service.id, "description": "<p>It smokes</p>"})
        self.service.requirement_ids = [Command.create({"what": "description", "hint": "which error code"})]
        ticket.action_check_coverage()
        self.assertEqual(ticket.state, "checked")
        ticket.description = False
        self.assertEqual(
            ticket.missing_data, "Description (which error code)", "asked once, as the service asks"
        )

    def test_questions_of_a_template_are_no_answer(self):
        self.service.requirement_ids = [Command.create({"what": "description"})]
        template = self.env["after.sales.ticket.template"].create(
            {"name": "Cold", "subject": "Cold", "description": "<p>Since when?</p><p>Which error?</p>"}
        )
        ticket = self._create_ticket(self.agent, service_id=self.service.id, template_id=template.id)
        self.assertIn("Since when", ticket.description)
        self.assertEqual(ticket.missing_data, "Description")
        ticket.description = "<p>Since when? Monday</p><p>Which error?</p>"
        self.assertFalse(ticket.missing_data)

    def test_file_and_description_count(self):
        self.service.requirement_ids = [Command.create({"what": what}) for what in ("file", "description")]
        ticket = self._create_ticket(self.agent, service_id=self.service.id, description="<p><br></p>")
        self.assertEqual(ticket.missing_data, "Photo or Document, Description")
        ticket.description = "<p>It smokes</p>"
        self.env["ir.attachment"].with_user(self.agent).create(
            {"name": "smoke.jpg", "raw": b"x", "res_model": ticket._name, "res_id": ticket.id}
        )
        ticket.invalidate_recordset()
        self.assertFalse(ticket.missing_data)

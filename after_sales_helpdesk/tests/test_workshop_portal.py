import doctest

from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..tools import barcode
from .common_field import SIGNATURE
from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestWorkshopPortal(WorkshopCommon, HttpCase):
    """Label, act and screens of the workshop, for those who may see them and for strangers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        __, cls.unit = cls._sold_units("M-1")
        cls.ticket = cls._create_ticket(unit_id=cls.unit.id, service_id=cls.service.id)
        cls.record = cls._create_return(cls.unit, ticket_id=cls.ticket.id)
        cls.owner = new_test_user(cls.env, "return_owner", groups="base.group_portal")
        cls.owner.partner_id.parent_id = cls.consumer
        cls.stranger = new_test_user(cls.env, "return_stranger", groups="base.group_portal")

    def test_label_for_the_customer_only(self):
        url = f"/my/returns/{self.record.id}"
        self.authenticate("return_owner", "return_owner")
        self.assertNotIn("pdf", self.url_open(url).headers["Content-Type"], "not authorised yet")
        self.record.action_authorise()
        self.env.flush_all()
        self.assertIn("Download the label", self.url_open(f"/my/calls/{self.ticket.id}").text)
        self.assertIn("pdf", self.url_open(url).headers["Content-Type"])
        self.authenticate("return_stranger", "return_stranger")
        for wrong in (url, "/my/returns/999999999", url + "?access_token=wrong"):
            self.assertNotIn("pdf", self.url_open(wrong).headers["Content-Type"])
        self.authenticate(None, None)
        link = self.record.sudo().get_portal_url()
        self.assertIn("pdf", self.url_open(link).headers["Content-Type"])

    def _render(self, report, record, lang="en_US"):
        record.sudo().partner_id.lang = lang
        html, __ = self.env["ir.actions.report"]._render_qweb_html(report, record.ids)
        return html.decode()

    def test_label_says_what_comes_back(self):
        self.record.action_authorise()
        html = self._render("after_sales_helpdesk.report_return_label", self.record)
        for text in (self.record.name, "M-1", "Broken"):
            self.assertIn(text, html)
        self.assertEqual(html.count("data:image/png;base64"), 2, "bar code and QR code")

    def test_doctests(self):
        self.assertFalse(doctest.testmod(barcode).failed)

    def test_act_says_what_was_done(self):
        self.record.action_authorise()
        self._receive(self.record)
        line = self.record.line_ids
        self._accept(line)
        self._repair(line)
        act = self._hand_out(line, signed_by="Carla", signature=SIGNATURE)
        html = self._render("after_sales_helpdesk.report_handout", act)
        for text in (act.name, "M-1", "Repair", "Carla"):
            self.assertIn(text, html)

    def test_screens(self):
        """Everybody who works with it can open it, and new returns are filled from the call."""
        action = self.ticket.with_user(self.agent).action_return()
        self.assertEqual(action["domain"], [("ticket_id", "=", self.ticket.id)])
        form = Form(
            self.env["after.sales.return"]
            .with_user(self.agent)
            .with_context(default_ticket_id=self.ticket.id)
        )
        with form.line_ids.new() as line:
            line.unit_id = self.unit
            line.note = "Broken"
        record = form.save()
        self.record.line_ids.unlink()
        self.assertEqual((record.partner_id, record.line_ids.serial), (self.consumer, "M-1"))
        record.action_authorise()
        for user in (self.agent, self.technician_user):
            for model, ids in (
                ("after.sales.return", record.ids),
                ("after.sales.return.line", record.line_ids.ids),
            ):
                Form(self.env[model].with_user(user).browse(ids))

import doctest

from freezegun import freeze_time
from lxml import etree

from odoo.fields import Command
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
        url = f"/my/returns/{self.record.id}?report_type=pdf"
        self.authenticate("return_owner", "return_owner")
        self.assertNotIn("pdf", self.url_open(url).headers["Content-Type"], "not authorised yet")
        self.record.action_authorise()
        self.env.flush_all()
        self.assertIn("Download the label", self.url_open(f"/my/calls/{self.ticket.id}").text)
        self.assertIn("pdf", self.url_open(url).headers["Content-Type"])
        self.authenticate("return_stranger", "return_stranger")
        for wrong in (url, "/my/returns/999999999", url + "&access_token=wrong"):
            self.assertNotIn("pdf", self.url_open(wrong).headers["Content-Type"])
        self.authenticate(None, None)
        link = self.record.sudo().get_portal_url(report_type="pdf")
        self.assertIn("pdf", self.url_open(link).headers["Content-Type"])

    def _render(self, report, record, lang="en_US"):
        record.sudo().partner_id.lang = lang
        html, __ = record.env["ir.actions.report"]._render_qweb_html(report, record.ids)
        return html.decode()

    def test_label_says_what_comes_back(self):
        self.record.action_authorise()
        html = self._render("after_sales_helpdesk.report_return_label", self.record)
        for text in (self.record.name, "M-1", "Broken"):
            self.assertIn(text, html)
        self.assertEqual(html.count("data:image/png;base64"), 2, "bar code and QR code")

    def test_doctests(self):
        self.assertFalse(doctest.testmod(barcode).failed)

    def _repaired(self):
        """The machine of the return, two hours after it came: one board in it, and what was wrong."""
        self.record.action_authorise()
        self._receive(self.record)
        line = self.record.line_ids
        line.findings = "Pump seized"
        with freeze_time("2026-03-12 09:30:00"):
            self._accept(line, "worn")
            repair = line.sudo().repair_ids
            self._stock(self.part_a, 5)
            repair.move_ids = [
                Command.create(
                    {"product_id": self.part_a.id, "product_uom_qty": 2.0, "repair_line_type": "add"}
                )
            ]
            self._repair(line)
        return line

    def _get_facts(self, html):
        """{name: text} of the facts on the act."""
        tree = etree.fromstring(html, etree.HTMLParser())
        return {
            cell.get("name"): " ".join("".join(cell.itertext()).split())
            for cell in tree.iter("td")
            if cell.get("name")
        }

    def test_act_names_every_fact_that_the_customer_is_owed(self):
        """Request, hand-over, fix with the defect found, spare parts, hand-out (law.md L33), in his language."""
        self.company.partner_id.tz = "UTC"
        self.ticket.date_reported = "2026-03-10 08:15:00"
        line = self._repaired()
        with freeze_time("2026-03-13 16:45:00"):
            act = self._hand_out(line, signed_by="Carla", signature=SIGNATURE)
        report = "after_sales_helpdesk.report_handout"
        act = act.with_user(self.technician_user)
        html = self._render(report, act)
        for text in (act.name, "M-1", "Carla", self.record.name):
            self.assertIn(text, html)
        facts = self._get_facts(html)
        for name, texts in {
            "requested": ["03/10/2026"],
            "handed_over": ["03/11/2026"],
            "reported": ["Broken"],
            "found": ["Worn by use", "Pump seized"],
            "outcome": ["Repair"],
            "fixed": ["03/12/2026"],
            "parts": ["2.00 × Board"],
            "handed_out": ["03/13/2026"],
        }.items():
            for text in texts:
                self.assertIn(text, facts[name], name)
        self.assertNotIn("Pump seized", facts["outcome"])
        self.env["res.lang"]._activate_lang("it_IT")
        self.assertIn("10/03/2026", self._get_facts(self._render(report, act, "it_IT"))["requested"])

    def test_act_of_goods_that_were_not_repaired(self):
        """It says so instead of naming a date, and leaves room for the day of the hand-out."""
        self.record.action_authorise()
        self._receive(self.record)
        line = self.record.line_ids
        line.refusal_reason = "Not our product"
        line.action_refuse()
        act = line.env["after.sales.handout"].browse(line.action_hand_out()["res_id"])
        facts = self._get_facts(self._render("after_sales_helpdesk.report_handout", act))
        self.assertEqual((facts["fixed"], facts["parts"], facts["handed_out"]), ("Not repaired", "None", ""))
        self.assertIn("Not our product", facts["outcome"])

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

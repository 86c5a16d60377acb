from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AGENT, TECHNICIAN
from .extension_common import ExtensionCommon


@tagged("post_install", "-at_install")
class TestWaiver(ExtensionCommon):
    """WA-19: who gives up or loses cover is told what it means, and what he was told is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("agent", AGENT)
        cls.unit = cls._create_unit(serial="W1", delivery_date=fields.Date.today())
        cls.misuse = cls.env.ref("after_sales_warranty.after_sales_fault_c72")
        cls.fault = cls.env.ref("after_sales_warranty.after_sales_fault_s41")

    def _declare(self, **values):
        wizard = (
            self.env["after.sales.waiver.declare"]
            .with_user(self.agent)
            .create({"unit_id": self.unit.id, **values})
        )
        return self.env["after.sales.waiver"].browse(wizard.action_declare()["res_id"])

    def test_waived(self):
        warranty = self.unit.warranty_ids
        form = Form(
            self.env["after.sales.waiver.declare"]
            .with_user(self.agent)
            .with_context(
                default_unit_id=self.unit.id, default_warranty_id=warranty.id, default_kind="waiver"
            )
        )
        self.assertIn("gives up this commercial warranty", form.text)
        self.assertEqual(form.declared_by, "Carla Consumer")
        form.declared_by = "Carla by phone"
        waiver = self.env["after.sales.waiver"].browse(form.save().action_declare()["res_id"])
        self.assertRecordValues(warranty, [{"ended_by": "waiver", "state": "void"}])
        self.assertEqual(waiver.declared_by, "Carla by phone")
        self.assertIn("gives up this commercial warranty", waiver.text)
        event = warranty.event_ids.filtered(lambda e: e.kind == "waiver")
        self.assertRecordValues(
            event, [{"user_id": self.agent.id, "res_model": waiver._name, "res_id": waiver.id}]
        )
        self.assertIn("Carla by phone", self.unit.message_ids[0].body)
        with self.assertRaises(AccessError):
            waiver.with_user(self.agent).text = "Something else"
        with self.assertRaises(UserError):
            waiver.unlink()

    def test_paper(self):
        waiver = self._declare(kind="offer")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("after_sales_warranty.report_waiver", waiver.ids)[0]
            .decode()
        )
        for text in (
            "W1",
            "Carla Consumer",
            self.company.name,
            "is declined, the customer pays",
            "Extension declined",
        ):
            self.assertIn(text, html)

    def test_legal_warranty_of_a_consumer(self):
        """L12: what law gives is not given up; the message names the rule."""
        self.consumer.country_id = self.env.ref("base.it")
        self.unit.warranty_ids.kind = "legal"
        with self.assertRaisesRegex(UserError, "cannot be waived.*art. 133"):
            self._declare(kind="waiver", warranty_id=self.unit.warranty_ids.id)
        with self.assertRaisesRegex(ValidationError, "cannot be waived"), self.cr.savepoint():
            self.unit.warranty_ids._add_event("waiver", fields.Date.today())
        self.assertEqual(self.unit.warranty_ids.state, "active")

    def test_legal_warranty_of_a_business(self):
        self.unit.partner_id = self.business
        self.unit.warranty_ids.kind = "legal"
        self._declare(kind="waiver", warranty_id=self.unit.warranty_ids.id)
        self.assertEqual(self.unit.warranty_ids.ended_by, "waiver")

    def test_loss_needs_proof(self):
        warranty = self.unit.warranty_ids
        evidence = self.env["ir.attachment"].with_user(self.agent).create({"name": "photo.jpg", "raw": b"x"})
        for values in (
            {"reason": "Opened"},
            {"reason": "Opened", "fault_id": self.fault.id},
            {"fault_id": self.misuse.id},
            {"attachment_ids": [Command.link(evidence.id)]},
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "with proof"):
                self._declare(kind="loss", warranty_id=warranty.id, **values)
        self.assertFalse(warranty.ended_by)
        waiver = self._declare(
            kind="loss", warranty_id=warranty.id, reason="Opened", attachment_ids=[Command.link(evidence.id)]
        )
        self.assertEqual(warranty.ended_by, "void")
        self.assertEqual((evidence.res_model, evidence.res_id), (waiver._name, waiver.id))

    def test_loss_by_a_fault_of_misuse(self):
        self._declare(
            kind="loss", warranty_id=self.unit.warranty_ids.id, reason="Frost", fault_id=self.misuse.id
        )
        self.assertEqual(self.unit.warranty_ids.ended_by, "void")

    def test_warranty_of_another_unit(self):
        other = self._create_unit(serial="W2")
        with self.assertRaisesRegex(UserError, "Choose a warranty of"):
            self._declare(kind="waiver", warranty_id=other.warranty_ids.id)

    def test_roles(self):
        technician = self._create_user("technician", TECHNICIAN)
        with self.assertRaises(AccessError):
            self.env["after.sales.waiver.declare"].with_user(technician).create(
                {"unit_id": self.unit.id, "kind": "offer"}
            )
        self.assertTrue(self._declare(kind="offer").with_user(technician).text)

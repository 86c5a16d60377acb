from odoo import Command
from odoo.tests import Form, tagged

from .common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestSources(ComplaintCommon):
    """A complaint is opened from each document, keeps it, and is found from it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Machine", "type": "consu", "is_storable": True, "taxes_id": [Command.set(cls.vat.ids)]}
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "product_uom_qty": 1, "price_unit": 90.0})
                ],
            }
        )
        cls.order.action_confirm()
        picking = cls.order.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        cls.picking = picking
        cls.invoice = cls.order._create_invoices()
        cls.invoice.action_post()
        cls.unit = cls.env["after.sales.unit"].search([("sale_order_id", "=", cls.order.id)], limit=1)
        cls.ticket = cls.env["after.sales.ticket"].create(
            {
                "subject": "Does not start",
                "partner_id": cls.customer.id,
                "unit_id": cls.unit.id,
                "company_id": cls.company.id,
            }
        )

    def _complain(self, source, **expected):
        """Press the button on the document as an agent and save the form it opens."""
        action = source.with_user(self.agent).action_new_complaint()
        complaints = self.env["after.sales.complaint"].with_user(self.agent).with_context(**action["context"])
        with Form(complaints) as form:
            form.subject = "It came late"
        complaint = form.record
        self.assertRecordValues(
            complaint, [{"partner_id": self.customer.id, "company_id": self.company.id, **expected}]
        )
        source.invalidate_recordset(["after_sales_complaint_count"])
        self.assertEqual(source.with_user(self.agent).after_sales_complaint_count, 1)
        opened = source.with_user(self.agent).action_open_complaints()
        self.assertIn(complaint, self.env["after.sales.complaint"].search(opened["domain"]))
        return complaint

    def test_order(self):
        self._complain(self.order, sale_order_id=self.order.id, invoice_id=self.invoice.id)

    def test_order_line(self):
        action = self.order.order_line.with_user(self.agent).action_new_complaint()
        complaints = self.env["after.sales.complaint"].with_user(self.agent).with_context(**action["context"])
        with Form(complaints) as form:
            form.subject = "This line"
        self.assertRecordValues(
            form.record,
            [
                {
                    "sale_line_id": self.order.order_line.id,
                    "sale_order_id": self.order.id,
                    "product_id": self.product.id,
                }
            ],
        )

    def test_delivery(self):
        self._complain(self.picking, picking_id=self.picking.id, sale_order_id=self.order.id)

    def test_invoice(self):
        self._complain(self.invoice, invoice_id=self.invoice.id, sale_order_id=self.order.id)

    def test_unit(self):
        self.assertTrue(self.unit)
        self._complain(
            self.unit,
            unit_id=self.unit.id,
            product_id=self.product.id,
            sale_order_id=self.order.id,
            invoice_id=self.invoice.id,
        )

    def test_call(self):
        self._complain(self.ticket, ticket_id=self.ticket.id, unit_id=self.unit.id)

    def test_intervention(self):
        intervention = self.env["after.sales.intervention"].create(
            {"ticket_id": self.ticket.id, "partner_id": self.customer.id, "company_id": self.company.id}
        )
        self._complain(intervention, intervention_id=intervention.id, ticket_id=self.ticket.id)

    def test_contract(self):
        contract = self.env["after.sales.contract"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, "date_start": "2025-01-01"}
        )
        self._complain(contract, contract_id=contract.id)

    def test_partner(self):
        complaint = self._create_complaint()
        self.assertEqual(self.customer.with_user(self.agent).after_sales_complaint_count, 1)
        opened = self.customer.with_user(self.agent).action_open_complaints()
        self.assertEqual(self.env["after.sales.complaint"].search(opened["domain"]), complaint)

    def test_back_to_the_document(self):
        complaint = self._create_complaint(unit_id=self.unit.id)
        action = complaint.with_context(origin="unit_id").action_open_origin()
        self.assertEqual((action["res_model"], action["res_id"]), ("after.sales.unit", self.unit.id))

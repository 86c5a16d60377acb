from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.after_sales_helpdesk.tests.common_field import FieldCommon

from .. import post_init_hook


@tagged("post_install", "-at_install")
class TestSaleTimesheet(FieldCommon):
    """The hours of a visit are billed once, by its charges, even on a project that bills timesheets (D87)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = cls.env["product.product"].create(
            {"name": "Hour", "type": "service", "service_policy": "delivered_timesheet", "list_price": 90.0}
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.consumer.id,
                "order_line": [
                    Command.create({"product_id": hours.id, "product_uom_qty": 10}) for __ in range(2)
                ],
            }
        )
        cls.order.action_confirm()
        cls.project = cls.env["project.project"].create(
            {
                "name": "Billed by the hour",
                "company_id": cls.company.id,
                "allow_timesheets": True,
                "allow_billable": True,
                "partner_id": cls.consumer.id,
                "sale_line_id": cls.order.order_line[0].id,
            }
        )
        cls.company.after_sales_project_id = cls.project

    def test_visits_are_not_billed_by_timesheet(self):
        visit = self._create_visit(self.technician_user)
        self._add_session(visit, "work", 9, 11)
        self.assertTrue(self._finish(visit))
        of_visit = visit.session_ids.sudo().timesheet_ids
        by_hand = self.env["account.analytic.line"].create(
            {"project_id": self.project.id, "employee_id": self.employee.id, "unit_amount": 3.0}
        )
        self.assertRecordValues(
            of_visit + by_hand,
            [
                {"so_line": False, "timesheet_invoice_type": "non_billable", "unit_amount": 2.0},
                {
                    "so_line": self.order.order_line[0].id,
                    "timesheet_invoice_type": "billable_time",
                    "unit_amount": 3.0,
                },
            ],
        )
        self.assertEqual(self.order.order_line[0].qty_delivered, 3.0)
        self.project.sale_line_id = self.order.order_line[1]
        self.assertFalse(of_visit.so_line, "also when the project gets another line")

    def test_what_visits_entered_before(self):
        """Installed later, it takes back what the order has counted as its own and not invoiced."""
        visit = self._create_visit(self.technician_user)
        self._add_session(visit, "work", 9, 11)
        self.assertTrue(self._finish(visit))
        of_visit = visit.session_ids.sudo().timesheet_ids
        of_visit.so_line = line = self.order.order_line[0]
        self.assertEqual(line.qty_delivered, 2.0)
        post_init_hook(self.env)
        self.assertFalse(of_visit.so_line)
        self.assertEqual(line.qty_delivered, 0.0)

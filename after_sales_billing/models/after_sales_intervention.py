from odoo import fields, models

ACCOUNTING = "account.group_account_invoice,account.group_account_readonly"
RECOVERY = f"after_sales_warranty.group_after_sales_agent,{ACCOUNTING}"
"""Who sees what is claimed from suppliers."""


class AfterSalesIntervention(models.Model):
    _inherit = "after.sales.intervention"

    trip_ids = fields.One2many("after.sales.trip", "intervention_id", string="Trips")
    employee_expense_ids = fields.One2many(
        "hr.expense", "after_sales_intervention_id", string="Employee Expenses"
    )
    trip_count = fields.Integer(compute="_compute_trip_count")
    employee_expense_count = fields.Integer(compute="_compute_employee_expense_count")
    invoice_count = fields.Integer(compute="_compute_invoice_count", groups=ACCOUNTING)

    def _compute_trip_count(self):
        counts = dict(
            self.env["after.sales.trip"]._read_group(
                [("intervention_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["intervention_id"],
                ["__count"],
            )
        )
        for record in self:
            record.trip_count = counts.get(record, 0)

    def _compute_employee_expense_count(self):
        counts = dict(
            self.env["hr.expense"]._read_group(
                [("after_sales_intervention_id", "in", self.ids)],
                ["after_sales_intervention_id"],
                ["__count"],
            )
        )
        for record in self:
            record.employee_expense_count = counts.get(record, 0)

    def _compute_invoice_count(self):
        counts = self.env["after.sales.billing.entry"]._count_documents("intervention_id", self)
        for record in self:
            record.invoice_count = counts.get(record.id, 0)

    def action_view_invoices(self):
        return (
            self.env["after.sales.billing.entry"]
            ._get_documents("intervention_id", self)
            ._after_sales_get_action()
        )

    def action_view_trips(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("after_sales_billing.after_sales_trip_action")
        action.update(
            {"domain": [("intervention_id", "=", self.id)], "context": {"default_intervention_id": self.id}}
        )
        return action

    def action_view_employee_expenses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hr_expense.hr_expense_actions_my_all")
        action["name"] = self.env._("Expenses")
        action.update(
            {
                "domain": [("after_sales_intervention_id", "=", self.id)],
                "context": {
                    "default_after_sales_intervention_id": self.id,
                    "default_company_id": self.company_id.id,
                    "default_date": self._get_charge_date(),
                },
            }
        )
        return action

    def _get_charge_sources(self):
        return super()._get_charge_sources() + [self.employee_expense_ids, self.trip_ids]

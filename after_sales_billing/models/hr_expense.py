from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.after_sales_warranty.tools.actions import open_records

APPROVED = ("approved", "posted", "in_payment", "paid")


class HrExpense(models.Model):
    """An employee's expense on a visit: he is paid by Odoo's own flow, the customer is charged once."""

    _name = "hr.expense"
    _inherit = ["hr.expense", "after.sales.billable.mixin"]

    after_sales_intervention_id = fields.Many2one(
        "after.sales.intervention",
        "Intervention",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The visit on which this was spent.",
    )
    after_sales_ticket_id = fields.Many2one(related="after_sales_intervention_id.ticket_id", string="Call")
    after_sales_charge = fields.Boolean(
        "Charge It On",
        default=True,
        help="Charge the expense by the tariff of the visit, if warranty or contract do not cover it. Otherwise it "
        "only counts as cost of the visit.",
    )
    after_sales_expense_id = fields.Many2one(
        "after.sales.intervention.expense",
        "Entered on the Work Report As",
        index="btree_not_null",
        copy=False,
        domain="[('intervention_id', '=', after_sales_intervention_id)]",
        help="The line of the work report that this expense proves. The line is charged, the expense is not.",
    )

    after_sales_charge_count = fields.Integer("Charges", compute="_compute_after_sales_charge_count")

    @api.depends("charge_ids.state", "after_sales_expense_id.charge_ids.state")
    def _compute_after_sales_charge_count(self):
        for expense in self:
            expense.after_sales_charge_count = len(expense._get_after_sales_charges())

    def _get_after_sales_charges(self):
        """What became of it for the customer: its own charge, or that of the line of the work report it proves."""
        sources_sudo = self.sudo()  # how many, and which: to read them takes the right to
        charges_sudo = sources_sudo.charge_ids | sources_sudo.after_sales_expense_id.charge_ids
        return charges_sudo.filtered(lambda charge: charge.state != "cancelled").sudo(False)

    def action_view_after_sales_charges(self):
        self.check_access("read")
        return open_records(self._get_after_sales_charges())

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    @api.constrains("after_sales_intervention_id", "after_sales_charge", "after_sales_expense_id")
    def _check_after_sales_billed(self):
        # the employee may not read charges, but must not change what is billed
        if self.sudo().charge_ids.filtered(lambda charge: charge.state != "cancelled"):
            raise UserError(self.env._("This expense is charged already: reset it first."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        if self.sudo().charge_ids.filtered(lambda charge: charge.state != "cancelled"):
            raise UserError(self.env._("This expense is charged already: reset it first."))

    # ------------------------------------------------------------------
    # Odoo's flow
    # ------------------------------------------------------------------

    def _do_approve(self, check=True):
        result = super()._do_approve(check=check)
        # who approves the expense needs no right on charges
        self.filtered("after_sales_intervention_id").sudo()._make_charges()
        return result

    def _do_reset_approval(self):
        self._cancel_after_sales_charges()
        return super()._do_reset_approval()

    def _do_refuse(self, reason):
        self._cancel_after_sales_charges()
        return super()._do_refuse(reason)

    def _cancel_after_sales_charges(self):
        charges_sudo = self.sudo().charge_ids.filtered(lambda charge: charge.state != "cancelled")
        if charges_sudo - charges_sudo._get_unbilled():
            raise UserError(
                self.env._("This expense is billed to the customer: delete or credit the invoice first.")
            )
        charges_sudo._cancel()

    # ------------------------------------------------------------------
    # after.sales.billable.mixin
    # ------------------------------------------------------------------

    def _get_charge_intervention(self):
        return self.after_sales_intervention_id

    def _get_to_charge_domain(self):
        return (
            Domain("after_sales_intervention_id.state", "=", "done")
            & Domain("after_sales_expense_id", "=", False)
            & Domain("state", "in", APPROVED)
        )

    def _prepare_charge_vals_list(self):
        return [
            expense._prepare_charge_vals(
                "expense",
                "expense",
                1.0,
                name=expense.name,
                date=expense.date,
                technician_id=expense.sudo().employee_id.resource_id.id,
                is_free=not expense.after_sales_charge,
            )
            for expense in self
        ]

    def _get_real_cost(self, vals, tariff_line):
        return self.total_amount - self.tax_amount

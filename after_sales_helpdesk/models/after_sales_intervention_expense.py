from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesInterventionExpense(models.Model):
    """What was paid on the way, entered by hand: parking, toll, a hotel, a subcontractor."""

    _name = "after.sales.intervention.expense"
    _description = "Expense of an Intervention"
    _inherit = ["after.sales.billable.mixin"]
    _order = "date, id"
    _check_company_auto = True

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    technician_id = fields.Many2one(
        "resource.resource",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('is_technician', '=', True)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        [("expense", "Expense"), ("subcontract", "Subcontractor")], default="expense", required=True
    )
    name = fields.Char("Description", required=True)
    amount = fields.Monetary("Amount Paid", required=True, help="Without taxes that we get back.")

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "An expense cannot be negative.")

    @api.depends("intervention_id")
    def _compute_technician_id(self):
        own = self.env["resource.resource"]._get_own_technician()
        for expense in self:
            expense.technician_id = expense.technician_id or expense.intervention_id._get_worker(own)

    @api.constrains("amount", "kind", "date")
    def _check_open(self):
        self.intervention_id._ensure_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.intervention_id._ensure_open()

    # after.sales.billable.mixin
    # --------------------------

    def _get_charge_intervention(self):
        return self.intervention_id

    def _get_to_charge_domain(self):
        return Domain("intervention_id.state", "=", "done") & Domain("amount", ">", 0)

    def _prepare_charge_vals_list(self):
        return [
            expense._prepare_charge_vals(
                expense.kind,
                "amount",
                1.0,
                name=expense.name,
                date=expense.date,
                technician_id=expense.technician_id.id,
            )
            for expense in self
        ]

    def _get_real_cost(self, vals, tariff_line):
        return self.amount

from odoo import api, fields, models

from ..tools import periods
from .after_sales_contract_template import PERIOD_UNITS


class AfterSalesContractVisitPlan(models.Model):
    """How often a contract has a visit of a service."""

    _name = "after.sales.contract.visit.plan"
    _description = "Visit Plan of a Service Contract"
    _order = "template_id, contract_id, sequence, id"

    template_id = fields.Many2one("after.sales.contract.template", index="btree_not_null", ondelete="cascade")
    contract_id = fields.Many2one("after.sales.contract", index="btree_not_null", ondelete="cascade")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True)
    sequence = fields.Integer(default=10)
    service_id = fields.Many2one("after.sales.service", required=True, index=True)
    interval = fields.Integer("Every", default=6, required=True)
    interval_unit = fields.Selection(PERIOD_UNITS, default="month", required=True)
    first_after = fields.Integer("First after (days)", default=0, help="Days from the start of the contract.")
    tolerance = fields.Integer(
        "Tolerance (days)", default=7, help="The visit may be this many days earlier or later."
    )
    holiday_rule = fields.Selection(
        [("keep", "Keep the day"), ("next", "Next working day"), ("previous", "Working day before")],
        "On a Day off",
        default="next",
        required=True,
    )

    visit_ids = fields.One2many("after.sales.contract.visit", "plan_id", "Visits")

    _one_owner = models.Constraint(
        "CHECK ((template_id IS NULL) <> (contract_id IS NULL))",
        "A visit plan belongs to a template or to a contract.",
    )
    _interval_positive = models.Constraint("CHECK (interval > 0)", "The interval of visits is at least one.")
    _days_positive = models.Constraint(
        "CHECK (first_after >= 0 AND tolerance >= 0)", "Days of a visit plan cannot be negative."
    )

    @api.depends("template_id.company_id", "contract_id.company_id")
    def _compute_company_id(self):
        for plan in self:
            plan.company_id = plan.contract_id.company_id or plan.template_id.company_id

    def _get_dates(self, start, stop, is_workday):
        """Days of the visits between two days, shifted off the days on which nobody works."""
        self.ensure_one()
        return periods.occurrences(
            start, stop, self.interval, self.interval_unit, self.first_after, is_workday, self.holiday_rule
        )

from odoo import api, fields, models

from ..tools import periods, renewal
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

    def _get_rhythm(self):
        """How often, in words that go on a sentence."""
        self.ensure_one()
        once = {
            "day": self.env._("every day"),
            "week": self.env._("every week"),
            "month": self.env._("every month"),
            "quarter": self.env._("every quarter"),
            "year": self.env._("every year"),
        }
        many = {
            "day": self.env._("every %s days", self.interval),
            "week": self.env._("every %s weeks", self.interval),
            "month": self.env._("every %s months", self.interval),
            "quarter": self.env._("every %s quarters", self.interval),
            "year": self.env._("every %s years", self.interval),
        }
        return (once if self.interval == 1 else many)[self.interval_unit]

    def _get_dates(self, start, stop, is_workday):
        """Days of the visits between two days, shifted off the days on which nobody works."""
        self.ensure_one()
        return periods.occurrences(
            start, stop, self.interval, self.interval_unit, self.first_after, is_workday, self.holiday_rule
        )

    def _prepare_successor_plan_vals(self, old_start, new_start):
        """Values of the plan in the next term: visits go on in the rhythm they have."""
        self.ensure_one()
        base = periods.add(old_start, self.first_after, "day")
        day = renewal.next_occurrence(base, self.interval, self.interval_unit, new_start)
        return self.copy_data({"contract_id": False, "first_after": (day - new_start).days})[0]

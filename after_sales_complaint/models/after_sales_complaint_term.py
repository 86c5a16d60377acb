from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.deadlines import Promise

STEPS = [
    ("acknowledge", "Acknowledgement"),
    ("assess", "Assessment"),
    ("investigate", "Investigation"),
    ("answer", "Answer to the Customer"),
    ("execute", "Execution of the Remedy"),
    ("appeal", "Decision of the Appeal"),
    ("close", "Closing"),
]


class AfterSalesComplaintTerm(models.Model):
    """Within how many days a step is promised: dated data, by desk, country, kind of customer and severity."""

    _name = "after.sales.complaint.term"
    _description = "Complaint Time Limit"
    _order = "step, sequence, id"

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    step = fields.Selection(STEPS, required=True)
    days = fields.Integer(required=True)
    day_kind = fields.Selection(
        [("working", "Working Days"), ("calendar", "Calendar Days")], required=True, default="working"
    )
    company_id = fields.Many2one("res.company", index=True)
    team_id = fields.Many2one("after.sales.complaint.team", index=True, ondelete="cascade")
    country_id = fields.Many2one("res.country", help="Country of the customer.")
    customer_kind = fields.Selection(
        [("both", "Anyone"), ("consumer", "Consumer"), ("business", "Business")],
        required=True,
        default="both",
    )
    severity = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")]
    )
    date_from = fields.Date()
    date_to = fields.Date()
    is_legal = fields.Boolean(
        string="Set by Law", help="A law can only shorten what the company promises, never lengthen it."
    )
    law_ref = fields.Char(string="Law")

    _days_positive = models.Constraint("CHECK (days >= 0)", "Days cannot be negative.")
    _dates_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)", "The end is before the start."
    )

    @api.depends("step", "days", "day_kind")
    @api.depends_context("lang")
    def _compute_name(self):
        steps = dict(self._fields["step"]._description_selection(self.env))
        kinds = dict(self._fields["day_kind"]._description_selection(self.env))
        for term in self:
            term.name = f"{steps.get(term.step, '')}: {term.days} {kinds.get(term.day_kind, '')}"

    def _get_applicable_domain(self, complaint, step, day):
        def free_or(field, value):
            return Domain(field, "in", [value, False])

        partner = complaint.commercial_partner_id
        kinds = ["both"]
        if partner:
            kinds.append("business" if partner.is_company else "consumer")
        return (
            Domain("step", "=", step)
            & free_or("company_id", complaint.company_id.id)
            & free_or("team_id", complaint.team_id.id)
            & free_or("country_id", partner.country_id.id)
            & free_or("severity", complaint.severity)
            & Domain("customer_kind", "in", kinds)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", day))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    def _get_promises(self, complaint, step, day):
        """Promises that fit a complaint on a day; the more a row says, the more specific it is."""
        return [
            Promise(
                key=term.id,
                days=term.days,
                working=term.day_kind == "working",
                legal=term.is_legal,
                rank=sum(
                    weight
                    for weight, used in (
                        (16, term.team_id),
                        (8, term.severity),
                        (4, term.country_id),
                        (2, term.customer_kind != "both"),
                        (1, term.company_id),
                    )
                    if used
                ),
            )
            for term in self.search(self._get_applicable_domain(complaint, step, day))
        ]

from odoo import api, fields, models

from ..tools import assessment


class AfterSalesComplaint(models.Model):
    """What the complaint is about, how grave it is, and what follows from that."""

    _inherit = "after.sales.complaint"

    # Assessment
    cause_id = fields.Many2one("after.sales.complaint.cause", index=True, tracking=True)
    fault_id = fields.Many2one("after.sales.fault", string="Technical Fault", index="btree_not_null")
    severity = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")],
        required=True,
        default="medium",
        tracking=True,
    )
    is_safety = fields.Boolean(string="Danger to People", tracking=True)
    complexity = fields.Selection(
        [("simple", "Simple"), ("complex", "Complex")], required=True, default="simple"
    )
    impact = fields.Selection(
        [("single", "One Customer"), ("several", "Several Customers"), ("organisation", "The Whole Company")],
        required=True,
        default="single",
    )
    intent = fields.Selection(
        [
            ("correction", "Wants It Put Right"),
            ("compensation", "Wants Compensation"),
            ("information", "Wants an Explanation"),
            ("improvement", "Wants Us to Improve"),
            ("warning", "Announces Legal Steps"),
        ]
    )
    importance = fields.Selection(
        [("minor", "Minor"), ("normal", "Normal"), ("vital", "Vital")],
        string="Importance of the Product",
        help="How much depends on the product at the customer's.",
    )
    moment = fields.Selection(
        [
            ("order", "Before Delivery"),
            ("delivery", "On Delivery"),
            ("first_use", "At First Use"),
            ("use", "In Use"),
            ("service", "After a Repair"),
        ],
        string="Moment of the Fault",
    )
    part_price = fields.Monetary(string="Price of Spare Parts")
    needs_immediate_action = fields.Boolean(string="Immediate Action Needed")
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")],
        compute="_compute_priority",
        store=True,
        readonly=False,
        precompute=True,
    )
    must_investigate = fields.Boolean(compute="_compute_must_investigate")
    previous_id = fields.Many2one(
        "after.sales.complaint",
        string="Repeats",
        index="btree_not_null",
        copy=False,
        help="An earlier complaint of this customer about the same cause or product within 90 days.",
    )
    findings = fields.Html(string="Findings of the Investigation")

    @api.depends("cause_id")
    def _compute_is_confidential(self):
        for complaint in self:
            complaint.is_confidential = complaint.is_confidential or complaint.cause_id.is_confidential

    @api.depends("severity", "is_safety", "impact")
    def _compute_priority(self):
        for complaint in self:
            complaint.priority = assessment.priority(
                complaint.severity, complaint.is_safety, complaint.impact
            )

    @api.depends("severity", "is_safety", "complexity")
    def _compute_must_investigate(self):
        for complaint in self:
            complaint.must_investigate = assessment.must_investigate(
                complaint.severity, complaint.is_safety, complaint.complexity
            )

    def _find_previous(self):
        """The last complaint of the same customer about the same cause or product in the 90 days before."""
        self.ensure_one()
        if not self.commercial_partner_id or not (self.cause_id or self.product_id):
            return self.browse()
        same = [("cause_id", "=", self.cause_id.id)] if self.cause_id else []
        if self.product_id:
            same = (
                ["|", *same, ("product_id", "=", self.product_id.id)]
                if same
                else [("product_id", "=", self.product_id.id)]
            )
        return self.sudo().search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("state", "!=", "cancelled"),
                ("date_received", "<=", self.date_received),
                ("date_received", ">=", fields.Datetime.subtract(self.date_received, days=90)),
                *same,
            ],
            order="date_received desc, id desc",
            limit=1,
        )

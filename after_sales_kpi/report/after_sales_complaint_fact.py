from odoo import fields, models
from odoo.tools import SQL


class AfterSalesComplaintFact(models.Model):
    """One row per complaint: acknowledged and answered in time, contested, repeated.

    In time is meant strictly: a promise that was extended and then kept is late.
    """

    _name = "after.sales.complaint.fact"
    _description = "Complaint Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "complaint_id"
    _order = "date_received desc, id desc"
    _record_field = "complaint_id"
    _ratios = {
        "acknowledged_rate": ("acknowledged_in_time", "acknowledge_due", 100),
        "answered_rate": ("answered_in_time", "answer_due", 100),
        "appeal_rate": ("appealed", "decided", 100),
        "overturn_rate": ("overturned", "appealed", 100),
        "mean_days_to_answer": ("days_to_answer", "answered", 1),
    }

    complaint_id = fields.Many2one("after.sales.complaint", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    team_id = fields.Many2one("after.sales.complaint.team", string="Desk", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    cause_id = fields.Many2one("after.sales.complaint.cause", readonly=True)
    channel = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.complaint"]._fields["channel"]._description_selection(self.env)
        ),
        readonly=True,
    )
    severity = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.complaint"]._fields["severity"]._description_selection(self.env)
        ),
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.complaint"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    is_open = fields.Boolean(string="Open", readonly=True)
    date_received = fields.Date(string="Received On", readonly=True)
    date_answered = fields.Date(string="Answered On", readonly=True)

    complaint_count = fields.Integer(string="Complaints", readonly=True)
    first_count = fields.Integer(
        string="Deliveries Complained About",
        readonly=True,
        help="Further complaints about one delivery count once.",
    )
    repeated = fields.Integer(string="Repeated Complaints", readonly=True)
    acknowledge_due = fields.Integer(string="Acknowledgements Due", readonly=True)
    acknowledged_in_time = fields.Integer(string="Acknowledged in Time", readonly=True)
    acknowledged_rate = fields.Float(string="Acknowledged in Time (%)", readonly=True, aggregator="avg")
    answer_due = fields.Integer(string="Answers Due", readonly=True)
    answered_in_time = fields.Integer(string="Answered in Time", readonly=True)
    answered_rate = fields.Float(string="Answered in Time (%)", readonly=True, aggregator="avg")
    answered = fields.Integer(readonly=True)
    days_to_answer = fields.Float(readonly=True)
    mean_days_to_answer = fields.Float(string="Mean Days to Answer", readonly=True, aggregator="avg")
    decided = fields.Integer(readonly=True)
    appealed = fields.Integer(string="Contested", readonly=True)
    appeal_rate = fields.Float(string="Appeal Rate (%)", readonly=True, aggregator="avg")
    overturned = fields.Integer(string="Changed on Appeal", readonly=True)
    overturn_rate = fields.Float(string="Overturn Rate (%)", readonly=True, aggregator="avg")
    amount_granted = fields.Monetary(string="Granted", readonly=True)

    _depends = {
        "after.sales.complaint": [
            "amount_granted",
            "appeal_date",
            "cause_id",
            "channel",
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "date_answered",
            "date_decided",
            "date_received",
            "days_to_answer",
            "is_open",
            "is_overturned",
            "picking_id",
            "previous_id",
            "product_id",
            "severity",
            "state",
            "team_id",
            "unit_id",
            "user_id",
        ],
        "after.sales.complaint.step": [
            "complaint_id",
            "kind",
            "state",
            "first_deadline",
            "date_done",
            "is_in_first_time",
        ],
        "res.company": ["resource_calendar_id", "currency_id", "parent_id"],
        "resource.calendar": ["tz"],
        "res.currency.rate": ["currency_id", "company_id", "name", "rate"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   (fact.acknowledge_ok IS NOT NULL)::int AS acknowledge_due,
                   (fact.acknowledge_ok)::int AS acknowledged_in_time,
                   fact.acknowledge_ok::int * 100.0 AS acknowledged_rate,
                   (fact.answer_ok IS NOT NULL)::int AS answer_due,
                   (fact.answer_ok)::int AS answered_in_time,
                   fact.answer_ok::int * 100.0 AS answered_rate,
                   CASE WHEN fact.answered = 1 THEN fact.days_to_answer END AS mean_days_to_answer,
                   CASE WHEN fact.decided = 1 THEN fact.appealed * 100.0 END AS appeal_rate,
                   CASE WHEN fact.appealed = 1 THEN fact.overturned * 100.0 END AS overturn_rate
            """
        )

    def _from(self) -> SQL:
        return SQL("FROM (%s) fact", self._sql_complaint())

    def _sql_complaint(self) -> SQL:
        return SQL(
            """
            SELECT complaint.id, complaint.id AS complaint_id, complaint.company_id, company.currency_id,
                   complaint.team_id, complaint.user_id, complaint.commercial_partner_id, complaint.product_id,
                   complaint.unit_id, complaint.cause_id, complaint.channel, complaint.severity, complaint.state,
                   complaint.is_open,
                   %(received)s AS date_received,
                   %(answered_on)s AS date_answered,
                   1 AS complaint_count,
                   (complaint.picking_id IS NULL OR NOT EXISTS (
                       SELECT 1 FROM after_sales_complaint earlier
                        WHERE earlier.picking_id = complaint.picking_id AND earlier.id < complaint.id
                          AND earlier.state <> 'cancelled'))::int AS first_count,
                   (complaint.previous_id IS NOT NULL)::int AS repeated,
                   %(acknowledge_ok)s AS acknowledge_ok,
                   %(answer_ok)s AS answer_ok,
                   (complaint.date_answered IS NOT NULL)::int AS answered,
                   CASE WHEN complaint.date_answered IS NOT NULL THEN complaint.days_to_answer END
                       AS days_to_answer,
                   (complaint.date_decided IS NOT NULL)::int AS decided,
                   (complaint.appeal_date IS NOT NULL)::int AS appealed,
                   COALESCE(complaint.is_overturned, FALSE)::int AS overturned,
                   %(granted)s AS amount_granted
              FROM after_sales_complaint complaint
              %(company)s
             WHERE complaint.state <> 'cancelled'
            """,
            received=self._sql_local_date(SQL("complaint.date_received")),
            answered_on=self._sql_local_date(SQL("complaint.date_answered")),
            acknowledge_ok=self._sql_step("acknowledge"),
            answer_ok=self._sql_step("answer"),
            granted=self._sql_company_amount(
                SQL("complaint.amount_granted"),
                SQL("complaint.currency_id"),
                SQL("COALESCE(complaint.date_decided, complaint.date_received)::date"),
            ),
            company=self._sql_join_company("complaint"),
        )

    def _sql_step(self, kind: str) -> SQL:
        """True, False, or NULL as long as the first such promise is neither done nor overdue."""
        return SQL(
            """
            (SELECT CASE WHEN step.state = 'done' THEN step.is_in_first_time
                         WHEN step.first_deadline < %(today)s THEN FALSE END
               FROM after_sales_complaint_step step
              WHERE step.complaint_id = complaint.id AND step.kind = %(kind)s AND step.state <> 'cancelled'
              ORDER BY step.id LIMIT 1)
            """,
            today=self._sql_today(),
            kind=kind,
        )

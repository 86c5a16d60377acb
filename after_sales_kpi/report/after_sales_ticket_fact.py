from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.after_sales_helpdesk.models.after_sales_stage import STATES
from odoo.addons.after_sales_helpdesk.models.after_sales_ticket_flow import FINISHED

from ..tools import first_time_fix
from ..tools.age import BANDS

OPEN_STATES = tuple(state for state, __ in STATES if state not in FINISHED)
DONE_STATES = ("done", "closed")


class AfterSalesTicketFact(models.Model):
    """One row per call: how old, how long, how often visited, fixed at the first visit, content customer.

    The rule of first-time fix is told, and tested against this view, in ``tools/first_time_fix.py``.
    """

    _name = "after.sales.ticket.fact"
    _description = "Call Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "ticket_id"
    _order = "date_reported desc, id desc"
    _record_field = "ticket_id"
    _ratios = {
        "fix_rate": ("first_time_fix", "fix_measured", 100),
        "remote_rate": ("remote_fix", "repair_done", 100),
        "mean_elapsed_hours": ("elapsed_hours", "resolved", 1),
        "mean_net_hours": ("net_hours", "resolved", 1),
        "mean_response_hours": ("response_hours", "responded", 1),
        "satisfaction": ("satisfied", "rated", 100),
        "mean_age_days": ("age_days", "open_count", 1),
    }

    ticket_id = fields.Many2one("after.sales.ticket", string="Call", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    team_id = fields.Many2one("after.sales.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    fault_id = fields.Many2one("after.sales.fault", string="Symptom", readonly=True)
    service_id = fields.Many2one("after.sales.service", readonly=True)
    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    regime_id = fields.Many2one("after.sales.regime", readonly=True)
    service_level_id = fields.Many2one("after.sales.service.level", readonly=True)
    priority = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.ticket"]._fields["priority"]._description_selection(self.env)
        ),
        readonly=True,
    )
    channel = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.ticket"]._fields["channel"]._description_selection(self.env)
        ),
        readonly=True,
    )
    state = fields.Selection(STATES, readonly=True)
    is_repair = fields.Boolean(string="Repair", readonly=True)
    is_open = fields.Boolean(string="Open", readonly=True)
    age_band = fields.Selection(
        [
            ("00", "0-2 days"),
            ("03", "3-7 days"),
            ("08", "8-14 days"),
            ("15", "15-30 days"),
            ("31", "More than 30 days"),
        ],
        string="Age",
        readonly=True,
    )

    date_reported = fields.Date(string="Reported On", readonly=True)
    date_done = fields.Date(string="Done On", readonly=True)
    date_closed = fields.Date(string="Closed On", readonly=True)

    call_count = fields.Integer(string="Calls", readonly=True)
    open_count = fields.Integer(string="Open Calls", readonly=True)
    age_days = fields.Integer(string="Days Open", readonly=True)
    reopen_count = fields.Integer(string="Times Reopened", readonly=True)

    resolved = fields.Integer(string="Resolved Calls", readonly=True)
    elapsed_hours = fields.Float(string="Hours to Repair", readonly=True)
    waiting_hours = fields.Float(string="Hours of Waiting", readonly=True)
    net_hours = fields.Float(string="Hours to Repair Without Waiting", readonly=True)
    mean_elapsed_hours = fields.Float(string="Mean Time to Repair", readonly=True, aggregator="avg")
    mean_net_hours = fields.Float(
        string="Mean Time to Repair Without Waiting", readonly=True, aggregator="avg"
    )
    mean_age_days = fields.Float(string="Mean Days Open", readonly=True, aggregator="avg")

    responded = fields.Integer(string="Answered Calls", readonly=True)
    response_hours = fields.Float(string="Hours to Answer", readonly=True)
    mean_response_hours = fields.Float(string="Mean Time to Answer", readonly=True, aggregator="avg")

    visit_count = fields.Integer(string="Visits", readonly=True)
    repair_done = fields.Integer(string="Repairs Done", readonly=True)
    fix_reason = fields.Selection(
        [
            (first_time_fix.FIXED, "Fixed at the first visit"),
            (first_time_fix.FOLLOW_UP, "Another visit was needed"),
            (first_time_fix.REPEATED, "Came back"),
            (first_time_fix.REMOTE, "Solved without a visit"),
            (first_time_fix.ABSENT, "Customer absent or refused"),
            (first_time_fix.OTHER, "Not a repair"),
        ],
        string="First-Time Fix Result",
        readonly=True,
    )
    fix_measured = fields.Integer(string="Repairs Judged", readonly=True)
    first_time_fix = fields.Integer(string="Fixed at the First Visit", readonly=True)
    is_provisional = fields.Boolean(
        string="Provisional",
        readonly=True,
        help="The window in which the fault can come back is not over yet.",
    )
    remote_fix = fields.Integer(string="Solved Without a Visit", readonly=True)
    fix_rate = fields.Float(string="First-Time Fix Rate (%)", readonly=True, aggregator="avg")
    remote_rate = fields.Float(string="Remote Fix Rate (%)", readonly=True, aggregator="avg")

    rated = fields.Integer(string="Answers", readonly=True)
    satisfied = fields.Integer(string="Satisfied Answers", readonly=True)
    satisfaction = fields.Float(string="Satisfaction (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.ticket": [
            "channel",
            "commercial_partner_id",
            "company_id",
            "contract_id",
            "date_closed",
            "date_done",
            "date_reported",
            "fault_id",
            "partner_id",
            "priority",
            "product_id",
            "regime_id",
            "reopen_count",
            "service_id",
            "service_level_id",
            "state",
            "team_id",
            "unit_id",
            "user_id",
        ],
        "after.sales.ticket.pause": ["ticket_id", "start", "stop"],
        "after.sales.ticket.clock": ["ticket_id", "kind", "start", "stop"],
        "after.sales.intervention": ["ticket_id", "is_remote", "state", "outcome"],
        "after.sales.service": ["category"],
        "after.sales.fault": ["parent_path"],
        "after.sales.kpi": ["code", "window_days"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "rating.rating": ["res_model", "res_id", "rating", "consumed", "write_date"],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   (fact.fix_reason IN ('fixed', 'follow_up', 'repeated'))::int AS fix_measured,
                   (fact.fix_reason = 'fixed')::int AS first_time_fix,
                   (fact.fix_reason = 'remote')::int AS remote_fix,
                   (fact.fix_reason = 'fixed' AND fact.today <= fact.date_done + fact.window_days) AS is_provisional,
                   CASE WHEN fact.fix_reason IN ('fixed', 'follow_up', 'repeated')
                        THEN (fact.fix_reason = 'fixed')::int * 100.0 END AS fix_rate,
                   CASE WHEN fact.repair_done = 1
                        THEN (fact.fix_reason = 'remote')::int * 100.0 END AS remote_rate,
                   fact.elapsed_hours - fact.waiting_hours AS net_hours,
                   fact.elapsed_hours AS mean_elapsed_hours,
                   fact.elapsed_hours - fact.waiting_hours AS mean_net_hours,
                   fact.response_hours AS mean_response_hours,
                   (fact.response_hours IS NOT NULL)::int AS responded,
                   fact.age_days AS mean_age_days,
                   %(age_band)s AS age_band,
                   (fact.answer IS NOT NULL)::int AS rated,
                   (fact.answer >= 4)::int AS satisfied,
                   (fact.answer >= 4)::int * 100.0 AS satisfaction
            """,
            age_band=self._sql_age_band(SQL("fact.age_days")),
        )

    def _from(self) -> SQL:
        return SQL("FROM (%s) fact", self._sql_ticket())

    def _sql_ticket(self) -> SQL:
        """The call with what has to be looked up once.

        What is looked up is aggregated in lateral joins: one row for sure, so PostgreSQL computes it once and leaves
        it out where nobody asks for it.
        """
        done_date = self._sql_local_date(SQL("ticket.date_done"))
        repair = SQL("COALESCE(service.category, 'repair') = 'repair'")
        done = SQL("(ticket.state IN %s AND ticket.date_done IS NOT NULL)", DONE_STATES)
        return SQL(
            """
            SELECT ticket.id, ticket.id AS ticket_id, ticket.company_id, ticket.team_id, ticket.user_id,
                   ticket.partner_id, ticket.commercial_partner_id, ticket.unit_id, ticket.product_id,
                   template.categ_id AS product_categ_id, ticket.fault_id, ticket.service_id, ticket.contract_id,
                   ticket.regime_id, ticket.service_level_id, ticket.priority, ticket.channel, ticket.state,
                   %(repair)s AS is_repair,
                   %(reported)s AS date_reported,
                   %(done_date)s AS date_done,
                   %(closed)s AS date_closed,
                   %(today)s AS today,
                   (ticket.state <> 'cancelled')::int AS call_count,
                   ticket.state IN %(open)s AS is_open,
                   (ticket.state IN %(open)s)::int AS open_count,
                   CASE WHEN ticket.state IN %(open)s THEN GREATEST(%(today)s - %(reported)s, 0) END AS age_days,
                   ticket.reopen_count,
                   %(done)s::int AS resolved,
                   CASE WHEN %(done)s THEN GREATEST(%(elapsed)s, 0) END AS elapsed_hours,
                   CASE WHEN %(done)s THEN %(waiting)s END AS waiting_hours,
                   response.hours AS response_hours,
                   (%(done)s AND %(repair)s)::int AS repair_done,
                   visit.visits AS visit_count,
                   %(window)s AS window_days,
                   visit.fix_reason,
                   answer.rating AS answer
              FROM after_sales_ticket ticket
              %(company)s
              LEFT JOIN after_sales_service service ON service.id = ticket.service_id
              LEFT JOIN after_sales_fault fault ON fault.id = ticket.fault_id
              LEFT JOIN product_product product ON product.id = ticket.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN LATERAL (
                  SELECT COUNT(*) FILTER (WHERE outcome IS NULL OR outcome IN ('solved', 'second_visit')) AS visits,
                         CASE WHEN NOT %(done)s THEN NULL
                              WHEN NOT %(repair)s THEN 'other'
                              WHEN COUNT(*) FILTER (WHERE outcome IN ('customer_absent', 'refused')) > 0
                                  THEN 'absent'
                              WHEN COUNT(*) = 0 THEN 'remote'
                              WHEN COUNT(*) > 1 OR BOOL_OR(outcome = 'second_visit') THEN 'follow_up'
                              WHEN %(repeated)s THEN 'repeated'
                              ELSE 'fixed' END AS fix_reason
                    FROM after_sales_intervention
                   WHERE ticket_id = ticket.id AND state = 'done' AND is_remote IS NOT TRUE
              ) visit ON TRUE
              LEFT JOIN LATERAL (
                  SELECT MIN(%(response)s) AS hours
                    FROM after_sales_ticket_clock clock
                   WHERE clock.ticket_id = ticket.id AND clock.kind = 'response' AND clock.stop IS NOT NULL
                     AND ticket.state <> 'cancelled'
              ) response ON TRUE
              LEFT JOIN LATERAL (
                  SELECT (ARRAY_AGG(rating.rating ORDER BY rating.write_date DESC, rating.id DESC))[1] AS rating
                    FROM rating_rating rating
                   WHERE rating.res_model = 'after.sales.ticket' AND rating.res_id = ticket.id AND rating.consumed
                     AND ticket.state <> 'cancelled'
              ) answer ON TRUE
            """,
            repair=repair,
            done=done,
            open=OPEN_STATES,
            reported=self._sql_local_date(SQL("ticket.date_reported")),
            done_date=done_date,
            closed=self._sql_local_date(SQL("ticket.date_closed")),
            today=self._sql_today(),
            elapsed=self._sql_hours(SQL("ticket.date_reported"), SQL("ticket.date_done")),
            waiting=self._sql_waiting(),
            response=self._sql_hours(SQL("ticket.date_reported"), SQL("clock.stop")),
            window=self._sql_window(),
            repeated=self._sql_repeated(done_date),
            company=self._sql_join_company("ticket"),
        )

    def _sql_waiting(self) -> SQL:
        """A call waits at most once at a time, so its waits cannot overlap."""
        return SQL(
            """
            COALESCE((
                SELECT SUM(GREATEST(EXTRACT(EPOCH FROM
                       LEAST(COALESCE(pause.stop, ticket.date_done), ticket.date_done)
                       - GREATEST(pause.start, ticket.date_reported)), 0)) / 3600.0
                  FROM after_sales_ticket_pause pause WHERE pause.ticket_id = ticket.id), 0)
            """
        )

    def _sql_window(self) -> SQL:
        return SQL(
            "(SELECT COALESCE(MAX(window_days), %s) FROM after_sales_kpi WHERE code = 'first_time_fix')",
            first_time_fix.WINDOW,
        )

    def _sql_repeated(self, done_date: SQL) -> SQL:
        """Was a new repair reported on the same unit and fault family within the window?"""
        reported = self._sql_local_date(SQL("later.date_reported"))
        return SQL(
            """
            EXISTS (
                SELECT 1 FROM after_sales_ticket later
                  LEFT JOIN after_sales_service later_service ON later_service.id = later.service_id
                  LEFT JOIN after_sales_fault later_fault ON later_fault.id = later.fault_id
                 WHERE later.unit_id = ticket.unit_id AND later.id <> ticket.id AND later.state <> 'cancelled'
                   AND later.date_reported > ticket.date_done - interval '1 day'
                   AND COALESCE(later_service.category, 'repair') = 'repair'
                   AND (fault.id IS NULL OR later_fault.id IS NULL
                        OR split_part(fault.parent_path, '/', 1) = split_part(later_fault.parent_path, '/', 1))
                   AND ((%(reported)s = %(done_date)s AND later.id > ticket.id)
                        OR (%(reported)s > %(done_date)s AND %(reported)s <= %(done_date)s + %(window)s)))
            """,
            reported=reported,
            done_date=done_date,
            window=self._sql_window(),
        )

    def _sql_age_band(self, days: SQL) -> SQL:
        whens = [SQL("WHEN %s >= %s THEN %s", days, first, code) for code, first, __ in reversed(BANDS)]
        return SQL("CASE %s END", SQL(" ").join(whens))

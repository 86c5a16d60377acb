from odoo import fields, models
from odoo.tools import SQL

GRACE = "15 minutes"
"""A visit that starts within it is on time."""
CONTENT = 4
"""A rating from here on is a good one (of 5)."""

STANDARDS = [
    ("clock", "Deadlines kept"),
    ("on_time", "Visits on time"),
    ("first_visit", "Solved at the first visit"),
    ("checklist", "Checklists complete"),
    ("signature", "Reports signed"),
    ("rating", "Customers content"),
    ("reopened", "Not reopened"),
]


class AfterSalesScorecard(models.Model):
    """A row for each time somebody could keep a standard of service, and whether he did (HD-37).

    Ratios are never averaged: the share kept of any group of rows is the mean of ones and zeros.
    """

    _name = "after.sales.scorecard"
    _description = "Scorecard of Standards"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "standard"

    standard = fields.Selection(STANDARDS, readonly=True)
    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", string="Person", readonly=True)
    team_id = fields.Many2one("after.sales.team", readonly=True)
    ticket_id = fields.Many2one("after.sales.ticket", string="Call", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    chances = fields.Integer(string="Times", readonly=True)
    kept = fields.Integer(string="Times Kept", readonly=True)
    kept_rate = fields.Float(string="Kept (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.ticket": [
            "company_id",
            "date_closed",
            "date_done",
            "reopen_count",
            "state",
            "team_id",
            "user_id",
        ],
        "after.sales.ticket.clock": ["breached", "dropped", "stop", "ticket_id"],
        "after.sales.intervention": [
            "company_id",
            "date_arrival",
            "date_done",
            "date_start",
            "is_remote",
            "outcome",
            "signed_on",
            "state",
            "technician_id",
            "ticket_id",
        ],
        "after.sales.intervention.check": ["intervention_id", "is_done", "is_required", "measure", "note"],
        "rating.rating": ["consumed", "rating", "res_id", "res_model"],
        "resource.resource": ["user_id"],
    }

    @property
    def _table_query(self) -> SQL:
        """Each fact keeps the id of the record it comes from; the day is that of the company."""
        numbers = {name: number for number, (name, __) in enumerate(STANDARDS)}
        facts = SQL(" UNION ALL ").join(
            [self._sql_clocks(), *self._sql_visits(), self._sql_ratings(), self._sql_reopened()]
        )
        return SQL(
            """SELECT fact.record_id * 8 + CASE fact.standard %(numbers)s END AS id, fact.standard,
                      (fact.moment AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date AS date,
                      fact.user_id, fact.team_id, fact.ticket_id, fact.company_id,
                      1 AS chances, fact.kept::int AS kept, 100.0 * fact.kept::int AS kept_rate
               FROM (%(facts)s) fact
               JOIN res_company company ON company.id = fact.company_id
               LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id""",
            numbers=SQL(" ").join(SQL("WHEN %s THEN %s", name, number) for name, number in numbers.items()),
            facts=facts,
        )

    def _sql_clocks(self) -> SQL:
        return SQL(
            """SELECT 'clock' AS standard, clock.id AS record_id, clock.stop AS moment, ticket.user_id,
                      ticket.team_id, ticket.id AS ticket_id, ticket.company_id,
                      clock.breached IS NOT TRUE AS kept
               FROM after_sales_ticket_clock clock
               JOIN after_sales_ticket ticket ON ticket.id = clock.ticket_id
               WHERE clock.stop IS NOT NULL AND clock.dropped IS NOT TRUE AND ticket.user_id IS NOT NULL"""
        )

    def _sql_visits(self) -> list[SQL]:
        """What the lead technician of a done visit answers for."""
        first = SQL(
            """visit.outcome IN ('solved', 'second_visit') AND NOT EXISTS (
                   SELECT FROM after_sales_intervention earlier
                   WHERE earlier.ticket_id = visit.ticket_id AND earlier.state = 'done'
                     AND earlier.is_remote IS NOT TRUE
                     AND earlier.date_done < visit.date_done)"""
        )
        checks = SQL(
            """SELECT FROM after_sales_intervention_check line
               WHERE line.intervention_id = visit.id AND line.is_required"""
        )
        on_time = SQL("visit.date_arrival <= visit.date_start + interval %s", GRACE)
        answered = SQL("line.is_done OR line.note > '' OR line.measure <> 0")
        return [
            self._sql_visit(
                "on_time", on_time, SQL("visit.date_arrival IS NOT NULL AND visit.date_start IS NOT NULL")
            ),
            self._sql_visit("first_visit", SQL("visit.outcome = 'solved'"), first),
            self._sql_visit("signature", SQL("visit.signed_on IS NOT NULL"), SQL("visit.outcome = 'solved'")),
            self._sql_visit(
                "checklist",
                SQL("NOT EXISTS (%s AND NOT COALESCE(%s, FALSE))", checks, answered),
                SQL("EXISTS (%s)", checks),
            ),
        ]

    def _sql_visit(self, standard, kept, condition) -> SQL:
        return SQL(
            """SELECT %s, visit.id, visit.date_done, technician.user_id, ticket.team_id, ticket.id,
                      visit.company_id, %s
               FROM after_sales_intervention visit
               JOIN resource_resource technician
                 ON technician.id = visit.technician_id AND technician.user_id IS NOT NULL
               LEFT JOIN after_sales_ticket ticket ON ticket.id = visit.ticket_id
               WHERE visit.state = 'done' AND visit.date_done IS NOT NULL AND %s""",
            standard,
            kept,
            condition,
        )

    def _sql_ratings(self) -> SQL:
        return SQL(
            """SELECT 'rating', rating.id, ticket.date_closed, ticket.user_id, ticket.team_id, ticket.id,
                      ticket.company_id, rating.rating >= %s
               FROM rating_rating rating JOIN after_sales_ticket ticket
                    ON ticket.id = rating.res_id AND rating.res_model = 'after.sales.ticket'
               WHERE rating.consumed AND ticket.user_id IS NOT NULL AND ticket.date_closed IS NOT NULL""",
            CONTENT,
        )

    def _sql_reopened(self) -> SQL:
        return SQL(
            """SELECT 'reopened', ticket.id, ticket.date_done, ticket.user_id, ticket.team_id, ticket.id,
                      ticket.company_id, COALESCE(ticket.reopen_count, 0) = 0
               FROM after_sales_ticket ticket
               WHERE ticket.date_done IS NOT NULL AND ticket.state IN ('done', 'closed')
                 AND ticket.user_id IS NOT NULL"""
        )

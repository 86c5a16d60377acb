from odoo import fields, models
from odoo.tools import SQL


class AfterSalesClockFact(models.Model):
    """One row per promise of a service level: kept, missed, or not to be judged yet.

    Running and waiting clocks are left out, but for those whose deadline passed: they are missed now.
    """

    _name = "after.sales.clock.fact"
    _description = "Service Level Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "ticket_id"
    _order = "date_deadline desc, id desc"
    _record_field = "ticket_id"
    _ratios = {
        "compliance": ("met", "judged", 100),
        "mean_overrun_hours": ("overrun_hours", "breached", 1),
    }

    ticket_id = fields.Many2one("after.sales.ticket", string="Call", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.ticket.clock"]._fields["kind"]._description_selection(self.env)
        ),
        string="Promise",
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.ticket.clock"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    team_id = fields.Many2one("after.sales.team", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    service_level_id = fields.Many2one("after.sales.service.level", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    date_deadline = fields.Date(string="Due On", readonly=True)
    met = fields.Integer(string="Kept", readonly=True)
    breached = fields.Integer(string="Missed", readonly=True)
    judged = fields.Integer(readonly=True)
    compliance = fields.Float(string="Service Level Kept (%)", readonly=True, aggregator="avg")
    worked_hours = fields.Float(string="Working Hours Taken", readonly=True)
    overrun_hours = fields.Float(string="Working Hours Over", readonly=True)
    mean_overrun_hours = fields.Float(string="Mean Working Hours Over", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.ticket.clock": [
            "breached",
            "company_id",
            "deadline",
            "kind",
            "overrun_hours",
            "paused",
            "state",
            "stop",
            "ticket_id",
            "worked_hours",
        ],
        "after.sales.ticket": [
            "commercial_partner_id",
            "contract_id",
            "product_id",
            "service_level_id",
            "state",
            "team_id",
            "user_id",
        ],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        breached = SQL(
            "(clock.state = 'breached'"
            " OR (clock.state = 'running' AND clock.deadline < (now() AT TIME ZONE 'UTC')))"
        )
        return SQL(
            """
            SELECT clock.id, clock.ticket_id, clock.company_id, clock.kind, clock.state, ticket.team_id,
                   ticket.user_id, ticket.commercial_partner_id, ticket.contract_id, ticket.service_level_id,
                   ticket.product_id, %(deadline)s AS date_deadline,
                   (clock.state = 'met')::int AS met,
                   %(breached)s::int AS breached,
                   (clock.state = 'met' OR %(breached)s)::int AS judged,
                   CASE WHEN clock.state = 'met' OR %(breached)s THEN (clock.state = 'met')::int * 100.0 END
                       AS compliance,
                   clock.worked_hours,
                   CASE WHEN %(breached)s THEN clock.overrun_hours END AS overrun_hours,
                   CASE WHEN %(breached)s THEN clock.overrun_hours END AS mean_overrun_hours
            """,
            deadline=self._sql_local_date(SQL("clock.deadline")),
            breached=breached,
        )

    def _from(self) -> SQL:
        return SQL(
            """
            FROM after_sales_ticket_clock clock
            JOIN after_sales_ticket ticket ON ticket.id = clock.ticket_id
            %s
            """,
            self._sql_join_company("clock"),
        )

    def _where(self) -> SQL:
        return SQL("WHERE ticket.state <> 'cancelled'")

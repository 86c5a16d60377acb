from odoo import fields, models
from odoo.tools import SQL


class AfterSalesVisitFact(models.Model):
    """One row per visit that a contract owes: done within its tolerance, late, or still open."""

    _name = "after.sales.visit.fact"
    _description = "Planned Visit Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "visit_id"
    _order = "date desc, id desc"
    _record_field = "visit_id"
    _ratios = {"on_time_rate": ("on_time", "due", 100)}

    visit_id = fields.Many2one("after.sales.contract.visit", string="Planned Visit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    service_id = fields.Many2one("after.sales.service", readonly=True)
    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.contract.visit"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    date = fields.Date(string="Planned On", readonly=True)
    date_done = fields.Date(string="Done On", readonly=True)
    due = fields.Integer(string="Visits Due", readonly=True, help="Done, or past their day and tolerance.")
    done = fields.Integer(string="Visits Done", readonly=True)
    on_time = fields.Integer(string="Done Within Tolerance", readonly=True)
    open_count = fields.Integer(string="Visits to Do", readonly=True)
    days_late = fields.Integer(readonly=True)
    on_time_rate = fields.Float(string="Done Within Tolerance (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.contract.visit": [
            "company_id",
            "contract_id",
            "date",
            "date_done",
            "service_id",
            "state",
            "tolerance",
            "unit_id",
        ],
        "after.sales.contract": ["commercial_partner_id", "user_id"],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        latest = SQL("visit.date + COALESCE(visit.tolerance, 0)")
        due = SQL("(visit.state = 'done' OR %s < %s)", latest, self._sql_today())
        on_time = SQL("(visit.state = 'done' AND COALESCE(visit.date_done, visit.date) <= %s)", latest)
        return SQL(
            """
            SELECT visit.id, visit.id AS visit_id, visit.company_id, visit.contract_id,
                   contract.commercial_partner_id, visit.service_id, visit.unit_id, contract.user_id, visit.state,
                   visit.date, visit.date_done,
                   %(due)s::int AS due,
                   (visit.state = 'done')::int AS done,
                   %(on_time)s::int AS on_time,
                   (visit.state <> 'done')::int AS open_count,
                   CASE WHEN %(due)s THEN GREATEST(COALESCE(visit.date_done, %(today)s) - %(latest)s, 0) END
                       AS days_late,
                   CASE WHEN %(due)s THEN %(on_time)s::int * 100.0 END AS on_time_rate
            """,
            due=due,
            on_time=on_time,
            latest=SQL("(%s)", latest),
            today=self._sql_today(),
        )

    def _from(self) -> SQL:
        return SQL(
            """
            FROM after_sales_contract_visit visit
            JOIN after_sales_contract contract ON contract.id = visit.contract_id
            %s
            """,
            self._sql_join_company("visit"),
        )

    def _where(self) -> SQL:
        return SQL("WHERE visit.state <> 'cancelled'")

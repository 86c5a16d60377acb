from odoo import fields, models
from odoo.tools import SQL


class AfterSalesInterventionFact(models.Model):
    """One row per intervention: planned against executed, hours by kind."""

    _name = "after.sales.intervention.fact"
    _description = "Intervention Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "intervention_id"
    _order = "date_planned desc, id desc"
    _record_field = "intervention_id"
    _ratios = {
        "mean_work_hours": ("hours_work", "worked", 1),
        "on_plan_rate": ("on_plan", "due", 100),
    }

    intervention_id = fields.Many2one("after.sales.intervention", readonly=True)
    ticket_id = fields.Many2one("after.sales.ticket", string="Call", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    technician_id = fields.Many2one("resource.resource", string="Lead Technician", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    contract_id = fields.Many2one("after.sales.contract", readonly=True)
    service_id = fields.Many2one("after.sales.service", readonly=True)
    fault_id = fields.Many2one("after.sales.fault", readonly=True)
    state = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.intervention"]._fields["state"]._description_selection(self.env)
        ),
        readonly=True,
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.intervention"]._fields["outcome"]._description_selection(self.env)
        ),
        readonly=True,
    )
    is_repair = fields.Boolean(string="Repair", readonly=True)
    date_planned = fields.Date(string="Planned On", readonly=True)
    date_started = fields.Date(string="Started On", readonly=True)
    date_done = fields.Date(string="Done On", readonly=True)

    due = fields.Integer(
        string="Interventions Due", readonly=True, help="Planned for a day that is over, or done."
    )
    done = fields.Integer(string="Interventions Done", readonly=True)
    on_plan = fields.Integer(
        string="Done as Planned", readonly=True, help="Started on or before the planned day."
    )
    delay_days = fields.Integer(string="Days Late", readonly=True)
    on_plan_rate = fields.Float(string="Done as Planned (%)", readonly=True, aggregator="avg")
    hours_planned = fields.Float(string="Planned Hours", readonly=True)
    hours_work = fields.Float(string="Work Hours", readonly=True)
    hours_travel = fields.Float(string="Travel Hours", readonly=True)
    hours_waiting = fields.Float(string="Waiting Hours", readonly=True)
    distance_km = fields.Float(string="Distance (km)", readonly=True)
    worked = fields.Integer(string="With Labour", readonly=True)
    mean_work_hours = fields.Float(string="Mean Hands-On Hours", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.intervention": [
            "commercial_partner_id",
            "company_id",
            "contract_id",
            "date_arrival",
            "date_done",
            "date_start",
            "date_started",
            "distance_km",
            "fault_id",
            "hours_planned",
            "hours_travel",
            "hours_waiting",
            "hours_work",
            "is_remote",
            "outcome",
            "partner_id",
            "service_id",
            "state",
            "technician_id",
            "ticket_id",
            "unit_id",
        ],
        "after.sales.service": ["category"],
        "after.sales.unit": ["product_id", "categ_id"],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        planned = self._sql_local_date(SQL("visit.date_start"))
        started = self._sql_local_date(
            SQL("COALESCE(visit.date_arrival, visit.date_started, visit.date_done)")
        )
        due = SQL(
            "(visit.date_start IS NOT NULL AND visit.is_remote IS NOT TRUE AND (visit.state = 'done'"
            " OR (visit.state IN ('planned', 'in_progress') AND %s < %s)))",
            planned,
            self._sql_today(),
        )
        return SQL(
            """
            SELECT visit.id, visit.id AS intervention_id, visit.ticket_id, visit.company_id, visit.technician_id,
                   visit.partner_id, visit.commercial_partner_id, visit.unit_id, unit.product_id,
                   unit.categ_id AS product_categ_id, visit.contract_id, visit.service_id, visit.fault_id,
                   visit.state, visit.outcome,
                   COALESCE(service.category, 'repair') = 'repair' AS is_repair,
                   %(planned)s AS date_planned,
                   %(started)s AS date_started,
                   %(done_date)s AS date_done,
                   %(due)s::int AS due,
                   (visit.state = 'done')::int AS done,
                   (%(due)s AND visit.state = 'done' AND %(started)s <= %(planned)s)::int AS on_plan,
                   CASE WHEN %(due)s THEN GREATEST(COALESCE(%(started)s, %(today)s) - %(planned)s, 0) END
                       AS delay_days,
                   CASE WHEN %(due)s
                        THEN (visit.state = 'done' AND %(started)s <= %(planned)s)::int * 100.0 END AS on_plan_rate,
                   CASE WHEN visit.state <> 'cancelled' THEN visit.hours_planned END AS hours_planned,
                   visit.hours_work, visit.hours_travel, visit.hours_waiting, visit.distance_km,
                   (visit.state = 'done' AND visit.hours_work > 0)::int AS worked,
                   CASE WHEN visit.state = 'done' AND visit.hours_work > 0 THEN visit.hours_work END
                       AS mean_work_hours
            """,
            planned=planned,
            started=started,
            done_date=self._sql_local_date(SQL("visit.date_done")),
            today=self._sql_today(),
            due=due,
        )

    def _from(self) -> SQL:
        return SQL(
            """
            FROM after_sales_intervention visit
            %s
            LEFT JOIN after_sales_service service ON service.id = visit.service_id
            LEFT JOIN after_sales_unit unit ON unit.id = visit.unit_id
            """,
            self._sql_join_company("visit"),
        )

from odoo import fields, models
from odoo.tools import SQL

KINDS = {
    "unit": "after.sales.unit",
    "contract": "after.sales.contract",
    "call": "after.sales.ticket",
    "visit": "after.sales.intervention",
    "claim": "after.sales.claim",
}
"""What a history tells of and where it is kept."""


class AfterSalesHistory(models.Model):
    """All that happened between a customer and the service, in the order of time (HD-40)."""

    _name = "after.sales.history"
    _description = "Service History"
    _auto = False
    _order = "date desc, id desc"

    kind = fields.Selection(
        [
            ("unit", "Unit Delivered"),
            ("contract", "Contract Begun"),
            ("call", "Call"),
            ("visit", "Intervention"),
            ("claim", "Warranty Claim"),
        ],
        readonly=True,
    )
    record_id = fields.Many2oneReference(model_field="record_model", readonly=True)
    record_model = fields.Char(readonly=True)
    name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    summary = fields.Char(readonly=True)
    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    _depends = {
        "after.sales.unit": ["commercial_partner_id", "company_id", "delivery_date", "name"],
        "after.sales.contract": ["commercial_partner_id", "company_id", "date_start", "name"],
        "after.sales.ticket": [
            "commercial_partner_id",
            "company_id",
            "date_reported",
            "merged_into_id",
            "name",
            "subject",
            "unit_id",
        ],
        "after.sales.intervention": [
            "commercial_partner_id",
            "company_id",
            "date_start",
            "description",
            "name",
            "state",
            "unit_id",
            "work_done",
        ],
        "after.sales.claim": ["company_id", "date", "description", "name", "partner_id", "unit_id"],
        "res.partner": ["commercial_partner_id"],
    }

    @property
    def _table_query(self) -> SQL:
        numbers = enumerate(KINDS.items())
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT id * 8 + %s AS id, %s AS kind, id AS record_id, %s AS record_model, name, date::date AS date,
                          LEFT(summary, 200) AS summary, unit_id, commercial_partner_id, company_id
                   FROM (%s) AS source""",
                number,
                kind,
                model,
                getattr(self, f"_sql_{kind}")(),
            )
            for number, (kind, model) in numbers
        )

    def _sql_unit(self) -> SQL:
        return SQL(
            """SELECT id, name, delivery_date AS date, NULL AS summary, id AS unit_id, commercial_partner_id, company_id
               FROM after_sales_unit WHERE delivery_date IS NOT NULL"""
        )

    def _sql_contract(self) -> SQL:
        return SQL(
            """SELECT id, name, date_start AS date, NULL AS summary, NULL::integer AS unit_id, commercial_partner_id,
                      company_id
               FROM after_sales_contract WHERE date_start IS NOT NULL"""
        )

    def _sql_call(self) -> SQL:
        return SQL(
            """SELECT id, name, date_reported AS date, subject AS summary, unit_id, commercial_partner_id, company_id
               FROM after_sales_ticket WHERE merged_into_id IS NULL"""
        )

    def _sql_visit(self) -> SQL:
        return SQL(
            """SELECT id, name, date_start AS date, COALESCE(work_done, description) AS summary, unit_id,
                      commercial_partner_id, company_id
               FROM after_sales_intervention WHERE date_start IS NOT NULL AND state <> 'cancelled'"""
        )

    def _sql_claim(self) -> SQL:
        return SQL(
            """SELECT claim.id, claim.name, claim.date, claim.description AS summary, claim.unit_id,
                      partner.commercial_partner_id, claim.company_id
               FROM after_sales_claim claim JOIN res_partner partner ON partner.id = claim.partner_id"""
        )

    def action_open(self):
        """Open what the row tells of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.record_model,
            "view_mode": "form",
            "res_id": self.record_id,
        }

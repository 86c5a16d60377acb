from odoo import fields, models
from odoo.tools import SQL

from ..tools.months import SLOTS


class AfterSalesUnitMonth(models.Model):
    """One row per installed unit and month in service: under warranty, under contract, how often it failed."""

    _name = "after.sales.unit.month"
    _description = "Installed Base by Month"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "unit_id"
    _order = "date desc, id desc"
    _record_field = "unit_id"
    _ratios = {
        "repairs_per_100": ("repair_count", "unit_count", 100),
        "warranty_share": ("in_warranty", "unit_count", 100),
        "contract_share": ("in_contract", "unit_count", 100),
    }

    unit_id = fields.Many2one("after.sales.unit", string="Installed Unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date(string="Month", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one("product.category", string="Product Category", readonly=True)
    supplier_id = fields.Many2one("res.partner", readonly=True)
    age_months = fields.Integer(string="Months in Service", readonly=True, aggregator="avg")
    unit_count = fields.Integer(string="Units", readonly=True)
    in_warranty = fields.Integer(string="Units in Warranty", readonly=True)
    in_contract = fields.Integer(string="Units under Contract", readonly=True)
    repair_count = fields.Integer(string="Repairs Reported", readonly=True)
    repairs_per_100 = fields.Float(string="Repairs per 100 Units", readonly=True, aggregator="avg")
    warranty_share = fields.Float(string="In Warranty (%)", readonly=True, aggregator="avg")
    contract_share = fields.Float(string="Under Contract (%)", readonly=True, aggregator="avg")

    _depends = {
        "after.sales.unit": [
            "active",
            "categ_id",
            "commercial_partner_id",
            "company_id",
            "delivery_date",
            "installation_date",
            "product_id",
            "registration_date",
            "state",
            "supplier_id",
        ],
        "after.sales.unit.owner": ["unit_id", "date_to"],
        "after.sales.warranty": ["unit_id", "date_start", "date_end"],
        "after.sales.contract.cover": ["unit_id", "contract_id", "date_from", "date_to"],
        "after.sales.contract": ["state", "date_start", "date_end", "date_closed"],
        "after.sales.ticket": ["unit_id", "date_reported", "service_id", "state"],
        "after.sales.service": ["category"],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT fact.*,
                   fact.repair_count * 100.0 AS repairs_per_100,
                   fact.in_warranty * 100.0 AS warranty_share,
                   fact.in_contract * 100.0 AS contract_share
            """
        )

    def _from(self) -> SQL:
        return SQL("FROM (%s) fact", self._sql_unit_month())

    def _sql_unit_month(self) -> SQL:
        since = SQL("COALESCE(unit.installation_date, unit.delivery_date, unit.registration_date)")
        return SQL(
            """
            SELECT unit.id::bigint * %(slots)s + month.number AS id, unit.id AS unit_id, unit.company_id,
                   month.date, unit.commercial_partner_id, unit.product_id, unit.categ_id AS product_categ_id,
                   unit.supplier_id,
                   (EXTRACT(YEAR FROM AGE(month.last, %(since)s)) * 12
                    + EXTRACT(MONTH FROM AGE(month.last, %(since)s)))::int AS age_months,
                   1 AS unit_count,
                   EXISTS (SELECT 1 FROM after_sales_warranty warranty
                            WHERE warranty.unit_id = unit.id AND warranty.date_start <= month.last
                              AND warranty.date_end >= month.date)::int AS in_warranty,
                   EXISTS (SELECT 1 FROM after_sales_contract_cover cover
                             JOIN after_sales_contract contract ON contract.id = cover.contract_id
                            WHERE cover.unit_id = unit.id AND contract.state IN ('running', 'notice', 'ended')
                              AND COALESCE(cover.date_from, contract.date_start) <= month.last
                              AND COALESCE(cover.date_to, contract.date_closed, contract.date_end, month.date) >= month.date)::int
                       AS in_contract,
                   (SELECT COUNT(*) FROM after_sales_ticket ticket
                      LEFT JOIN after_sales_service service ON service.id = ticket.service_id
                     WHERE ticket.unit_id = unit.id AND ticket.state <> 'cancelled'
                       AND COALESCE(service.category, 'repair') = 'repair'
                       AND %(reported)s BETWEEN month.date AND month.last) AS repair_count
              FROM (
                   SELECT day::date AS date, (day + interval '1 month' - interval '1 day')::date AS last,
                          ((EXTRACT(YEAR FROM day) - 1970) * 12 + EXTRACT(MONTH FROM day) - 1)::bigint AS number
                     FROM generate_series(
                          (SELECT date_trunc('month', MIN(%(since)s)) FROM after_sales_unit unit),
                          date_trunc('month', (now() AT TIME ZONE 'UTC')), interval '1 month') day
              ) month
              JOIN after_sales_unit unit ON %(since)s <= month.last
              %(company)s
             WHERE unit.active AND (unit.state <> 'ended' OR %(until)s >= month.date)
            """,
            slots=SLOTS,
            since=since,
            until=self._sql_until(),
            reported=self._sql_local_date(SQL("ticket.date_reported")),
            company=self._sql_join_company("unit"),
        )

    def _sql_until(self) -> SQL:
        """Last day of an ended unit at its last owner."""
        return SQL(
            "(SELECT MAX(owner.date_to) FROM after_sales_unit_owner owner WHERE owner.unit_id = unit.id)"
        )

from odoo import fields, models
from odoo.tools import SQL


class AfterSalesDeliveryFact(models.Model):
    """One row per delivery done to a customer: what complaints are counted against."""

    _name = "after.sales.delivery.fact"
    _description = "Delivery Analysis"
    _inherit = ["after.sales.fact"]
    _auto = False
    _rec_name = "picking_id"
    _order = "date desc, id desc"
    _record_field = "picking_id"

    picking_id = fields.Many2one("stock.picking", string="Delivery", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    date = fields.Date(string="Delivered On", readonly=True)
    delivery_count = fields.Integer(string="Deliveries", readonly=True)

    _depends = {
        "stock.picking": ["company_id", "date_done", "location_dest_id", "partner_id", "state"],
        "stock.location": ["usage"],
        "res.partner": ["commercial_partner_id"],
        "res.company": ["resource_calendar_id"],
        "resource.calendar": ["tz"],
    }

    def _select(self) -> SQL:
        return SQL(
            """
            SELECT picking.id, picking.id AS picking_id, picking.company_id, partner.commercial_partner_id,
                   %s AS date, 1 AS delivery_count
            """,
            self._sql_local_date(SQL("picking.date_done")),
        )

    def _from(self) -> SQL:
        return SQL(
            """
            FROM stock_picking picking
            JOIN stock_location location ON location.id = picking.location_dest_id AND location.usage = 'customer'
            LEFT JOIN res_partner partner ON partner.id = picking.partner_id
            %s
            """,
            self._sql_join_company("picking"),
        )

    def _where(self) -> SQL:
        return SQL("WHERE picking.state = 'done'")

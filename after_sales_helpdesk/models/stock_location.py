from odoo import models
from odoo.fields import Domain


class StockLocation(models.Model):
    """What lies among customers' goods is theirs: it is no part of our valuation, whatever the costing method.

    Odoo leaves other owners' goods out of a valuation at standard or average cost; by FIFO it counts them.
    """

    _inherit = "stock.location"

    def _get_after_sales_goods(self):
        # sudo: which locations these are does not depend on who values the stock
        return self.env["res.company"].sudo().search([]).after_sales_goods_location_id

    def _should_be_valued(self):
        if not super()._should_be_valued():
            return False
        # Asked for every serial of a delivery: a location of one company needs no search.
        # sudo: which location that is does not depend on who values the stock
        company_sudo = self.company_id.sudo()
        goods = company_sudo.after_sales_goods_location_id if company_sudo else self._get_after_sales_goods()
        return self not in goods

    def _search_is_valued(self, operator, value):
        domain = super()._search_is_valued(operator, value)
        goods = self._get_after_sales_goods().ids
        if (operator == "=") == bool(value):
            return domain & Domain("id", "not in", goods)
        return domain | Domain("id", "in", goods)

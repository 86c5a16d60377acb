import logging

from odoo import models

from .after_sales_unit_birth import NOT_OURS

_logger = logging.getLogger(__name__)


class StockMove(models.Model):
    """A delivery brings the units for which an extension was sold in the same order."""

    _inherit = "stock.move"

    def _update_after_sales_units(self):
        res = super()._update_after_sales_units()
        # The stock user may not read orders; a delivery must not fail for what was sold beside the goods.
        orders_sudo = self.sudo().sale_line_id.order_id
        if orders_sudo.order_line.after_sales_extension_term_id:
            try:
                with self.env.cr.savepoint():
                    orders_sudo._settle_after_sales_extensions()
            except NOT_OURS:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the goods have left
                self.env.invalidate_all()
                _logger.info("No extension for orders %s", orders_sudo.ids, exc_info=True)
                reason = self.env["after.sales.unit"]._explain(error)
                for order_sudo in orders_sudo:
                    order_sudo._tell_after_sales_problems([reason])
        return res

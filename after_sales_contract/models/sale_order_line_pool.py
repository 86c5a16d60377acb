from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..tools import pools


class SaleOrderLine(models.Model):
    """A line that sells hours of a pool: the pool has what the line says, as long as the order is confirmed."""

    _inherit = "sale.order.line"

    after_sales_pool_id = fields.Many2one(
        "after.sales.pool", "Hour Pool", index="btree_not_null", copy=False, check_company=True
    )

    def write(self, vals):
        result = super().write(vals)
        if "product_uom_qty" in vals or "product_uom_id" in vals:
            self._sync_after_sales_pool()
        return result

    def _sync_after_sales_pool(self):
        """One entry a line, of the hours it sells.

        :raise UserError: when hours that were used already would be taken back
        """
        # sudo: sales confirms and cancels, the ledger belongs to after-sales
        lines_sudo = self.sudo().filtered("after_sales_pool_id")
        if not lines_sudo:
            return
        entries = (
            self.env["after.sales.pool.entry"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "in", lines_sudo.ids), ("kind", "=", "purchase")]
            )
        )
        entry_of = {entry.res_id: entry for entry in entries}
        for line in lines_sudo:
            hours = line._get_after_sales_pool_hours()
            entry = entry_of.get(line.id, entries.browse())
            pool = line.after_sales_pool_id
            if pool.balance + hours - entry.quantity < -pools.TINY:
                raise UserError(
                    self.env._(
                        "Hours of %(order)s are used already: %(pool)s has only %(left)s left. Correct the pool first.",
                        order=line.order_id.name,
                        pool=pool.name,
                        left=formatLang(self.env, pool.balance, digits=2),
                    )
                )
            if entry and not hours:
                entry.unlink()
            elif entry and entry.quantity != hours:
                entry.quantity = hours
            elif hours and not entry:
                entries.create(line._prepare_after_sales_pool_entry_vals(hours))

    def _get_after_sales_pool_hours(self):
        """Hours that the line adds; a unit that is no time counts as hours."""
        self.ensure_one()
        if self.state != "sale" or self.product_uom_qty <= 0:
            return 0.0
        hour = self.env.ref("uom.product_uom_hour")
        if self.product_uom_id._has_common_reference(hour):
            return self.product_uom_id._compute_quantity(self.product_uom_qty, hour)
        return self.product_uom_qty

    def _prepare_after_sales_pool_entry_vals(self, hours):
        self.ensure_one()
        words = self.after_sales_pool_id._with_customer_language().env
        return {
            "pool_id": self.after_sales_pool_id.id,
            "kind": "purchase",
            "quantity": hours,
            "name": words._("Top-up with order %s", self.order_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "source_key": "sale",
        }

from odoo import fields, models


class AfterSalesUnit(models.Model):
    """The warranty that a repair gives to a unit."""

    _inherit = "after.sales.unit"

    def _cover_new_parts(self, parts, source, day, reason):
        """Give what the company promises on the parts of a repair; a unit out of service gets nothing (D60)."""
        for unit in self.filtered(lambda u: u.active and u.state != "ended"):
            months = unit.company_id.after_sales_repair_months
            unit._grant_repair_warranty(parts, months, source, day, reason)

    def _grant_repair_warranty(self, parts, months, source=None, day=None, reason=None):
        """Cover the parts that a repair put into this unit for some months, from ``day`` (today).

        The same ``source`` covers a part once, however often it is asked, unless it has taken the cover back.

        :param parts: product.product recordset of what was replaced
        :param months: length of the cover in whole months
        :param source: record of the repair (call, claim, intervention), kept in the ledger
        :return: the new warranty, empty when there is nothing to cover
        """
        self.ensure_one()
        # Whoever closes the repair need not be allowed to write warranties.
        warranty_sudo = self.env["after.sales.warranty"].sudo()
        if months > 0 and source:
            given = self.warranty_ids.filtered(lambda w: w.kind == "repair" and w._is_repair_of(source))
            parts -= given.covered_product_ids
        if not parts or months <= 0:
            return warranty_sudo.with_env(self.env)
        day = day or fields.Date.context_today(self)
        vals = warranty_sudo._prepare_repair_vals(self, parts, months, day, source, reason)
        warranty = warranty_sudo.with_context(after_sales_started=True).create(vals)
        warranty._translate_repair_name()
        return warranty.with_env(self.env)

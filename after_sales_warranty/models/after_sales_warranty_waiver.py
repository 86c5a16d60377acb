from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesWarranty(models.Model):
    """What an owner can give up, and what he cannot."""

    _inherit = "after.sales.warranty"

    waiver_ids = fields.One2many("after.sales.waiver", "warranty_id", "Declarations")

    def _ensure_may_be_waived(self, day, error=UserError):
        """:raise error: when one of the warranties is what law gives a consumer"""
        for warranty in self.filtered(lambda w: w.kind == "legal"):
            unit = warranty.unit_id
            if unit.partner_id._get_after_sales_customer_kind() != "consumer":
                continue
            rule = self.env["after.sales.warranty.rule"].sudo()._get("min_legal_duration", unit, day)
            raise error(
                self.env._(
                    "The legal warranty of a consumer cannot be waived or limited by agreement (%s). He may "
                    "decline an extension or give up a commercial warranty.",
                    rule.law_ref or self.env._("law on consumer sales"),
                )
            )

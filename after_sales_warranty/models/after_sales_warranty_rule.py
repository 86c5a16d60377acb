from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesWarrantyRule(models.Model):
    """One figure that law decides, with the days between which it holds."""

    _name = "after.sales.warranty.rule"
    _description = "Warranty Rule"
    _order = "pack_id, code, customer_kind, date_from desc, id"

    pack_id = fields.Many2one(
        "after.sales.rule.pack", "Rule Pack", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        [
            ("min_legal_duration", "Shortest legal warranty"),
            ("min_used_duration", "Shortest legal warranty of used goods"),
            ("repair_suspends", "A repair adds the days out of use"),
            ("repair_extends", "A repair adds time"),
            ("replacement_restarts", "A replacement starts the warranty again"),
            ("notice_days", "Days to report a defect"),
            ("burden_of_proof", "Defect presumed original"),
            ("max_repair_days", "Longest time of a repair"),
            ("loaner_days", "Days to hand out a loaner"),
            ("recourse", "Recourse against the supplier"),
        ],
        required=True,
    )
    customer_kind = fields.Selection(
        [("consumer", "Consumers"), ("business", "Businesses"), ("both", "All customers")],
        required=True,
        default="both",
    )
    date_from = fields.Date(required=True, default="1900-01-01")
    date_to = fields.Date()
    value = fields.Integer()
    value_unit = fields.Selection(
        [("day", "Days"), ("month", "Months"), ("year", "Years"), ("flag", "Yes or no")],
        required=True,
        default="month",
    )
    law_ref = fields.Char("Legal Source")
    active = fields.Boolean(default=True)

    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A rule cannot end before it begins."
    )

    @api.model
    def _get(self, code, unit, day):
        """The rule that holds for the unit on this day; the latest wins. Empty when law says nothing."""
        owner = unit.partner_id
        country = owner.commercial_partner_id.country_id or unit.company_id.country_id
        return self._find(code, country, owner._get_after_sales_customer_kind(), day)

    @api.model
    def _find(self, code, countries, customer_kind, day):
        kinds = ["both", customer_kind] if customer_kind != "both" else ["both"]
        domain = (
            Domain("code", "=", code)
            & Domain("pack_id.country_ids", "in", countries.ids)
            & Domain("pack_id.active", "=", True)
            & Domain("customer_kind", "in", kinds)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )
        return self.search(domain, order="date_from desc, id desc", limit=1)

    def _get_months(self):
        """The duration in whole months, rounded up."""
        return {"year": 12 * self.value, "month": self.value, "day": -(-self.value // 30)}.get(
            self.value_unit, 0
        )

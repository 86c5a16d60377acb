from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import warranty as rules


class AfterSalesUnit(models.Model):
    """What the owner of a unit is entitled to: its warranties and the claims on them."""

    _inherit = "after.sales.unit"

    # === ENTITLED TO WHAT === #
    warranty_ids = fields.One2many("after.sales.warranty", "unit_id", "Warranties")
    warranty_end = fields.Date(
        compute="_compute_warranty_end",
        store=True,
        index=True,
        help="Last day covered by any warranty that holds.",
    )
    warranty_state = fields.Selection(
        [("in_warranty", "In Warranty"), ("expired", "Expired"), ("none", "No Warranty")],
        compute="_compute_warranty_state",
        search="_search_warranty_state",
    )
    warranty_count = fields.Integer(compute="_compute_warranty_count")
    claim_ids = fields.One2many("after.sales.claim", "unit_id", "Claims")
    claim_count = fields.Integer(compute="_compute_claim_count")

    digital_months = fields.Integer(
        "Digital Elements For (Months)",
        compute="_compute_digital_months",
        store=True,
        precompute=True,
        readonly=False,
        help="Months after the delivery in which the digital elements of this unit are supplied and updated, as "
        "the product said when it was sold.",
    )
    digital_until = fields.Date(
        "Digital Elements Until",
        compute="_compute_digital_until",
        store=True,
        precompute=True,
        help="Until this day law holds the seller liable for faults of the digital elements, and they are to be "
        "kept updated.",
    )

    _digital_positive = models.Constraint("CHECK (digital_months >= 0)", "Months cannot be negative.")

    @api.depends("product_id")
    def _compute_digital_months(self):
        for unit in self:
            unit.digital_months = unit.product_id.after_sales_digital_months

    @api.depends("digital_months", "delivery_date")
    def _compute_digital_until(self):
        """The law of the day of delivery decides (L04); a later owner takes the unit as it was sold."""
        rule_model = self.env["after.sales.warranty.rule"]
        for unit in self:
            day, months = unit.delivery_date, unit.digital_months
            liable = day and months and rule_model._get("digital_supply", unit, day).value
            unit.digital_until = rules.add_period(day, months=months) if liable else False

    @api.depends(
        "warranty_ids.date_end",
        "warranty_ids.ended_by",
        "warranty_ids.kind",
        "warranty_ids.promise_id.covered_product_ids",
    )
    def _compute_warranty_end(self):
        for unit in self:
            ends = [w.date_end for w in unit._get_whole_warranties() if w.date_end and not w.ended_by]
            unit.warranty_end = max(ends, default=False)

    @api.depends("warranty_ids.state")
    def _compute_warranty_state(self):
        for unit in self:
            states = set(unit._get_whole_warranties().mapped("state"))
            unit.warranty_state = (
                "in_warranty" if "active" in states else "expired" if "expired" in states else "none"
            )

    def _get_whole_warranties(self):
        """Without those on a repair or on some components, which speak for these parts and not for the unit."""
        return self.warranty_ids.filtered(
            lambda w: w.kind != "repair" and not w.promise_id.covered_product_ids
        )

    @api.depends("warranty_ids")
    def _compute_warranty_count(self):
        for unit in self:
            unit.warranty_count = len(unit.warranty_ids)

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        counts = dict(
            self.env["after.sales.claim"]._read_group([("unit_id", "in", self.ids)], ["unit_id"], ["__count"])
        )
        for unit in self:
            unit.claim_count = counts.get(unit._origin, 0)

    def _search_warranty_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        state_domain, whole = (
            self.env["after.sales.warranty"]._get_state_domain,
            self.env["after.sales.warranty"]._get_whole_domain(),
        )
        active = Domain("warranty_ids", "any", whole & state_domain("active", today))
        expired = ~active & Domain("warranty_ids", "any", whole & state_domain("expired", today))
        domains = {"in_warranty": active, "expired": expired, "none": ~active & ~expired}
        return Domain.OR(domains[state] for state in value if state)

    def _grant_warranties(self):
        """Give each unit the warranties its product, owner and country are entitled to, once."""
        terms = self.env["after.sales.warranty.term"]._get_for_units(self)
        given = {(w.unit_id, w.term_id) for w in self.warranty_ids} if self.warranty_ids else set()
        return self.env["after.sales.warranty"]._grant(
            [(unit, term) for unit in self for term in terms[unit] if (unit, term) not in given]
        )

    def _get_entitlement_key(self):
        """What decides which terms a unit is given. Extend it together with ``_suits`` of the terms."""
        self.ensure_one()
        return self.product_tmpl_id, self.categ_id, self.partner_id, self.company_id, self.delivery_date

    def action_grant_warranties(self):
        self.check_access("write")
        return self._grant_warranties() and True

    def action_view_warranties(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_warranty_action"
        )
        return {**action, "domain": [("unit_id", "=", self.id)], "context": {"default_unit_id": self.id}}

    def action_view_claims(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("after_sales_warranty.after_sales_claim_action")
        return {**action, "domain": [("unit_id", "=", self.id)], "context": {"default_unit_id": self.id}}

from odoo import api, fields, models

from ..tools.durations import duration_text

#: A day that law sets: kept with the claim from the start, so that lists filter and group by it.
DAY = {"compute": "_compute_days", "store": True, "precompute": True, "index": "btree_not_null"}


class AfterSalesClaim(models.Model):
    """What law says about a claim: the rules that apply and the days that follow from them."""

    _inherit = "after.sales.claim"

    rule_ids = fields.Many2many(
        "after.sales.warranty.rule",
        string="Law",
        compute="_compute_rule_ids",
        help="What law says in this case.",
    )
    loaner_due = fields.Date("Loaner Until", **DAY)
    replacement_due = fields.Date("Replace Until", **DAY)
    refund_due = fields.Date("Refund Until", **DAY)
    repair_due = fields.Date("Repair Until", **DAY)
    proof_until = fields.Date(
        "Presumed Original Until",
        help="A defect that appears until this day is presumed to have been there at delivery.",
        **DAY,
    )
    action_until = fields.Date("May Act Until", help="After this day the customer may no longer sue.", **DAY)
    deadline = fields.Date(
        "Law Deadline",
        compute="_compute_deadline",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Until when law wants the outcome done; as long as none is chosen, the first day of all.",
    )

    @api.model
    def _get_deadlines(self):
        """Which rule gives which date, and from which day it counts."""
        return {
            "loaner_due": ("loaner_days", "date"),
            "replacement_due": ("replacement_days", "date"),
            "refund_due": ("refund_days", "date"),
            "repair_due": ("max_repair_days", "date"),
            "proof_until": ("burden_of_proof", "delivery"),
            "action_until": ("action_period", "delivery"),
        }

    def _get_law_key(self):
        """Country, kind of customer and day that choose the rules."""
        self.ensure_one()
        owner = (self.partner_id or self.unit_id.partner_id).commercial_partner_id
        country = owner.country_id or self.company_id.country_id
        return country, owner._get_after_sales_customer_kind(), self.date

    def _get_law(self):
        """The rules that apply to each claim, as {claim: {code: rule}}."""
        rule_model, found, law = self.env["after.sales.warranty.rule"], {}, {}
        for claim in self:
            key = claim._get_law_key()
            if key not in found:
                found[key] = rule_model._find_all(*key) if key[2] else {}
            law[claim] = found[key]
        return law

    @api.depends(
        "partner_id.commercial_partner_id.country_id",
        "partner_id.commercial_partner_id.is_company",
        "date",
        "company_id",
    )
    def _compute_rule_ids(self):
        rules = self.env["after.sales.warranty.rule"]
        for claim, law in self._get_law().items():
            claim.rule_ids = rules.union(*law.values()).sorted()

    @api.depends(
        "unit_id.delivery_date",
        "partner_id.commercial_partner_id.country_id",
        "partner_id.commercial_partner_id.is_company",
        "date",
        "company_id",
    )
    def _compute_days(self):
        """The days of an open claim; those of a closed one are history and stay."""
        for claim, law in self._get_law().items():
            if claim.state in ("closed", "cancelled") and claim._origin:
                continue
            starts = {"date": claim.date, "delivery": claim.unit_id.delivery_date}
            for name, (code, basis) in self._get_deadlines().items():
                claim[name] = law[code]._get_last_day(starts[basis]) if code in law else False

    @api.model
    def _get_outcome_deadlines(self):
        """Which day is kept by which outcome."""
        return {"repair": "repair_due", "exchange": "replacement_due", "refund": "refund_due"}

    @api.depends("outcome", "repair_due", "replacement_due", "refund_due")
    def _compute_deadline(self):
        names = self._get_outcome_deadlines()
        for claim in self:
            chosen = [names[claim.outcome]] if claim.outcome else names.values()
            claim.deadline = min((claim[name] for name in chosen if claim[name]), default=False)

    def _get_alerts(self, others):
        alerts = super()._get_alerts(others)
        notice = self.rule_ids.filtered(lambda rule: rule.code == "notice_days")[:1]
        if notice:
            alerts.append(
                self.env._(
                    "Law asks to report a defect within %s of its discovery: ask when it was found.",
                    duration_text(notice.value, "day", self.env.lang),
                )
            )
        if self.outcome == "refund" and "remedy_order" in self.rule_ids.mapped("code"):
            tried = others.filtered(lambda c: c.state == "closed" and c.outcome in ("repair", "exchange"))
            if not tried:
                alerts.append(
                    self.env._("Repair or replacement comes first, unless refused, impossible or in vain.")
                )
        if self.repair_due and self.repair_due < fields.Date.context_today(self):
            alerts.append(self.env._("The time that law allows for the repair is over."))
        return alerts

    @api.depends("outcome", "repair_due", "rule_ids")
    def _compute_alerts(self):
        return super()._compute_alerts()

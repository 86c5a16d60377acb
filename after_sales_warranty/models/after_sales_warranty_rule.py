from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools import warranty as rules


class AfterSalesWarrantyRule(models.Model):
    """One figure that law decides, with the days between which it holds."""

    _name = "after.sales.warranty.rule"
    _description = "Warranty Rule"
    _inherit = ["after.sales.watch.mixin"]
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
            ("action_period", "Time to act on a defect"),
            ("free_remedy", "Remedies are free of charge"),
            ("remedy_order", "Repair or replacement comes first"),
            ("choice_notice", "Notice of the choice between repair and replacement"),
            ("repair_offer", "The maker repairs on request"),
            ("repair_form_days", "Repair offer binds"),
            ("replacement_days", "Days to replace"),
            ("replacement_check_days", "Days to replace after a quality check"),
            ("replacement_stock_days", "Time to replace what is not in stock"),
            ("refund_days", "Days to refund or cut the price"),
            ("penalty_percent", "Penalty for each day of delay"),
            ("court_fine", "Fine of the court"),
            ("complex_goods_days", "Days to give back complex goods"),
            ("complex_goods_idle_days", "Days out of use in a year"),
            ("part_restarts", "A replaced part starts its warranty again"),
            ("repair_act", "Written act when a repair is handed out"),
            ("seller_checks", "The seller pays the quality check"),
            ("installation_starts", "The time runs from the installation"),
            ("digital_supply", "Digital elements: as long as they are supplied"),
            ("card_notice", "The card says that legal rights are unaffected"),
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
    value = fields.Integer(aggregator=None)
    value_unit = fields.Selection(
        [
            ("day", "Days"),
            ("month", "Months"),
            ("year", "Years"),
            ("flag", "Yes or no"),
            ("percent", "Percent"),
        ],
        required=True,
        default="month",
    )
    law_ref = fields.Char("Legal Source")
    used_for = fields.Char(compute="_compute_used_for")
    active = fields.Boolean(default=True)

    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A rule cannot end before it begins."
    )

    @api.model
    def _get(self, code, unit, day):
        """The rule that holds for the unit on this day, see ``_find_all``. Empty when law says nothing."""
        owner = unit.partner_id
        country = owner.commercial_partner_id.country_id or unit.company_id.country_id
        return self._find(code, country, owner._get_after_sales_customer_kind(), day)

    @api.model
    def _find(self, code, countries, customer_kind, day):
        domain = Domain("code", "=", code) & self._get_force_domain(countries, customer_kind, day)
        return self.search(domain)._get_by_code().get(code, self.browse())

    @api.model
    def _find_all(self, countries, customer_kind, day):
        """All rules that hold, as {code: rule}: what ``_find`` answers for each code, at once.

        The law of fewer countries wins, so a nation's own row stands before that of its union, which
        fills what the nation leaves out. In one law the row for this kind of customer stands before
        that for all, then the latest.
        """
        return self.search(self._get_force_domain(countries, customer_kind, day))._get_by_code()

    def _get_by_code(self):
        """{code: the one of these rules that wins}."""

        def rank(rule):
            return -len(rule.pack_id.country_ids), rule.customer_kind != "both", rule.date_from, rule.id

        return {rule.code: rule for rule in self.sorted(rank)}

    @api.model
    def _get_force_domain(self, countries, customer_kind, day):
        """Rules of these countries and this kind of customer on this day."""
        kinds = ["both", customer_kind] if customer_kind != "both" else ["both"]
        return (
            Domain("pack_id.country_ids", "in", countries.ids)
            & Domain("pack_id.active", "=", True)
            & Domain("customer_kind", "in", kinds)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_used_for(self):
        uses = self._get_uses()
        for rule in self:
            rule.used_for = uses.get(rule.code, self.env._("Shown on each claim it applies to."))

    @api.model
    def _get_uses(self):
        """What the rules are for, besides being shown on each claim they apply to."""
        return {
            "min_legal_duration": self.env._("A legal term may not promise less."),
            "min_used_duration": self.env._("A legal term for used goods may not promise less."),
            "repair_suspends": self.env._("A repair adds the days out of use to the legal warranty."),
            "repair_extends": self.env._("The first repair adds this time to the legal warranty."),
            "replacement_restarts": self.env._("A replacement starts the legal warranty again."),
            "burden_of_proof": self.env._("The claim says until when a defect is presumed original."),
            "action_period": self.env._("The claim says until when the customer may act."),
            "notice_days": self.env._("A claim reminds to ask when the defect was found."),
            "remedy_order": self.env._("A claim warns when a refund is chosen first."),
            "choice_notice": self.env._("A claim warns until the consumer has been informed of the choice."),
            "max_repair_days": self.env._("The claim says until when the repair must be done."),
            "replacement_days": self.env._("The claim says until when the replacement must be done."),
            "refund_days": self.env._("The claim says until when the money must be back."),
            "loaner_days": self.env._("The claim says until when a loaner must be handed out."),
            "card_notice": self.env._("Printed on every card."),
            "digital_supply": self.env._(
                "A fault of digital elements is covered by the legal warranty as long as they are supplied."
            ),
        }

    def _get_months(self):
        """The duration in whole months, rounded up."""
        return {"year": 12 * self.value, "month": self.value, "day": -(-self.value // 30)}.get(
            self.value_unit, 0
        )

    def _get_last_day(self, day):
        """The last day of the period that starts on ``day``; False when law sets none."""
        if not day or self.value_unit not in ("day", "month", "year"):
            return False
        days, months = rules.period(self.value, self.value_unit)
        return rules.add_period(day, days, months)

    # === LAW WATCH === #

    @api.model
    def _get_watch_domain(self, today):
        ends = self._get_lead_domain("date_to", today)
        starts = self._get_lead_domain("date_from", today) & Domain("date_from", ">", today)
        return Domain("pack_id.active", "=", True) & (ends | starts)

    def _get_watch_alert(self, today):
        self.ensure_one()
        if self.date_from > today:
            return self.date_from, self.env._(
                "New law from %(day)s: %(rule)s. Renew terms and policies.",
                day=format_date(self.env, self.date_from),
                rule=self.name,
            )
        if self._has_successor():
            return None
        return self.date_to, self.env._(
            "Law ends on %(day)s and nothing follows: %(rule)s.",
            day=format_date(self.env, self.date_to),
            rule=self.name,
        )

    def _has_successor(self):
        """Whether another rule of the same kind holds on the day after this one ends."""
        domain = (
            Domain("pack_id", "=", self.pack_id.id)
            & Domain("code", "=", self.code)
            & Domain("customer_kind", "in", ["both", self.customer_kind])
            & Domain("date_from", "<=", self.date_to + timedelta(days=1))
            & (Domain("date_to", "=", False) | Domain("date_to", ">", self.date_to))
        )
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _cron_watch_law(self):
        """Every day: tell managers of rules, terms and policies that change or grow old."""
        today = fields.Date.context_today(self)
        names = [self._name, "after.sales.warranty.term", "after.sales.policy"]
        for left, name in zip((2, 1, 0), names, strict=True):
            told = self.env[name]._watch(today)
            if not self.env["ir.cron"]._commit_progress(len(told), remaining=left):
                break

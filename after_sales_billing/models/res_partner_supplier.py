from odoo import api, fields, models

from .after_sales_intervention import RECOVERY


class ResPartner(models.Model):
    """How claims for goods that fail are made to a supplier."""

    _inherit = "res.partner"

    after_sales_supplier_term_ids = fields.One2many(
        "after.sales.supplier.term",
        "partner_id",
        "Recovery Agreement",
        groups=RECOVERY,
        help="Which costs the supplier bears when his goods fail under his warranty. Without any: the parts, in full.",
    )
    after_sales_claim_grouping = fields.Selection(
        [("supplier", "One claim for all units"), ("unit", "One claim per unit")],
        "Claims",
        default="supplier",
        help="How what this supplier bears is put on claims.",
    )
    after_sales_claim_document = fields.Selection(
        [("credit_note", "Vendor credit note"), ("invoice", "Invoice to the supplier")],
        "Debit Document",
        default="credit_note",
        help="By which document what he agrees to is settled.",
    )
    after_sales_claim_currency_id = fields.Many2one(
        "res.currency", "Currency of Claims", help="When empty, the currency of the company."
    )
    after_sales_claim_days = fields.Integer(
        "Days to Answer",
        help="When he has not answered by then, the responsible is reminded. 0: as the company says.",
    )
    after_sales_claim_goods = fields.Boolean(
        "Wants Goods Back", help="Asks for the defective goods with each claim."
    )
    after_sales_supplier_claim_count = fields.Integer(compute="_compute_after_sales_supplier_claim_count")

    _claim_days_positive = models.Constraint(
        "CHECK (after_sales_claim_days IS NULL OR after_sales_claim_days >= 0)",
        "The days to answer cannot be negative.",
    )

    @api.depends_context("uid")
    def _compute_after_sales_supplier_claim_count(self):
        claims = self.env["after.sales.supplier.claim"]
        if not claims.has_access("read"):
            self.after_sales_supplier_claim_count = 0
            return
        counts = dict(
            claims._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.after_sales_supplier_claim_count = counts.get(partner.commercial_partner_id, 0)

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            "after_sales_claim_grouping",
            "after_sales_claim_document",
            "after_sales_claim_currency_id",
            "after_sales_claim_days",
            "after_sales_claim_goods",
        ]

    def action_view_after_sales_supplier_claims(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_supplier_claim_action"
        )
        action.update(
            {"domain": [("commercial_partner_id", "in", self.commercial_partner_id.ids)], "context": {}}
        )
        return action

    # ------------------------------------------------------------------
    # What a claim asks of its supplier
    # ------------------------------------------------------------------

    def _get_after_sales_claim_currency(self, company):
        return self.after_sales_claim_currency_id or company.currency_id

    def _get_after_sales_claim_days(self, company):
        return self.after_sales_claim_days or company.after_sales_claim_days

    def _get_after_sales_claim_problem(self, company):
        """Why nothing can be claimed from this supplier as he is, in words; False when nothing is known."""
        self.ensure_one()
        if not self.active:
            return self.env._("The supplier %s is archived.", self.display_name)
        if self.company_id and self.company_id != company:
            return self.env._("The supplier %s belongs to another company.", self.display_name)
        currency = self._get_after_sales_claim_currency(company)
        if not currency.active:
            return self.env._("The currency %s is not active.", currency.name)
        if currency != company.currency_id and not currency.with_company(company).rate_ids:
            return self.env._("The currency %s has no rate.", currency.name)
        return False

    def _get_after_sales_claim_warnings(self):
        """What will make a claim hard to send or to settle, in words."""
        self.ensure_one()
        warnings = []
        if not self.active:
            warnings.append(self.env._("The supplier is archived."))
        if not self.email:
            warnings.append(
                self.env._("The supplier has no e-mail address: print the claim and send it another way.")
            )
        if not self.country_id:
            warnings.append(
                self.env._("The supplier has no address: without his country the taxes may be wrong.")
            )
        return warnings

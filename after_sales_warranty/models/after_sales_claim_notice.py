from odoo import api, fields, models

#: What the customer is told, by the state his claim comes to.
NOTICES = {
    "authorised": "after_sales_warranty.mail_template_claim_authorised",
    "refused": "after_sales_warranty.mail_template_claim_refused",
}


class AfterSalesClaim(models.Model):
    """The customer learns what was decided and why; who else pays; and a decision can be looked at again."""

    _inherit = "after.sales.claim"

    supplier_id = fields.Many2one(related="unit_id.supplier_id", store=True, index="btree_not_null")
    supplier_warranty_end = fields.Date(related="unit_id.supplier_warranty_end")
    is_recoverable = fields.Boolean(
        "Recoverable",
        compute="_compute_is_recoverable",
        store=True,
        help="The warranty of the supplier held on the day of the claim.",
    )

    @api.depends("unit_id.supplier_id", "unit_id.supplier_warranty_end", "date")
    def _compute_is_recoverable(self):
        for claim in self:
            end = claim.unit_id.supplier_warranty_end
            claim.is_recoverable = bool(
                claim.unit_id.supplier_id and end and claim.date and claim.date <= end
            )

    # === NOTICES === #

    def _decide(self, state):
        res = super()._decide(state)
        for claim in self:
            claim._tell_customer(state)
        return res

    def _tell_customer(self, state):
        """Send the decision in the customer's language and keep it; without an address somebody tells him."""
        self.ensure_one()
        template = self.env.ref(NOTICES[state], raise_if_not_found=False)
        if not template or not self.partner_id:
            return
        if not self.partner_id.email:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Tell %s the decision: there is no e-mail address", self.partner_id.name),
                user_id=(self.user_id or self.env.user).id,
            )
            return
        self.message_post_with_source(
            template,
            message_type="auto_comment",
            email_layout_xmlid="mail.mail_notification_light",
            subtype_xmlid="mail.mt_comment",
        )

    # === REOPENING === #

    def _reopen(self, reason):
        """Look at decided claims again; what was decided stays in the history."""
        self.check_access("write")
        self._ensure_state("authorised", "refused", "closed")
        for claim in self:
            claim.message_post(body=self.env._("Reopened: %s", reason))
        self._record("checked", decided_by_id=False, date_decided=False, date_closed=False)

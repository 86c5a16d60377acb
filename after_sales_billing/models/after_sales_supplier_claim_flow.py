from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools import recovery
from .after_sales_supplier_claim import ANSWERED, LIVE

ACTIVITY = "after_sales_billing.mail_activity_type_supplier_answer"


class AfterSalesSupplierClaim(models.Model):
    """The way of a claim: sent, answered in full, in part or not at all, claimed again for the rest, cancelled."""

    _inherit = "after.sales.supplier.claim"

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def action_send(self):
        """Open the mail with the claim as PDF and its evidence; the claim is sent when the mail leaves."""
        self.ensure_one()
        self._ensure_state("draft", "sent")
        self._ensure_complete()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one, or print the claim, send it another way and choose"
                    " Mark as Sent.",
                    self.partner_id.display_name,
                )
            )
        if not self.evidence_ids:
            self._collect_evidence()
        template = self.env.ref("after_sales_billing.mail_template_supplier_claim", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Claim"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "mark_after_sales_claimed": True,
                "force_email": True,
            },
        }

    def action_mark_sent(self):
        """The claim was sent by letter or on the supplier's portal."""
        self._ensure_state("draft")
        self._ensure_complete()
        self._mark_sent()

    def message_post(self, **kwargs):
        if self.env.context.get("mark_after_sales_claimed"):
            self.filtered(lambda claim: claim.state == "draft")._mark_sent()
        return super().message_post(**kwargs)

    def _process_attachments_for_template_post(self, mail_template):
        """The evidence goes with the claim."""
        result = super()._process_attachments_for_template_post(mail_template) or {}
        if mail_template == self.env.ref(
            "after_sales_billing.mail_template_supplier_claim", raise_if_not_found=False
        ):
            for claim in self.filtered("evidence_ids"):
                files = result.setdefault(claim.id, {}).setdefault("attachment_ids", [])
                files += claim.evidence_ids.ids
        return result

    def _ensure_complete(self):
        for claim in self:
            if not claim.line_ids:
                raise UserError(self.env._("There is nothing on %s.", claim.name))
            if not claim.partner_id.active:
                raise UserError(self.env._("The supplier %s is archived.", claim.partner_id.display_name))

    def _mark_sent(self):
        today = fields.Date.context_today(self)
        for claim in self:
            days = claim.commercial_partner_id._get_after_sales_claim_days(claim.company_id)
            claim.write({"state": "sent", "date_sent": today, "date_due": today + timedelta(days=days)})

    # ------------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------------

    def action_answer(self):
        """Write down what the supplier says."""
        self.ensure_one()
        self._ensure_state("sent")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of the Supplier"),
            "res_model": "after.sales.supplier.claim.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    def action_agree(self):
        """The supplier agrees to all of it."""
        self._ensure_state("sent")
        for line in self.line_ids:
            line.amount_agreed = line.amount_claimed
        self._answer()

    def _refuse(self, reason):
        self._ensure_state("sent")
        self.line_ids.amount_agreed = 0.0
        self.refusal_reason = reason
        self._answer()

    def _answer(self):
        """Take over what is agreed on each line: what is refused is free to be claimed again."""
        for claim in self:
            rows = [(line.amount_claimed, line.amount_agreed) for line in claim.line_ids]
            claim.write(
                {
                    "state": recovery.answer(rows, claim.currency_id.rounding),
                    "date_answered": fields.Date.context_today(claim),
                }
            )
            agreed = claim.line_ids.filtered("amount_agreed")
            refused = claim.line_ids - agreed
            refused.is_refused = True
            refused._release(self.env._("Refused by the supplier on %s", claim.name))
            for line in agreed:
                line._get_entries("claim").amount = line.amount_agreed
        self.activity_feedback([ACTIVITY], feedback=self.env._("The supplier has answered"))

    def action_reopen(self):
        """The answer was wrong or is withdrawn: the claim waits for an answer again."""
        self._ensure_state("agreed", "partial", "refused")
        for claim in self:
            claim._ensure_no_document()
            claim._ensure_no_follow_up()
        refused = self.line_ids.filtered("is_refused")
        refused._ensure_free()
        self.write({"state": "sent", "date_answered": False, "refusal_reason": False})
        self.line_ids.write({"is_refused": False, "amount_agreed": 0.0})
        refused._reserve()
        for line in self.line_ids:
            line._get_entries("claim").amount = line.amount_claimed

    def action_claim_rest(self):
        """Claim anew what the supplier left open of this claim."""
        claims = self.browse()
        for claim in self:
            claim._ensure_state(*ANSWERED, "refused")
            claim._ensure_no_follow_up()
            open_lines = claim.line_ids.filtered(
                lambda line: line.currency_id.compare_amounts(line.amount_claimed, line.amount_agreed) > 0
            )
            if not open_lines:
                raise UserError(self.env._("%s is agreed in full: nothing is left open.", claim.name))
            open_lines.filtered("is_refused")._ensure_free()
            claims += self.create(claim._prepare_follow_up_vals(open_lines))
        return claims._get_action()

    def _prepare_follow_up_vals(self, lines):
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "origin_id": self.id,
            "note": self.note,
            "goods_wanted": self.goods_wanted,
            "evidence_ids": [Command.set(self.evidence_ids.ids)],
            "line_ids": [
                Command.create({"charge_id": line.charge_id.id, "origin_line_id": line.id}) for line in lines
            ],
        }

    # ------------------------------------------------------------------
    # Back
    # ------------------------------------------------------------------

    def action_draft(self):
        """A claim that was not answered is corrected, a cancelled one is taken up again."""
        self._ensure_state("sent", "cancelled")
        cancelled = self.filtered(lambda claim: claim.state == "cancelled")
        cancelled.line_ids._ensure_free()
        self.write({"state": "draft", "date_due": False})
        self.line_ids.amount_agreed = 0.0
        cancelled.line_ids._reserve()
        self.activity_unlink([ACTIVITY])

    def action_cancel(self):
        """Give the claim up: its charges are free to be claimed again."""
        self._ensure_state("draft", "sent", "agreed", "partial")
        for claim in self:
            claim._ensure_no_document()
            claim._ensure_no_follow_up()
        self.line_ids._release(self.env._("Claim cancelled"))
        self.state = "cancelled"
        self.line_ids.write({"is_refused": False, "amount_agreed": 0.0})
        self.activity_unlink([ACTIVITY])

    def _ensure_no_document(self):
        self.ensure_one()
        entries = self.line_ids._get_entries("bill", "credit")
        if entries:
            raise UserError(
                self.env._(
                    "%(claim)s is debited on %(document)s: delete or cancel that document first.",
                    claim=self.name,
                    document=entries.move_id[:1].display_name or entries[0].document_name or "",
                )
            )

    def _ensure_no_follow_up(self):
        self.ensure_one()
        live = self.follow_up_ids.filtered(lambda claim: claim.state in LIVE)
        if live:
            raise UserError(
                self.env._(
                    "%(rest)s already claims what %(claim)s left open: cancel it first.",
                    rest=live[0].name,
                    claim=self.name,
                )
            )

    # ------------------------------------------------------------------
    # Without an answer
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self, batch_size=100):
        """Call whoever is responsible for a claim that its supplier did not answer in time, once."""
        domain = (
            Domain("state", "=", "sent")
            & Domain("date_due", "<", fields.Date.context_today(self))
            & Domain("activity_ids", "not any", [("activity_type_id", "=", self.env.ref(ACTIVITY).id)])
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while claims := self.search(domain, limit=batch_size, order="date_due, id"):
            claims._remind()
            if not cron._commit_progress(len(claims)):
                break

    def _remind(self):
        for claim in self:
            claim.activity_schedule(
                ACTIVITY,
                user_id=(claim.user_id.filtered("active") or claim.create_uid).id,
                note=self.env._(
                    "%(supplier)s has not answered for %(days)s days.",
                    supplier=claim.partner_id.display_name,
                    days=claim.days_open,
                ),
            )

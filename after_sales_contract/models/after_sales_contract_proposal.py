from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .after_sales_contract_template import OPEN_START_BASES

PROPOSAL_STATES = [
    ("to_send", "Proposal Not Sent"),
    ("sent", "Proposal Sent"),
    ("seen", "Seen"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("lapsed", "Lapsed"),
]
OPEN_STATES = ("to_send", "sent", "seen")


class AfterSalesContract(models.Model):
    """The proposal of a contract: sent with its PDF, seen, signed or refused on the portal, valid until a day."""

    _name = "after.sales.contract"
    _inherit = ["after.sales.contract", "portal.mixin"]

    proposal_state = fields.Selection(
        PROPOSAL_STATES, readonly=True, copy=False, index="btree_not_null", tracking=True
    )
    proposal_validity = fields.Date(
        "Proposal Valid Until", copy=False, help="Last day on which the customer can accept. Empty: no limit."
    )
    date_proposed = fields.Datetime("Proposed on", readonly=True, copy=False)
    date_seen = fields.Datetime("Seen on", readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_by = fields.Char(readonly=True, copy=False)
    signature = fields.Image(readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024)
    refuse_reason = fields.Text("Reason of the Refusal", readonly=True, copy=False)

    def _compute_access_url(self):
        super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/service-contracts/{contract.id}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.name.replace('/', '_')} {self.partner_id.name}"

    # === ACTIONS ===#

    def action_send_proposal(self):
        """Open the mail with the PDF; the contract is proposed when the mail leaves, not before (D22).

        :raise UserError: when the contract is no draft or open proposal, or is not complete
        """
        self.ensure_one()
        self._ensure_state("draft", "proposed")
        self._ensure_proposable()
        template = self.env.ref(
            "after_sales_contract.mail_template_contract_proposal", raise_if_not_found=False
        )
        context = {
            "default_model": self._name,
            "default_res_ids": self.ids,
            "default_composition_mode": "comment",
            "default_template_id": template.id if template else False,
            "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
            "mark_after_sales_proposed": True,
            "force_email": True,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Proposal"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_preview(self):
        """What the customer sees."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    def action_draft(self):
        result = super().action_draft()
        self.write(
            {
                "proposal_state": False,
                "date_seen": False,
                "signed_on": False,
                "signed_by": False,
                "signature": False,
                "refuse_reason": False,
            }
        )
        return result

    def message_post(self, **kwargs):
        if self.env.context.get("mark_after_sales_proposed"):
            self.filtered(lambda contract: contract.state == "draft")._propose()
            self._mark_sent()
        return super().message_post(**kwargs)

    # === LIFE OF A PROPOSAL ===#

    def _get_instalment_summary(self):
        """A draft has no plan yet: its PDF shows the one that it would have."""
        if self.state != "draft":
            return super()._get_instalment_summary()
        groups = {}
        for line in self.line_ids:
            for vals in line._prepare_instalments(with_text=False):
                key = (vals["date_due"], vals["date_from"], vals["date_to"])
                groups[key] = groups.get(key, 0.0) + vals["amount"]
        names = ("date_due", "date_from", "date_to")
        return [{**dict(zip(names, key, strict=True)), "amount": groups[key]} for key in sorted(groups)]

    def _ensure_proposable(self):
        """A proposal may leave its start open where the start is an event to come; all else must be known."""
        waiting = self.filtered(
            lambda c: c.line_ids and not c.date_start and c.start_basis in OPEN_START_BASES
        )
        (self - waiting)._ensure_complete()

    def _propose(self):
        self._ensure_proposable()
        self._sync_plan()
        for contract in self:
            days = contract.template_id.proposal_days if contract.template_id else 30
            validity = contract.proposal_validity
            if not validity and days:
                validity = fields.Date.add(contract._get_today(), days=days)
            contract.write(
                {
                    "state": "proposed",
                    "proposal_state": "to_send",
                    "date_proposed": fields.Datetime.now(),
                    "proposal_validity": validity,
                }
            )

    def _is_open_proposal(self):
        """Whether the customer can still say yes or no."""
        self.ensure_one()
        valid = not self.proposal_validity or self.proposal_validity >= self._get_today()
        return self.state == "proposed" and self.proposal_state in OPEN_STATES and valid

    def _ensure_open_proposal(self):
        """Lock the proposal and check it, so that two answers at once make one."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if not self._is_open_proposal():
            raise UserError(
                self.env._("This proposal was answered already or is no longer valid. Ask us for a new one.")
            )

    def _mark_sent(self):
        """The proposal left for the customer."""
        self.filtered(lambda contract: contract.proposal_state == "to_send").proposal_state = "sent"

    def _mark_seen(self):
        """The customer opened the proposal, the first time."""
        self.ensure_one()
        if self.state == "proposed" and self.proposal_state in ("to_send", "sent"):
            self.write({"proposal_state": "seen", "date_seen": fields.Datetime.now()})

    def _accept(self, name, signature):
        """The customer signed: the contract starts, or will by itself once its start is known.

        :raise UserError: when the proposal is not open any more
        """
        self._ensure_open_proposal()
        self.write(
            {
                "proposal_state": "accepted",
                "signed_by": name,
                "signed_on": fields.Datetime.now(),
                "signature": signature,
                "start_automatically": True,
            }
        )
        self.env.flush_all()  # the PDF of the mail shows the signature
        try:
            with self.env.cr.savepoint():
                self._start_sold()
        except UserError as error:
            # He has signed all the same; somebody has to put the contract right.
            words = self._in_words_of_responsible().env
            self._warn_responsible(words._("The contract was accepted but could not start"), str(error))
        self._send_mail("after_sales_contract.mail_template_contract_accepted")
        self._after_accepted()

    def _after_accepted(self):
        """Hook: what follows from a signature."""

    def _refuse(self, reason):
        """The customer does not want it.

        :raise UserError: when the proposal is not open any more
        """
        self._ensure_open_proposal()
        self._cancel()
        self.write({"proposal_state": "refused", "refuse_reason": reason, "close_reason": reason})
        self._warn_responsible(self._in_words_of_responsible().env._("The proposal was refused"), reason)

    @api.model
    def _cron_lapse_proposals(self, batch_size=100):
        """Proposals whose last day has passed without an answer are over."""
        domain = Domain("state", "=", "proposed") & Domain("proposal_state", "in", OPEN_STATES)
        proposals = self.search(domain & Domain("proposal_validity", "<", fields.Date.today()))
        proposals = proposals.filtered(lambda contract: contract.proposal_validity < contract._get_today())
        for start in range(0, len(proposals), batch_size):
            batch = proposals[start : start + batch_size]
            batch._cancel()
            batch.proposal_state = "lapsed"
            for lapsed in batch.grouped("company_id").values():
                words = lapsed._in_words_of_company().env
                lapsed.close_reason = words._("The proposal was not answered in time")
            left = len(proposals) - start - len(batch)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                return

    # === MAIL ===#

    def _send_mail(self, template_xmlid):
        """Write to the customer in his language; without template or address nothing is sent, and the log says so."""
        template = self.env.ref(template_xmlid, raise_if_not_found=False)
        for contract in self if template else ():
            if not contract.partner_id.email:
                contract.message_post(
                    body=self.env._(
                        "%(customer)s has no e-mail address: nothing was sent.",
                        customer=contract.partner_id.name,
                    )
                )
                continue
            contract.message_post_with_source(
                template,
                email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
                subtype_xmlid="mail.mt_comment",
            )

    def _warn_responsible(self, summary, note):
        """A warning to do for who is responsible for the contract."""
        for contract in self:
            contract.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=contract.user_id.id or self.env.uid,
                summary=summary,
                note=note,
            )

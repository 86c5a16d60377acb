from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("running", "Running"),
    ("notice", "Notice Given"),
    ("ended", "Ended"),
    ("cancelled", "Cancelled"),
]
#: In these states a contract has covered, or still covers, the days between its start and its end.
EFFECTIVE_STATES = ("running", "notice", "ended")
LIVE_STATES = ("running", "notice")


class AfterSalesContractLifeMixin(models.AbstractModel):
    """The life of a contract: proposed, started, notice given, ended or cancelled, and when it is in force."""

    _name = "after.sales.contract.life.mixin"
    _description = "Life of a Service Contract"

    # === ACTIONS ===#

    def action_propose(self):
        """Mark as handed over to the customer without sending it; he may still sign it on the portal."""
        self._ensure_state("draft")
        self._propose()

    def action_start(self):
        self._ensure_state("draft", "proposed")
        self._start()

    def action_withdraw_notice(self):
        """The notice is taken back: the contract goes on as it was, with its tacit renewal."""
        self._ensure_state("running", "notice")
        late = self.filtered(lambda contract: contract.state == "running")
        late.notice_date = False  # it came too late and changed nothing else
        for contract in self - late:
            contract.write(
                {
                    "state": "running",
                    "notice_date": False,
                    "tacit_renewal": contract.was_tacit,
                    "was_tacit": False,
                }
            )

    def action_end(self):
        """End now, or on the early end that was entered; one in the future is kept and done by the cron."""
        self._ensure_state("running", "notice")
        for contract in self:
            today = contract._get_today()
            if contract.date_start > today:
                raise UserError(self.env._("%(contract)s has not begun: cancel it.", contract=contract.name))
            contract.date_closed = contract.date_closed or min(today, contract.date_end)
            contract._sync_plan()
            if contract.date_closed <= today:
                contract._end()

    def action_cancel(self):
        self._ensure_state("draft", "proposed", "running", "notice")
        self._cancel()

    def action_draft(self):
        """Back to the drawing board: the plan is made anew when it is proposed or started."""
        self._ensure_state("proposed", "cancelled")
        self.check_access("write")
        self.instalment_ids.sudo().unlink()  # sudo: rows of the plan are nobody's to write by hand
        self.visit_ids.filtered(lambda visit: visit.state in ("planned", "cancelled")).unlink()
        self.write({"state": "draft", "date_closed": False, "close_reason": False})

    # === BUSINESS ===#

    def _ensure_complete(self):
        """:raises UserError: when somebody could not agree to a contract yet, with what to enter first"""
        for contract in self:
            if missing := contract._get_missing():
                raise UserError(missing)

    def _get_missing(self):
        """What a contract needs before somebody can agree to it, in words; empty when nothing."""
        self.ensure_one()
        if not self.date_start:
            return self.env._(
                "%(contract)s has no first day: enter it under Start. What was sold with goods gets it from their "
                "delivery or the end of their warranty.",
                contract=self.name,
            )
        if not self.date_end:
            return self.env._(
                "%(contract)s has no last day: enter it under End, or its duration again.", contract=self.name
            )
        if not self.line_ids:
            return self.env._(
                "%(contract)s has no price line: add what the customer pays, and per which period, under Prices, or "
                "choose a template that has a price.",
                contract=self.name,
            )
        return ""

    def _give_notice(self, day):
        """The term that runs is the last one. Goods, prices and visits until its end stay as they are."""
        self.ensure_one()
        self.write(
            {"state": "notice", "was_tacit": self.tacit_renewal, "tacit_renewal": False, "notice_date": day}
        )

    def _get_today(self):
        """The calendar day where the company is, one for all who work on the contract: the public user and a cron have no
        time zone."""
        tz = self.company_id[:1].partner_id.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz))

    def _start(self):
        self._ensure_complete()
        self.state = "running"
        self._sync_plan()
        self._sync_visits()
        self._open_pools()

    def _end(self):
        """The term is over: what was not done stays undone, and what was due of it is named."""
        self.state = "ended"
        visits = self.visit_ids.filtered(lambda visit: visit.state == "planned")
        due = visits.filtered(lambda visit: visit.contract_id._is_visit_due(visit)).grouped("contract_id")
        self.browse([contract.id for contract in due])._message_log_batch(
            {
                contract.id: contract._in_words_of_company().env._(
                    "Visits that were due and are called off with the end of the contract: %s",
                    rows._get_names(),
                )
                for contract, rows in due.items()
            }
        )
        visits.action_cancel()

    def _is_visit_due(self, visit):
        """Whether a visit had its day while the contract was in force."""
        self.ensure_one()
        return visit.date <= (self.date_closed or self.date_end)

    def _in_words_of_responsible(self):
        """What a responsible person is told to do is in his language, whoever or whatever asks for it."""
        user_sudo = (self.user_id[:1] or self.env.user).sudo()  # sudo: his language is no secret
        return self.with_context(lang=user_sudo.lang or self.env.lang)

    def _in_words_of_company(self):
        """What the house reads on a contract, whoever did it: in the language of the company."""
        return self.with_context(lang=self.company_id[:1].partner_id.lang or self.env.lang)

    def _cancel(self):
        """Nothing of the contract takes place; impossible once something was billed."""
        if billed := self.instalment_ids.filtered("is_billed"):
            raise UserError(
                self.env._(
                    "Instalments of %(contract)s are billed: end the contract instead of cancelling it.",
                    contract=billed[0].contract_id.name,
                )
            )
        self.check_access("write")
        self.instalment_ids.sudo().state = "cancelled"  # sudo: rows of the plan are nobody's to write by hand
        self.visit_ids.filtered(lambda visit: visit.state != "done").action_cancel()
        self.state = "cancelled"

    @api.model
    def _get_effective_domain(self, date_from, date_to=None):
        """Contracts under which the days between two dates lie (touching them is enough)."""
        domain = Domain("state", "in", EFFECTIVE_STATES) & Domain("date_start", "<=", date_to or date_from)
        domain &= Domain("date_end", ">=", date_from)
        return domain & (Domain("date_closed", "=", False) | Domain("date_closed", ">=", date_from))

    def _is_effective(self, date):
        """Whether the contract is in force on a day."""
        self.ensure_one()
        stop = self.date_closed or self.date_end
        return self.state in EFFECTIVE_STATES and self.date_start <= date <= stop

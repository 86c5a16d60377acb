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
        self._ensure_state("draft")
        self._ensure_complete()
        self._sync_plan()
        self.state = "proposed"

    def action_start(self):
        self._ensure_state("draft", "proposed")
        self._start()

    def action_give_notice(self):
        self._ensure_state("running")
        for contract in self:
            contract.write(
                {
                    "state": "notice",
                    "tacit_renewal": False,
                    "notice_date": contract.notice_date or fields.Date.context_today(contract),
                }
            )

    def action_withdraw_notice(self):
        self._ensure_state("notice")
        self.write({"state": "running", "notice_date": False})

    def action_end(self):
        """End now, or on the early end that was entered; one in the future is kept and done by the cron."""
        self._ensure_state("running", "notice")
        for contract in self:
            today = fields.Date.context_today(contract)
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
        self.instalment_ids.unlink()
        self.visit_ids.filtered(lambda visit: visit.state in ("planned", "cancelled")).unlink()
        self.write({"state": "draft", "date_closed": False, "close_reason": False})

    # === BUSINESS ===#

    def _ensure_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for contract in self:
            if contract.state not in states:
                raise UserError(
                    self.env._(
                        "%(contract)s is in state %(state)s, this is possible in: %(allowed)s.",
                        contract=contract.name,
                        state=labels[contract.state],
                        allowed=", ".join(labels[state] for state in states),
                    )
                )

    def _ensure_complete(self):
        """What a contract needs before somebody can agree to it."""
        for contract in self:
            if not contract.date_start or not contract.date_end:
                raise UserError(self.env._("%(contract)s needs a start and an end.", contract=contract.name))
            if not contract.line_ids:
                raise UserError(self.env._("%(contract)s has no price line.", contract=contract.name))

    def _start(self):
        self._ensure_complete()
        self.state = "running"
        self._sync_plan()
        self._sync_visits()
        self._open_pools()

    def _end(self):
        """The term is over: what was not due stays undone."""
        self.state = "ended"
        self.visit_ids.filtered(lambda visit: visit.state == "planned").action_cancel()

    def _cancel(self):
        """Nothing of the contract takes place; impossible once something was billed."""
        if billed := self.instalment_ids.filtered("is_billed"):
            raise UserError(
                self.env._(
                    "Instalments of %(contract)s are billed: end the contract instead of cancelling it.",
                    contract=billed[0].contract_id.name,
                )
            )
        self.instalment_ids.state = "cancelled"
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

    @api.model
    def _cron_end_contracts(self, batch_size=100):
        """End what is past its last day. A tacit renewal is not decided here: its responsible gets an activity."""
        today = fields.Date.today()
        over = Domain("state", "in", LIVE_STATES) & (
            Domain("date_end", "<", today) | Domain("date_closed", "<", today)
        )
        ended = self.search(over & (Domain("tacit_renewal", "=", False) | Domain("date_closed", "<", today)))
        cron = self.env["ir.cron"]
        for start in range(0, len(ended), batch_size):
            batch = ended[start : start + batch_size]
            batch._end()
            if not cron._commit_progress(len(batch), remaining=len(ended) - start - len(batch)):
                return
        self.search(
            over & Domain("tacit_renewal", "=", True) & Domain("date_closed", "=", False)
        )._schedule_renewal()

    def _schedule_renewal(self):
        summary = self.env._("Renew the contract or let it end")
        todo = self.env.ref("mail.mail_activity_data_todo")
        for contract in self:
            if not contract.activity_ids.filtered(lambda a: a.automated and a.activity_type_id == todo):
                contract.activity_schedule(
                    activity_type_id=todo.id,
                    summary=summary,
                    user_id=contract.user_id.id or self.env.uid,
                    automated=True,
                )

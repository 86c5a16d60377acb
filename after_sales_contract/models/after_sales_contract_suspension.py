from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContract(models.Model):
    """Pause and resume: days on which a contract in force gives nothing and costs nothing."""

    _inherit = "after.sales.contract"

    pause_ids = fields.One2many("after.sales.contract.pause", "contract_id", "Pauses")
    is_paused = fields.Boolean(
        "Paused", compute="_compute_is_paused", search="_search_is_paused", compute_sudo=True
    )

    @api.depends("state", "pause_ids.date_from", "pause_ids.date_to")
    def _compute_is_paused(self):
        for contract in self:
            contract.is_paused = contract.state in LIVE_STATES and bool(
                contract._get_pauses(contract._get_today())
            )

    def _search_is_paused(self, operator, value):
        if operator != "in":
            return NotImplemented
        paused = Domain("state", "in", LIVE_STATES) & Domain(
            "pause_ids", "any", self._get_pause_domain("today")
        )
        domain = Domain.FALSE
        if True in value:
            domain |= paused
        if False in value:
            domain |= ~paused
        return domain

    # === IN FORCE OR PAUSED ===#

    @api.model
    def _get_pause_domain(self, date_from, date_to=None):
        """Pauses that hold all days between two dates."""
        return Domain("date_from", "<=", date_from) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", date_to or date_from)
        )

    @api.model
    def _get_effective_domain(self, date_from, date_to=None):
        domain = super()._get_effective_domain(date_from, date_to)
        return domain & ~Domain("pause_ids", "any", self._get_pause_domain(date_from, date_to))

    def _is_effective(self, date):
        return super()._is_effective(date) and not self._get_pauses(date)

    def _get_pauses(self, day):
        self.ensure_one()
        return self.pause_ids.filtered(lambda pause: pause._get_gap()[0] <= day <= pause._get_gap()[1])

    # === PAUSE ===#

    def _check_pause_days(self, day, until=None, pause=None):
        """:raise ValidationError: when a pause ends before it begins, or some of its days are paused already"""
        self.ensure_one()
        if until and until < day:
            raise ValidationError(self.env._("A pause ends after it begins."))
        others = self.pause_ids - pause if pause else self.pause_ids
        if taken := others.filtered(
            lambda row: row.date_from <= (until or date.max) and row._get_gap()[1] >= day
        ):
            raise ValidationError(
                self.env._(
                    "%(contract)s is paused on these days already: %(days)s. Choose other days.",
                    contract=self.name,
                    days=", ".join(taken.mapped("display_name")),
                )
            )

    def _pause(self, day, until=None, reason=None):
        """No service and no price from a day on, until another or until it is resumed.

        Paused days that are billed already lower the instalments to come; where none is to come they are credited.
        """
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        self._check_pause_days(day, until)
        pause = self.env["after.sales.contract.pause"].create(
            {"contract_id": self.id, "date_from": day, "date_to": until, "reason": reason}
        )
        self._sync_plan()
        called_off = self._get_visits_of_pause(day, until).filtered(lambda visit: visit.state == "planned")
        called_off.action_cancel()
        called_off.pause_id = pause
        if until:
            self._settle_pause(pause)
        else:
            self._get_paused_renewal()._pause_from_start(reason)
            self._get_proposed_renewal()._carry_pauses()
        self._note_life(self.env._("Paused: %(days)s", days=pause.display_name), reason)
        self._after_pause(pause)
        return pause

    def _note_life(self, text, reason):
        """What happened and why, for whoever reads the contract later."""
        self.message_post(body=Markup("<br/>").join(filter(None, (text, reason))))

    def _get_visits_of_pause(self, day, until):
        return self.visit_ids.filtered(
            lambda visit: (
                visit.state in ("planned", "scheduled")
                and day <= visit.date
                and (not until or visit.date <= until)
            )
        )

    def _after_pause(self, pause):
        """Hook: what else follows from a pause, such as hour pools."""

    def _resume(self, day, reason=None):
        """End the running or coming pause: the contract is in force again from a day on.

        :raise UserError: when nothing is paused on that day or later
        """
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        pauses = self.pause_ids.filtered(lambda pause: pause._get_gap()[1] >= day)
        if not pauses:
            raise UserError(self.env._("%(contract)s is not paused.", contract=self.name))
        open_pauses = pauses.filtered(lambda pause: not pause.date_to and pause.date_from < day)
        pauses._resume(day)
        self._sync_plan()
        for pause in open_pauses:
            self._settle_pause(pause)
        if open_pauses:
            ahead = self._get_paused_renewal()
            if ahead._get_carried_pauses():
                ahead._resume(max(day, ahead.date_start), reason)
            self._get_proposed_renewal()._drop_carried_pauses()
        self._note_life(self.env._("In force again from %(day)s", day=format_date(self.env, day)), reason)
        self._after_resume()

    def _after_resume(self):
        """Hook: what else follows when a contract is in force again."""

    # === NEXT TERM ===#

    def _get_paused_renewal(self):
        """The next term, which a pause without end goes on in."""
        self.ensure_one()
        return self.successor_id.filtered(lambda contract: contract.state in LIVE_STATES)

    def _get_proposed_renewal(self):
        """The next term that the customer has not agreed to yet: it will begin as this one stands."""
        self.ensure_one()
        return self.successor_id.filtered(lambda contract: contract.state in ("draft", "proposed"))

    def _get_carried_pauses(self):
        """The pauses without end that began in the term before."""
        return self.pause_ids.filtered(
            lambda pause: not pause.date_to and pause.date_from == pause.contract_id.date_start
        )

    def _drop_carried_pauses(self):
        """The term before goes on: the new one does not begin paused."""
        for contract in self:
            contract._get_carried_pauses().unlink()
            contract._sync_plan()

    def _pause_from_start(self, reason):
        for contract in self:
            contract._pause(contract.date_start, reason=reason)

    def _carry_pauses(self):
        """Nobody has resumed the term before: the new one begins paused."""
        self.env["after.sales.contract.pause"].create(
            [
                {"contract_id": contract.id, "date_from": contract.date_start, "reason": pause.reason}
                for contract in self
                for pause in contract.predecessor_id.pause_ids
                if not pause.date_to
            ]
        )

    def _end(self):
        """A pause that nobody ended is over with its term: what was billed for its days is credited."""
        result = super()._end()
        for pause in self.pause_ids.filtered(lambda pause: not pause.date_to):
            contract = pause.contract_id
            pause.date_to = max(pause.date_from, contract.date_closed or contract.date_end)
            contract._sync_plan()
            contract._settle_pause(pause)
        return result

    # === CREDIT ===#

    def _settle_pause(self, pause):
        """Credit paused days that are billed and that no instalment to come can lower; after an early end by sums."""
        lines = self.line_ids.filtered(lambda line: not line._get_open_instalments())
        vals_list = [
            vals
            for line in lines
            for vals in (
                line._get_settlement(self.date_closed)[0]
                if self.date_closed
                else line._prepare_credits(*pause._get_gap(), pause)
            )
        ]
        return self._add_credits(vals_list, "pause")

    def _sync_visits(self):
        """Visits planned anew into a pause are called off at once."""
        visits = super()._sync_visits()
        for visit in visits:
            if pause := visit.contract_id._get_pauses(visit.date)[:1]:
                visit.action_cancel()
                visit.pause_id = pause
        return visits

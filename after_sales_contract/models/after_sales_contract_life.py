from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContract(models.Model):
    """Early end and the other changes that are asked for: what they do to instalments, visits and pools, known before."""

    _inherit = "after.sales.contract"

    credit_ids = fields.One2many(
        "after.sales.contract.instalment",
        "contract_id",
        "Credits",
        domain=[("credit_reason", "!=", False), ("state", "=", "planned")],
    )
    credit_amount = fields.Monetary("Credited", compute="_compute_credit_amount")

    @api.depends("credit_ids.amount")
    def _compute_credit_amount(self):
        for contract in self:
            contract.credit_amount = -sum(contract.credit_ids.mapped("amount"))

    # === ACTIONS ===#

    def action_notice(self):
        """Ask when the notice arrived, with the day on which the contract ends by it."""
        self._ensure_state("running")
        return self._open_life_wizard("notice", self.env._("Record Notice"))

    def action_stop(self):
        """Ask how the contract ends early, with what follows from it."""
        return self._open_life_wizard("stop", self.env._("End Early"))

    def action_pause(self):
        return self._open_life_wizard("pause", self.env._("Pause"))

    def action_resume(self):
        return self._open_life_wizard("resume", self.env._("Resume"))

    def action_transfer(self):
        return self._open_life_wizard("transfer", self.env._("Transfer to Another Customer"))

    def _open_life_wizard(self, kind, name):
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "after.sales.contract.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id, "default_kind": kind},
        }

    # === EARLY END ===#

    def _check_stop_day(self, day):
        self.ensure_one()
        self._ensure_state(*LIVE_STATES)
        if not self.date_start <= day <= self.date_end:
            raise UserError(
                self.env._(
                    "%(day)s is not in the term of %(contract)s, which runs from %(start)s to %(stop)s.",
                    day=format_date(self.env, day),
                    contract=self.name,
                    start=format_date(self.env, self.date_start),
                    stop=format_date(self.env, self.date_end),
                )
            )
        if self.date_closed and day > self.date_closed:
            raise UserError(
                self.env._(
                    "%(contract)s ends on %(day)s already: choose an earlier day.",
                    contract=self.name,
                    day=format_date(self.env, self.date_closed),
                )
            )

    def _get_stop_rows(self, day, credit):
        """Per price its last day and what is credited (D07): the chosen day, or the last billed one if that is later.

        :return: list of dicts with line, stop, credits (values of rows) and due (still to be paid for days served)
        """
        self.ensure_one()
        rows = []
        for line in self.line_ids:
            billed = line._get_billed_until()
            stop = day if credit or not billed else max(day, billed)
            credits, due = line._get_settlement(day) if credit else ([], 0)
            rows.append({"line": line, "stop": min(stop, self.date_end), "credits": credits, "due": due})
        return rows

    def _stop(self, day, credit=True, reason=None, kind="stop"):
        """End the contract early: planned instalments and visits after its last day fall out, billed days are credited.

        :param day: last day under contract
        :param credit: pay back billed days after it; otherwise each price goes on as long as it is billed
        :raise UserError: when the day is not in the term
        """
        self.ensure_one()
        self._check_stop_day(day)
        rows = self._get_stop_rows(day, credit)
        closed = max((row["stop"] for row in rows), default=day)
        for row in rows:
            row["line"]._cut_difference(row["stop"])
            if row["stop"] < closed and (not row["line"].date_to or row["line"].date_to > row["stop"]):
                row["line"].date_to = max(row["stop"], row["line"].date_from or row["stop"])
        self.write({"date_closed": closed, "close_reason": reason or self.close_reason})
        # A pause without end is over with the contract; one that has not begun never takes place.
        self.pause_ids.filtered(lambda pause: pause.date_from > closed).unlink()
        self.pause_ids.filtered(lambda pause: not pause.date_to).date_to = closed
        self._add_credits([vals for row in rows for vals in row["credits"]], kind)
        self._sync_plan()
        self.visit_ids.filtered(
            lambda visit: visit.state == "planned" and visit.date > closed
        ).action_cancel()
        if closed < self._get_today():
            self._end()
        self._after_stop(kind)

    def _after_stop(self, kind):
        """Hook: what else follows from an early end, such as hour pools."""

    def _add_credits(self, vals_list, kind):
        """A credit is an instalment below zero: it is planned, billed and freed like any other."""
        # sudo: what is given back follows from the contract; nobody writes it by hand
        instalment_model_sudo = self.env["after.sales.contract.instalment"].sudo()
        credits = instalment_model_sudo.create([{**vals, "credit_reason": kind} for vals in vals_list]).sudo(
            False
        )
        if credits:
            credits._after_credited()
        return credits

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesContract(models.Model):
    """Notice: by when it arrives in time, and what the customer gives himself, on the portal."""

    _inherit = "after.sales.contract"

    def _can_give_notice(self):
        """Whether notice means anything: a contract that does not renew ends by itself."""
        self.ensure_one()
        return (
            self.state == "running" and self.tacit_renewal and not self.date_closed and not self.notice_date
        )

    def _get_notice_end(self, day):
        """Last day of the contract when notice arrives on a day; False when it is too late for this term."""
        self.ensure_one()
        return self.date_end if not self.date_notice or day <= self.date_notice else False

    def _check_notice_day(self, day):
        self.ensure_one()
        if day > self._get_today():
            raise UserError(
                self.env._(
                    "%(day)s is still to come: enter the day on which the notice arrived.",
                    day=format_date(self.env, day),
                )
            )
        billed = self._get_renewal_ahead().instalment_ids.filtered("is_billed").contract_id
        if billed:
            raise UserError(
                self.env._(
                    "The next term, %(contract)s, is billed already: credit its invoices, then record the notice.",
                    contract=billed[0].name,
                )
            )

    def _receive_notice(self, name, reason=None):
        """Record a notice that arrives today. One in time takes effect; one too late is for a person to answer.

        The customer gets a confirmation either way, with the day on which the contract ends or why it does not yet.

        :raise UserError: when the contract does not renew tacitly, or notice was given already
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if not self._can_give_notice():
            raise UserError(
                self.env._(
                    "No notice is needed or possible for this contract: it ends by itself or has ended."
                )
            )
        today = self._get_today()
        in_time = bool(self._get_notice_end(today))
        words = self._in_words_of_responsible().env
        if in_time:
            self._give_notice(today)
            summary = words._("The customer gave notice")
        else:
            self.notice_date = today
            summary = words._("Notice came too late for this term: answer the customer")
        note = words._(
            "Given by %(name)s on %(day)s. %(reason)s",
            name=name,
            day=format_date(words, today),
            reason=reason or "",
        )
        self._warn_responsible(summary, note)
        if in_time and reason:
            self.close_reason = reason
        self._send_mail("after_sales_contract.mail_template_contract_notice")
        return in_time

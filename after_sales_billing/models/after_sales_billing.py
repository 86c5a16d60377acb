import logging
from contextlib import contextmanager

from psycopg2 import IntegrityError, OperationalError

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_datetime

from ..tools import isolate

_logger = logging.getLogger(__name__)


class BillingFailure(Exception):
    """Wraps what made a batch fail; a lost connection or a serialization failure is never wrapped."""


class ProbeDone(Exception):
    """Ends a probe: nothing of it stays."""


class AfterSalesBilling(models.AbstractModel):
    """From confirmed charges to draft invoices: grouped, in batches, what spoils a batch set apart."""

    _name = "after.sales.billing"
    _description = "Billing of Charges"

    # ------------------------------------------------------------------
    # Billing
    # ------------------------------------------------------------------

    def _bill_groups(self, groups, run):
        """Make one draft invoice for each group; what fails is set apart and keeps its reason.

        Charges that another transaction is billing at this moment are left to it.

        :return: list of (charges, move, error): error is None for what is billed
        """
        free = self._lock_unbilled(self.env["after.sales.charge"].union(*groups))
        groups = [group & free for group in groups if (group & free)._is_due()]
        results = []

        def attempt(batch):
            with self._isolated():
                moves = self._create_moves(batch, run)
            results.extend((group, move, None) for group, move in zip(batch, moves, strict=True))

        __, failed = isolate.bisect_failures(groups, attempt, BillingFailure)
        for group, failure in failed:
            guilty = self._find_guilty(group, failure, run)
            rest = group - self.env["after.sales.charge"].union(*(charge for charge, __ in guilty))
            if rest._is_due():
                attempt([rest])
            else:  # what is free waits for what is due
                guilty += [(charge, guilty[0][1]) for charge in rest]
            by_reason = {}
            for charge, error in guilty:
                by_reason.setdefault(self._get_error_text(error), []).append(charge)
            for reason, charges in by_reason.items():
                results.append((charges[0].union(*charges), self.env["account.move"], reason))
        return results

    def _lock_unbilled(self, charges):
        """Those that are not billed and that nobody else is billing at this moment; locked until the transaction ends."""
        locked = charges.sudo().try_lock_for_update(allow_referencing=True).sudo(False)
        locked.invalidate_recordset(["billing_state"])
        return locked.filtered(lambda charge: charge.sudo().billing_state in ("to_bill", "nothing"))

    def _find_guilty(self, group, failure, run):
        if len(group) == 1:
            return [(group, failure)]

        def probe(charges):
            try:
                with self._isolated():
                    self._create_moves([self.env["after.sales.charge"].union(*charges)], run)
                    raise ProbeDone
            except ProbeDone:
                return

        return isolate.find_guilty(list(group), probe, BillingFailure)

    @contextmanager
    def _isolated(self):
        """A savepoint whose failures come out as BillingFailure, but for those that concern the whole transaction."""
        try:
            with self.env.cr.savepoint():
                yield
        except (OperationalError, ProbeDone):
            raise
        except Exception as error:
            raise BillingFailure(str(error)) from error

    @contextmanager
    def _giving_way(self, later):
        """When somebody else is at the same charges at this moment, what a job began is left for its next turn.

        :param later: asks for that turn
        """
        try:
            yield
        except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) as error:
            self.env.cr.rollback()
            _logger.info("Some of it is left for later: %s", error)
            later()

    def _get_error_text(self, failure):
        error = failure.__cause__ or failure
        if isinstance(error, IntegrityError):  # what the database refuses is said as Odoo says it to its user
            _logger.info("The database refused a charge", exc_info=error)
            tables = {model._table: name for name, model in self.env.registry.items()}
            name = tables.get(error.diag.table_name, "base")
            return self.env[name]._sql_error_to_message(error)
        if not isinstance(error, UserError):
            _logger.warning("A charge could not be billed", exc_info=error)
        return str(error.args[0]) if error.args else str(error)

    def _create_moves(self, groups, run):
        """One batch create for all invoices, one for all ledger rows."""
        plans = self._get_plans(groups)
        for plan in plans:
            if plan["charges"].currency_id.is_zero(plan["total"]):
                raise UserError(self._get_zero_problem(plan["partner"]))
        quiet = self.env["account.move"].with_context(
            default_move_type=False, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        moves = quiet.create([self._prepare_move_vals(plan, run) for plan in plans]).with_env(self.env)
        # what Odoo says of each new invoice, to all of them at once: nobody can follow yet what has just been made
        moves._message_log_batch({move.id: move._creation_message() for move in moves})
        self._enter(plans, [move.invoice_line_ids for move in moves])
        return moves

    def _enter(self, plans, lines_list):
        """Write down in the ledger which invoice lines bill what was planned for them."""
        entries_vals = []
        for plan, lines in zip(plans, lines_list, strict=True):
            ordered = lines.sorted(lambda line: (line.sequence, line.id))
            for planned, line in zip(plan["lines"], ordered, strict=True):
                entries_vals += [self._prepare_entry_vals(item, line) for item in planned.items]
        # the ledger belongs to the addon: nobody writes it by hand, so nobody has the right to
        self.env["after.sales.billing.entry"].sudo().create(entries_vals)

    def _get_plans(self, groups):
        """Everything about some invoices before they exist, for ``_prepare_move_vals``."""
        self.env["after.sales.charge"].union(*groups)._fetch_billing_payers()
        plans = [self._plan(group) for group in groups]
        firsts = self.env["after.sales.charge"].sudo().union(*(plan["charges"][0] for plan in plans))
        positions = self._get_fiscal_positions(firsts)
        for plan in plans:
            plan["position"] = positions[self._get_position_key(plan["charges"][0])]
        return plans

    # ------------------------------------------------------------------
    # Results
    # ------------------------------------------------------------------

    def _record_failure(self, charges, reason, run):
        """Keep the reason on each charge and call the person who can act, once."""
        charges_sudo = charges.sudo()  # an accountant may bill but not write charges
        is_known = set(charges_sudo.mapped("billing_error")) == {reason}
        charges_sudo.write({"billing_error": reason, "billing_error_date": fields.Datetime.now()})
        note = self.env._(
            "Billing run %(run)s stopped here on %(date)s: %(reason)s",
            run=run.name,
            date=format_datetime(self.env, fields.Datetime.now(), tz=run.user_id.tz),
            reason=reason,
        )
        activity_type = "after_sales_billing.mail_activity_type_billing"
        activities = charges_sudo.activity_search([activity_type])
        if activities:
            if not is_known:  # a run that finds nothing but what is known does not stay to be named
                activities[0].note = note
            return
        charges_sudo[0].activity_schedule(
            activity_type,
            user_id=run.user_id.id,
            summary=self.env._("%s charges not billed", len(charges)) if len(charges) > 1 else None,
            note=note,
        )

    def _record_success(self, charges):
        stopped_sudo = charges.sudo().filtered("billing_error")
        if stopped_sudo:
            stopped_sudo.write({"billing_error": False, "billing_error_date": False})
            stopped_sudo.activity_feedback(
                ["after_sales_billing.mail_activity_type_billing"], feedback=self.env._("Billed")
            )

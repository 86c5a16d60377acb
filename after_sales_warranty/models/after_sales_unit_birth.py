import logging

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

#: Let these pass: the transaction is retried as a whole, or cannot go on.
NOT_OURS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.InFailedSqlTransaction,
)


class AfterSalesUnit(models.Model):
    """How stock moves make and end units. A delivery is never stopped by it."""

    _inherit = "after.sales.unit"

    @api.model
    def _guard_moves(self, moves, method):
        """Apply ``method`` to all moves at once; if it fails, to each alone, and report the guilty."""
        try:
            with self.env.cr.savepoint():
                return method(moves)
        except NOT_OURS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the goods have left
            self.env.invalidate_all()
            if len(moves) == 1:
                _logger.info("No installed unit from stock move %s", moves.id, exc_info=True)
                self._report_move(moves, self._explain(error))
                return None
        for move in moves:
            self._guard_moves(move, method)
        return None

    @api.model
    def _report_move(self, move, reason):
        """Report what failed; if even that fails, the log has it and the goods leave all the same."""
        try:
            with self.env.cr.savepoint():
                self.env["after.sales.unit.exception"]._report(move, reason)
        except NOT_OURS:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the goods have left
            self.env.invalidate_all()
            _logger.exception("No report of stock move %s, which made no installed unit: %s", move.id, reason)

    @api.model
    def _follow_moves(self, moves):
        """Record what done moves say: returns first, so that what comes back can leave again."""
        returns = moves.filtered(lambda move: move._is_after_sales_return())
        births = moves.filtered(lambda move: move._is_after_sales_birth())
        self._end_by_moves(returns)
        self._bear_from_moves(births)

    @api.model
    def _explain(self, error):
        if isinstance(error, (UserError, AccessError)):
            return str(error)
        if isinstance(error, errors.UniqueViolation):
            return self.env._(
                "There is already a unit in service with this serial number. End that unit or correct its "
                "serial number, then try again."
            )
        return self.env._("Unexpected error %(kind)s: %(text)s", kind=type(error).__name__, text=error)

    @api.model
    def _bear_from_moves(self, moves):
        """Make the units of done moves with their warranties, or put back in service those that return."""
        silent = self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        vals_list = [vals for move in moves for vals in move._prepare_after_sales_unit_vals_list()]
        vals_list = silent._resume_or_end(moves, vals_list)
        units = silent._bear_kits(moves, vals_list)
        if vals_list:
            silent._complete_birth_vals(moves, vals_list)
            units |= silent.create(vals_list)
        if not units:
            return units
        units._after_birth()
        return units.with_env(self.env)

    @api.model
    def _resume_or_end(self, moves, vals_list):
        """Deal with units still alive under the same serial; return the values of units to make.

        What comes back to the owner it came from goes on living; anything else is a new sale of
        the same serial, which ends the old unit.
        """
        lots = self.env["stock.lot"].browse({vals["lot_id"] for vals in vals_list if vals["lot_id"]})
        alive = {}
        if lots:
            domain = [("lot_id", "in", lots.ids), ("state", "!=", "ended"), ("has_serial", "=", True)]
            for unit in self.search(domain):
                alive[unit.lot_id.id, unit.company_id.id] = unit
        if not alive:
            return vals_list
        handed_back = moves.filtered(
            lambda move: move.origin_returned_move_id.location_id.usage == "customer"
        )
        resumed, ended, remaining = self.browse(), self.browse(), []
        for vals in vals_list:
            unit = alive.get((vals["lot_id"], vals["company_id"]), self.browse())
            owner = self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id
            same_owner = unit and unit.commercial_partner_id == owner
            if same_owner and unit.state == "suspended" and vals["move_id"] in handed_back.ids:
                resumed |= unit
                continue
            ended |= unit
            remaining.append(vals)
        resumed._resume(moves[:1]._get_after_sales_date())
        ended._end(self.env._("The serial number was delivered again."))
        return remaining

    @api.model
    def _complete_birth_vals(self, moves, vals_list):
        """Add what is looked up for all at once: invoice and supplier."""
        invoiced = moves.sale_line_id._get_after_sales_invoice_dates()
        lots = self.env["stock.lot"].browse({vals["lot_id"] for vals in vals_list if vals["lot_id"]})
        supplied = lots._get_after_sales_receipts()
        shipped = {m.id: m._get_after_sales_supply() for m in moves if m.location_id.usage == "supplier"}
        for vals in vals_list:
            vals["invoice_date"] = invoiced.get(vals["sale_line_id"], False)
            known = supplied.get(vals["lot_id"]) or shipped.get(vals["move_id"])
            supplier, warranty_end = known or (False, False)
            vals.update(supplier_id=supplier, supplier_warranty_end=warranty_end)

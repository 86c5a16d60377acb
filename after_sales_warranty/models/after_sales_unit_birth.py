import logging

from psycopg2 import errors

from odoo import api, fields, models
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
                self.env["after.sales.unit.exception"]._report(moves, self._explain(error))
                return None
        for move in moves:
            self._guard_moves(move, method)
        return None

    @api.model
    def _explain(self, error):
        if isinstance(error, (UserError, AccessError)):
            return str(error)
        if isinstance(error, errors.UniqueViolation):
            return self.env._("There is already a unit in service with this serial number.")
        return self.env._("Unexpected error %(kind)s: %(text)s", kind=type(error).__name__, text=error)

    @api.model
    def _bear_from_moves(self, moves):
        """Make the units of done moves with their warranties, or put back in service those that return."""
        silent = self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        vals_list = [vals for move in moves for vals in move._prepare_after_sales_unit_vals_list()]
        vals_list = silent._resume_or_end(moves, vals_list)
        if not vals_list:
            return self.browse()
        silent._complete_birth_vals(moves, vals_list)
        units = silent.create(vals_list)
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
        for vals in vals_list:
            vals["invoice_date"] = invoiced.get(vals["sale_line_id"], False)
            supplier, warranty_end = supplied.get(vals["lot_id"], (False, False))
            vals.update(supplier_id=supplier, supplier_warranty_end=warranty_end)

    # === RETURN === #

    @api.model
    def _end_by_moves(self, moves):
        """Units that come back to stock: ended when the sale is undone, suspended while it stands."""
        for move in moves:
            units = self._get_returned_units(move)
            if move.to_refund or not move.origin_returned_move_id:
                units._return_quantity(move)
            else:
                units._suspend(move._get_after_sales_date())

    @api.model
    def _get_returned_units(self, move):
        lots = move.move_line_ids.lot_id
        if lots:
            domain = [("lot_id", "in", lots.ids), ("company_id", "=", move.company_id.id)]
            if move.product_id.tracking == "lot":
                domain.append(("move_id", "=", move.origin_returned_move_id.id))
        else:
            domain = [("move_id", "=", move.origin_returned_move_id.id), ("move_id", "!=", False)]
        return self.search([*domain, ("state", "!=", "ended")])

    def _return_quantity(self, move):
        """Take the returned quantity out of the units; a unit of which nothing is left ends."""
        reason = self.env._("Returned with %s.", move.reference or move.picking_id.name)
        serials = self.filtered("has_serial")
        serials._end(reason, custody="returned")
        for unit in self - serials:
            lines = move.move_line_ids.filtered(lambda line, lot=unit.lot_id: line.lot_id == lot)
            left = unit.quantity - sum(lines.mapped("quantity_product_uom"))
            if unit.uom_id.compare(left, 0.0) > 0:
                unit.quantity = left
            else:
                unit._end(reason, custody="returned")

    def _suspend(self, day):
        """Out of the owner's hands: the unit waits, its warranties count the days when they say so."""
        self.filtered(lambda u: u.state == "in_service").write({"state": "suspended", "custody": "received"})
        self.warranty_ids._open_suspension(day)

    def _resume(self, day):
        self.write({"state": "in_service", "custody": "at_customer"})
        self.warranty_ids._close_suspension(day)

    def _end(self, reason, custody=None):
        if not self:
            return
        self.write({"state": "ended", **({"custody": custody} if custody else {})})
        # The index on living serials must see the end of a unit before its serial lives again.
        self.flush_recordset(["state"])
        self.owner_ids.filtered(lambda row: not row.date_to).date_to = fields.Date.context_today(self)
        for unit in self:
            unit.message_post(body=reason)

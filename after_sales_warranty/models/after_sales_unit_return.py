from collections import defaultdict

from odoo import api, fields, models


class AfterSalesUnit(models.Model):
    """What comes back: ended when the sale is undone, suspended while it stands."""

    _inherit = "after.sales.unit"

    @api.model
    def _end_by_moves(self, moves):
        """Units that come back to stock: ended when the sale is undone, suspended while it stands."""
        for move in moves:
            units = self._get_returned_units(move)
            kits = self._get_returned_kits(move)
            if move.to_refund or not move.origin_returned_move_id:
                units._return_quantity(move)
                kits._end_if_empty(move)
            else:
                units._suspend(move._get_after_sales_date())

    @api.model
    def _get_returned_units(self, move):
        """A serial number names its unit; without one it is what the returned move delivered, else what the sender has."""
        lots, origin = move.move_line_ids.lot_id, move.origin_returned_move_id
        domain = [
            ("product_id", "=", move.product_id.id),
            ("company_id", "=", move.company_id.id),
            ("state", "!=", "ended"),
        ]
        if lots:
            domain.append(("lot_id", "in", lots.ids))
        if not lots or move.product_id.tracking == "lot":
            domain += [("move_id", "=", origin.id)] if origin else self._get_sender_domain(move)
        return self.search(domain)

    @api.model
    def _get_sender_domain(self, move):
        """Pieces that nothing tells apart, of whoever gives some back without saying what he was delivered (a till)."""
        sender = (move.partner_id or move.picking_id.partner_id).commercial_partner_id
        return [("has_serial", "=", False), ("commercial_partner_id", "=", sender.id)]

    def _return_quantity(self, move):
        """Take the returned quantity out of the units, the latest first; a unit of which nothing is left ends."""
        reason = self.env._("Returned with %s.", move.reference or move.picking_id.name)
        serials = self.filtered("has_serial")
        serials._end(reason, custody="returned")
        returned = defaultdict(float)
        for line in move.move_line_ids:
            returned[line.lot_id] += line.quantity_product_uom
        for unit in (self - serials).sorted("id", reverse=True):
            if unit.uom_id.compare(returned[unit.lot_id], 0.0) <= 0:
                continue
            left = unit.quantity - returned[unit.lot_id]
            returned[unit.lot_id] -= unit.quantity
            if unit.uom_id.compare(left, 0.0) > 0:
                unit.quantity = left
            else:
                unit._end(reason, custody="returned")

    def _suspend(self, day):
        """Out of the owner's hands: the unit waits, its warranties count the days when they say so."""
        # The warranties follow here: the rule on what is written by hand is not for this.
        in_service_sudo = self.sudo().filtered(lambda u: u.state == "in_service")
        in_service_sudo.write({"state": "suspended", "custody": "received"})
        self.warranty_ids._open_suspension(day)

    def _resume(self, day):
        # Only here, with what follows from it, does a unit come back from where it was lost.
        self.sudo().write({"state": "in_service", "custody": "at_customer"})
        self.warranty_ids._close_suspension(day)

    def _end(self, reason, custody=None):
        if not self:
            return
        # Only here, with what follows from it, may the custody say that the unit is gone.
        self.sudo().write({"state": "ended", **({"custody": custody} if custody else {})})
        # The index on living serials must see the end of a unit before its serial lives again.
        self.flush_recordset(["state"])
        today = fields.Date.context_today(self)
        self.owner_ids._close(today)
        self._close_cover(today, reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))

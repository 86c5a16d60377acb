from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesReturnLine(models.Model):
    """Arrival: announced by receipts of the customer's own goods, taken in parts, with whatever serial is on it."""

    _inherit = "after.sales.return.line"

    def _announce(self):
        """Make the receipts of these lines: one transfer a delivery they come from."""
        self._ensure_owned()
        for record in self.return_id:
            own = self.filtered(lambda line, r=record: line.return_id == r)
            # sudo: agents have no stock rights; action_authorise and action_receive have checked the return
            moves_sudo = own._create_owned_receipts(
                record.partner_id, record.company_id, record.name, [line.sudo()._get_goods() for line in own]
            )
            for line, move_sudo in zip(own, moves_sudo, strict=True):
                line.write({"move_id": move_sudo.id, "state": "expected"})
            own._set_purpose(record.is_pickup)

    def _set_purpose(self, pickup):
        """Why these goods come to us, on their receipts."""
        # sudo: as in _announce
        receipts_sudo = self.sudo().move_id.picking_id
        given_back = set(self.mapped("outcome")) <= {"exchange", "refund", "scrap"}
        receipts_sudo.write(
            receipts_sudo._prepare_after_sales_purpose_vals("returned" if given_back else "repair", pickup)
        )

    def _cancel_announced(self):
        # sudo: as in _announce
        self.sudo().move_id.filtered(lambda move: move.state != "done")._action_cancel()
        self.write({"state": "cancelled"})

    def _receive(self, arrivals):
        """Take in what arrived.

        :param arrivals: list of (quantity in the line's measure, serial read or False), one a line of ``self``
        :raise UserError: when more arrived than was announced
        """
        new = self.filtered(lambda line: line.state == "draft")
        if new:
            new.return_id.write({"is_unannounced": True})
            new._announce()
        for line, (quantity, serial) in zip(self, arrivals, strict=True):
            line._take_quantity(quantity)
            if serial and serial != line.serial:
                line._take_serial(serial)
        lines_sudo = self.sudo()  # see _announce
        self._validate_receipts(lines_sudo.move_id, [line._get_goods() for line in lines_sudo])

    def _arrive(self, moves):
        """The receipts of returned goods are done, by the wizard or by the warehouse itself: custody follows.

        :param moves: done stock moves into the location of customers' goods, as superuser
        """
        lines = self.search([("move_id", "in", moves.ids), ("state", "=", "expected")])
        for line in lines:
            move = line.move_id
            came = move.product_uom._compute_quantity(move.quantity, line.uom_id)
            if line.uom_id.compare(came, line.quantity) < 0:
                line._part(came, move._get_backorder_move())
            lot = line._get_received_lot()
            if line.tracking == "serial" and line.serial and lot.name != line.serial:
                line.with_context(after_sales_arrival=True)._identify(lot.name)
            line.lot_id = line.lot_id or lot
        lines.write({"state": "received", "date_received": fields.Datetime.now()})
        lines._after_receipt()
        lines.return_id._send_notice("received")

    def _part(self, quantity, rest_move):
        """Leave ``quantity`` on this line; the rest is expected on a line of its own, by ``rest_move``."""
        self.ensure_one()
        rest = self.uom_id.round(self.quantity - quantity)
        later = self.copy({"return_id": self.return_id.id, "quantity": rest, "outcome": self.outcome})
        # the warehouse has said what came: users cannot change it any more
        self.with_context(after_sales_arrival=True).quantity = quantity
        later.write(
            {
                "move_id": rest_move.id,
                "state": "expected" if rest_move else "cancelled",
            }
        )
        return later

    def _take_quantity(self, quantity):
        """Part the line: what did not come yet stays expected, on a line and a stock move of its own."""
        self.ensure_one()
        compared = self.uom_id.compare(quantity, self.quantity)
        if compared > 0 or self.uom_id.compare(quantity, 0.0) <= 0:
            raise UserError(
                self.env._(
                    "%(goods)s: %(quantity)g was announced. Enter what came beyond it as goods of its own.",
                    goods=self.display_name,
                    quantity=self.quantity,
                )
            )
        if not compared:
            return
        rest = self.uom_id._compute_quantity(self.quantity - quantity, self.product_id.uom_id)
        move_sudo = self.sudo().move_id  # see _announce
        rest_move_sudo = move_sudo.create(move_sudo._split(rest))
        rest_move_sudo._action_confirm(merge=False)
        later_sudo = self._part(quantity, rest_move_sudo).sudo()
        owner = self.partner_id.commercial_partner_id
        later_sudo._set_goods(rest_move_sudo, later_sudo._get_goods(), owner)

    def _take_serial(self, serial):
        """Another serial came than was announced: the announced unit stays with the customer (D71)."""
        self.ensure_one()
        self.sudo().move_id._action_cancel()  # see _announce
        self.move_id = False
        self._identify(serial)
        self._announce()

    def _identify(self, serial):
        """Find whose unit came, and tell the responsible that it is not the one that was announced."""
        self.ensure_one()
        unit_sudo = (
            self.env["after.sales.unit"]
            .sudo()  # a unit of any customer, to be told apart
            .search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("serial", "=", serial),
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
        )
        own = unit_sudo.commercial_partner_id == self.partner_id.commercial_partner_id
        announced = self.serial
        self.write(
            {
                "unit_id": unit_sudo.id if own else False,
                "lot_id": unit_sudo.lot_id.id if own else False,
                "serial": serial,
                "announced_serial": announced,
                "is_mismatch": True,
            }
        )
        record = self.return_id
        user = record.user_id or self.env.user
        localised = self.with_context(lang=user.lang)  # the warehouse, too, may have received it
        reason = localised.env._(
            "Serial %(came)s arrived where %(announced)s was announced.",
            came=serial,
            announced=announced or "-",
        )
        if unit_sudo and not own:
            reason += " " + localised.env._("It is registered to another customer: find out whose it is.")
        record.activity_schedule("mail.mail_activity_data_todo", note=reason, user_id=user.id)

    def _after_receipt(self):
        """The goods are here: the customer does not have them, and the policy says what comes next."""
        self._move_custody("received")
        # sudo: whoever takes goods in may have the days out of use counted
        self.sudo().unit_id.warranty_ids._open_suspension(fields.Date.context_today(self))
        self.filtered(
            lambda line: line.policy_id.repair_on == "receipt" and line.outcome == "repair"
        )._make_repairs()
        self.filtered(lambda line: not line.needs_inspection)._accept()

from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class Goods(NamedTuple):
    """One piece of a return: what comes back, and the delivery it went out with when we know it."""

    product: models.Model
    quantity: float
    uom: models.Model
    lot: models.Model
    serial: str | bool
    move: models.Model


class AfterSalesReturnMixin(models.AbstractModel):
    """Goods of a customer that come to us, stay his, and are repaired or scrapped.

    They enter by receipts owned by the customer and lie in the company's location for customers'
    goods, outside every warehouse: they never enter our stock figures or our valuation. Where the
    delivery is known, Odoo's own return links the receipt to it; where it is not, it is a plain
    owned receipt.

    The methods work as superuser, because technicians and agents have no stock rights: the
    ``action_*`` of the model that inherits this checks the user before it calls them.
    """

    _name = "after.sales.return.mixin"
    _description = "Return of Customers' Goods"

    def _get_return_to_refund(self):
        """Whether the return lowers the delivered quantity of the sale: not for a repair, not for scrap."""
        return False

    # Receipt
    # -------

    @api.model
    def _create_owned_receipts(self, partner, company, origin, goods):
        """Announce the receipts of ``goods`` and return the stock move of each piece, in the same order.

        Each piece has a move of its own, so that each can arrive by itself.

        :param goods: list of :class:`Goods`
        """
        sudo_self = self.sudo().with_company(company)
        moves = [None] * len(goods)
        deliveries, plain = {}, []
        for index, piece in enumerate(goods):
            delivery = piece.move.picking_id
            if delivery and delivery.state == "done" and delivery.company_id == company:
                deliveries.setdefault(delivery, []).append(index)
            else:
                plain.append(index)
        for delivery, indexes in deliveries.items():
            pieces = [goods[index] for index in indexes]
            for index, move_sudo in zip(
                indexes, sudo_self._return_delivery(delivery, partner, origin, pieces), strict=True
            ):
                moves[index] = move_sudo
        pieces = [goods[index] for index in plain]
        for index, move_sudo in zip(
            plain, sudo_self._receive_plainly(partner, company, origin, pieces), strict=True
        ):
            moves[index] = move_sudo
        return moves

    def _return_delivery(self, delivery, partner, origin, goods):
        """Return goods of one known delivery by Odoo's own wizard, with a line for each piece."""
        owner = partner.commercial_partner_id
        wizard_model = self.env["stock.return.picking"].with_context(after_sales_pieces=True)
        wizard = wizard_model.create(
            {
                "picking_id": delivery.id,
                "after_sales_owner_id": owner.id,
                "product_return_moves": [
                    Command.create(
                        {
                            **wizard_model._prepare_stock_return_picking_line_vals_from_move(piece.move),
                            "quantity": piece.uom._compute_quantity(piece.quantity, piece.move.product_uom),
                            "to_refund": self._get_return_to_refund(),
                        }
                    )
                    for piece in goods
                ],
            }
        )
        picking = wizard._create_return().with_env(self.env)
        picking.origin = origin
        returned = {
            move: iter(moves.sorted("id"))
            for move, moves in picking.move_ids.grouped("origin_returned_move_id").items()
        }
        moves = [next(returned[piece.move]) for piece in goods]
        for move, piece in zip(moves, goods, strict=True):
            self._set_goods(move, piece, owner)
        return moves

    def _receive_plainly(self, partner, company, origin, goods):
        """Receive goods whose delivery we do not know, or that we did not deliver."""
        if not goods:
            return []
        owner = partner.commercial_partner_id
        location = partner.with_company(company).property_stock_customer
        destination = company.after_sales_goods_location_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": company.after_sales_receipt_type_id.id,
                "partner_id": partner.id,
                "owner_id": owner.id,
                "origin": origin,
                "company_id": company.id,
                "location_id": location.id,
                "location_dest_id": destination.id,
            }
        )
        moves = self.env["stock.move"].create(
            [
                {
                    "picking_id": picking.id,
                    "product_id": piece.product.id,
                    "product_uom": piece.uom.id,
                    "product_uom_qty": piece.quantity,
                    "location_id": location.id,
                    "location_dest_id": destination.id,
                    "restrict_partner_id": owner.id,
                    "company_id": company.id,
                }
                for piece in goods
            ]
        )
        moves._action_confirm(merge=False)
        for move, piece in zip(moves, goods, strict=True):
            self._set_goods(move, piece, owner)
        return list(moves)

    def _set_goods(self, move, piece, owner):
        """Say exactly what comes back: a reservation would take any serial of that delivery."""
        if piece.product.tracking != "none" and not piece.lot and not piece.serial:
            raise UserError(
                self.env._("Say which serial number of %s comes back.", piece.product.display_name)
            )
        line = {
            "product_uom_id": piece.uom.id,
            "quantity": piece.quantity,
            "owner_id": owner.id,
            "lot_id": False,
            "lot_name": False,
            **self._prepare_lot_vals(piece, move.company_id),
        }
        # The line that the reservation made is put right: to take it away would cost a round of the whole transfer.
        # Only what differs is written: a quantity or a measure, even the same, would be reserved and summed anew.
        reserved = move.move_line_ids
        reserved[1:].unlink()
        if reserved:
            known = reserved[0]._read_format(list(line), load=None)[0]
            line = {name: value for name, value in line.items() if known[name] != value}
            command = Command.update(reserved[0].id, line)
        else:
            line |= {
                "product_id": piece.product.id,
                "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "picking_id": move.picking_id.id,
                "company_id": move.company_id.id,
            }
            command = Command.create(line)
        move.write({"restrict_partner_id": owner.id, "move_line_ids": [command]})

    def _prepare_lot_vals(self, piece, company):
        if piece.product.tracking == "none":
            return {}
        if piece.lot:
            return {"lot_id": piece.lot.id}
        known = self.env["stock.lot"].search(
            [
                ("product_id", "=", piece.product.id),
                ("name", "=", piece.serial),
                ("company_id", "in", [company.id, False]),
            ],
            limit=1,
        )
        return {"lot_id": known.id} if known else {"lot_name": piece.serial}

    @api.model
    def _validate_receipts(self, moves, goods):
        """The goods of these moves arrived; what else was announced with them stays expected (backorder).

        What comes back is said again where it has to be: another return of the same delivery takes the lines of
        this one away.
        """
        moves_sudo = moves.sudo()
        for move_sudo, piece in zip(moves_sudo, goods, strict=True):
            if not self._has_goods(move_sudo, piece):
                self.sudo()._set_goods(move_sudo, piece, move_sudo.restrict_partner_id)
        moves_sudo.picked = True
        # no result is used: a localisation returns nothing from it
        moves_sudo.picking_id._action_done()

    def _has_goods(self, move, piece):
        """Whether the move still says exactly what comes back."""
        line = move.move_line_ids
        return (
            len(line) == 1
            and line.product_uom_id == piece.uom
            and not piece.uom.compare(line.quantity, piece.quantity)
            and line.owner_id == move.restrict_partner_id
            and (
                piece.product.tracking == "none"
                or (line.lot_id == piece.lot if piece.lot else line.lot_name == piece.serial)
            )
        )

    # Repair and scrap
    # ----------------

    def _prepare_repair_vals(self, picking, product, lot, quantity, uom):
        location = picking.company_id.after_sales_goods_location_id
        return {
            "partner_id": picking.owner_id.id,
            "company_id": picking.company_id.id,
            "picking_id": picking.id,
            "product_id": product.id,
            "product_qty": quantity,
            "product_uom": uom.id,
            "lot_id": lot.id,
            "product_location_src_id": location.id,
            "product_location_dest_id": location.id,
        }

    @api.model
    def _create_repairs(self, vals_list):
        return self.env["repair.order"].sudo().create(vals_list)

    def _prepare_scrap_vals(self, picking, product, lot, quantity, uom):
        return {
            "company_id": picking.company_id.id,
            "origin": picking.name,
            "product_id": product.id,
            "product_uom_id": uom.id,
            "scrap_qty": quantity,
            "lot_id": lot.id,
            "owner_id": picking.owner_id.id,
            "location_id": picking.company_id.after_sales_goods_location_id.id,
        }

    @api.model
    def _create_scraps(self, vals_list):
        scraps_sudo = self.env["stock.scrap"].sudo().create(vals_list)
        scraps_sudo.do_scrap()
        return scraps_sudo

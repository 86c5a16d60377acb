from odoo import models
from odoo.fields import Command


class AfterSalesReturnLine(models.Model):
    """The stock moves of goods that are with us: to the supplier and back, to the customer, into our own stock."""

    _inherit = "after.sales.return.line"

    def _transfer(self, partner, picking_type, source, destination, purpose, owned=True):
        """Make one transfer of these lines between two places, done at once.

        :param picking_type: empty when nothing travels: stock moves without a document
        :param purpose: a purpose of ``stock.picking``
        :param owned: whether the goods stay the customer's
        :return: the stock moves, as superuser: agents and technicians have no stock rights, and the caller has
            checked the user
        """
        moves_sudo = self._plan_transfer(partner, picking_type, source, destination, purpose)
        for line, move_sudo in zip(self.sudo(), moves_sudo, strict=True):
            owner = line.partner_id.commercial_partner_id if owned else line.partner_id.browse()
            line._set_goods(move_sudo, line._get_goods(), owner)
        moves_sudo.picked = True
        if picking_type:
            moves_sudo.picking_id._action_done()
        else:
            moves_sudo._action_done()
        return moves_sudo

    def _plan_transfer(self, partner, picking_type, source, destination, purpose):
        """Make and confirm one transfer of these lines, to be reserved and done by the warehouse."""
        lines_sudo = self.sudo()
        origin = ", ".join(lines_sudo.return_id.mapped("name"))
        moves_vals = [
            {**line._prepare_transfer_vals(source, destination), "partner_id": partner.id, "origin": origin}
            for line in lines_sudo
        ]
        if not picking_type:
            moves_sudo = self.env["stock.move"].sudo().create(moves_vals)
            moves_sudo._action_confirm(merge=False)
            return moves_sudo
        picking_sudo = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "picking_type_id": picking_type.id,
                    "partner_id": partner.id,
                    "origin": origin,
                    "company_id": lines_sudo.company_id.id,
                    "location_id": source.id,
                    "location_dest_id": destination.id,
                    "move_ids": [Command.create(vals) for vals in moves_vals],
                    **self.env["stock.picking"]._prepare_after_sales_purpose_vals(purpose),
                }
            )
        )
        picking_sudo.move_ids._action_confirm(merge=False)
        return picking_sudo.move_ids

    def _prepare_transfer_vals(self, source, destination):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom": self.uom_id.id,
            "product_uom_qty": self.quantity,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "company_id": self.company_id.id,
            "after_sales_return_line_id": self.id,
        }

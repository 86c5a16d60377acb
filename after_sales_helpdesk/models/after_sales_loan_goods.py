from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesLoan(models.Model):
    """The stock moves of a loaner: out of our warehouse, home again, or for good."""

    _inherit = "after.sales.loan"

    def _get_warehouse(self):
        # sudo: agents read no warehouses
        return self.env["stock.warehouse"].sudo().search([("company_id", "=", self.company_id.id)], limit=1)

    def _get_home(self):
        return self._get_warehouse().lot_stock_id.sudo(False)

    def _check_in_stock(self):
        self.ensure_one()
        quant_sudo = self.env["stock.quant"].sudo()  # agents have no stock rights
        available = quant_sudo._get_available_quantity(
            self.product_id, self.location_id, lot_id=self.lot_id or None, strict=False
        )
        if self.product_id.is_storable and self.product_id.uom_id.compare(available, self.quantity) < 0:
            raise UserError(
                self.env._(
                    "%(product)s is not free in %(place)s.",
                    product=" ".join(filter(None, (self.product_id.display_name, self.lot_id.name))),
                    place=self.location_id.display_name,
                )
            )

    def _move(self, source, destination, purpose=None):
        """Move the loaner at once.

        :param purpose: a purpose of ``stock.picking`` when it travels: its transfer is what goes along
        """
        self.ensure_one()
        vals = {
            "product_id": self.product_id.id,
            "company_id": self.company_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        line = dict(
            vals, product_uom_id=self.product_id.uom_id.id, quantity=self.quantity, lot_id=self.lot_id.id
        )
        move_vals = {
            **vals,
            "product_uom": self.product_id.uom_id.id,
            "product_uom_qty": self.quantity,
            "partner_id": self.partner_id.id,
            "origin": self.name,
            "picked": True,
            "move_line_ids": [Command.create(line)],
        }
        # sudo: agents have no stock rights; the action has checked that they may lend
        if purpose:
            picking_sudo = (
                self.env["stock.picking"].sudo().create(self._prepare_picking_vals(move_vals, purpose))
            )
            move_sudo = picking_sudo.move_ids
            picking_sudo._action_done()
        else:
            move_sudo = self.env["stock.move"].sudo().create(move_vals)
            move_sudo._action_done()
        self.sudo().move_ids = [Command.link(move_sudo.id)]

    def _prepare_picking_vals(self, move_vals, purpose):
        warehouse = self._get_warehouse()
        return {
            "picking_type_id": (warehouse.out_type_id if purpose == "loan" else warehouse.in_type_id).id,
            "partner_id": self.partner_id.id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "location_id": move_vals["location_id"],
            "location_dest_id": move_vals["location_dest_id"],
            "move_ids": [Command.create(move_vals)],
            **self.env["stock.picking"]._prepare_after_sales_purpose_vals(purpose),
        }

import logging

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import warranty as rules
from .after_sales_unit_birth import NOT_OURS

_logger = logging.getLogger(__name__)


class StockMove(models.Model):
    _inherit = "stock.move"

    after_sales_no_birth = fields.Boolean(
        "No Installed Unit",
        help="What is moved does not become a unit of its own: consumed parts, loaners, hand-backs.",
    )

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._update_after_sales_units()
        return moves

    # === AFTER-SALES === #

    def _is_after_sales_birth(self):
        """Whether the goods of this done move became installed units. Extend to exclude more."""
        self.ensure_one()
        return (
            self.state == "done"
            and self.location_dest_id.usage == "customer"
            and self.location_id.usage != "customer"
            and (
                self.product_id.after_sales_tracked
                or (self._is_after_sales_kit() and self.sale_line_id.product_id.after_sales_tracked)
            )
            and not self.after_sales_no_birth
            and not self.env.context.get("after_sales_no_birth")
        )

    def _is_after_sales_kit(self):
        """Whether the goods are a component of what was ordered: they go to the customer as parts of it."""
        self.ensure_one()
        ordered = self.sale_line_id.product_id
        return bool(ordered) and ordered != self.product_id and ordered.type == "consu"

    def _is_after_sales_return(self):
        """Whether this done move brings installed units back into our stock, not into our custody only."""
        self.ensure_one()
        return (
            self.state == "done"
            and self.location_id.usage == "customer"
            and self.location_dest_id.usage != "customer"
            and (self.product_id.after_sales_tracked or self._is_after_sales_kit())
            and not self.after_sales_no_birth
            and not any(line.owner_id for line in self.move_line_ids)
        )

    def _update_after_sales_units(self):
        # The stock user has no right on units and needs none: what the move says is recorded.
        moved_sudo = self.sudo().filtered(lambda m: m._is_after_sales_birth() or m._is_after_sales_return())
        if moved_sudo:  # all others, and customers' goods that only come for repair, need no savepoint
            unit_sudo = self.env["after.sales.unit"].sudo()
            unit_sudo._guard_moves(moved_sudo, unit_sudo._follow_moves)
        self._settle_after_sales_extensions()

    def _settle_after_sales_extensions(self):
        """A delivery brings the units for which an extension was sold in the same order."""
        # The stock user may not read orders; a delivery must not fail for what was sold beside the goods.
        orders_sudo = self.sudo().sale_line_id.order_id
        if orders_sudo.order_line.after_sales_extension_term_id:
            try:
                with self.env.cr.savepoint():
                    orders_sudo._settle_after_sales_extensions()
            except NOT_OURS:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the goods have left
                self.env.invalidate_all()
                _logger.info("No extension for orders %s", orders_sudo.ids, exc_info=True)
                reason = self.env["after.sales.unit"]._explain(error)
                for order_sudo in orders_sudo:
                    order_sudo._tell_after_sales_problems([reason])

    def _get_after_sales_lines(self):
        """Move lines whose goods passed to the recipient: what he owned before is only handed back."""
        self.ensure_one()
        recipient = (self.partner_id or self.picking_id.partner_id).commercial_partner_id
        return self.move_line_ids.filtered(
            lambda line: (
                line.quantity > 0
                and (
                    not line.owner_id
                    or (self.sale_line_id and line.owner_id.commercial_partner_id != recipient)
                )
            )
        )

    def _prepare_after_sales_unit_vals_list(self):
        """One unit per serial, per lot, or for all that has neither."""
        self.ensure_one()
        if not self.product_id.after_sales_tracked:
            return []
        common, vals_list, quantities = self._prepare_after_sales_unit_vals(), [], {}
        for line in self._get_after_sales_lines():
            quantities.setdefault(line.lot_id, 0.0)
            quantities[line.lot_id] += line.quantity_product_uom
        for lot, quantity in quantities.items():
            if self.product_id.tracking == "serial" and quantity > 1:
                raise UserError(
                    self.env._("Serial number %s stands twice on one delivery: correct its lines.", lot.name)
                )
            vals_list.append({**common, "lot_id": lot.id, "serial": lot.name, "quantity": quantity})
        return vals_list

    def _prepare_after_sales_unit_vals(self):
        self.ensure_one()
        order = self.sale_line_id.order_id
        address = self.partner_id or self._get_after_sales_address()
        partner = order.partner_id or address
        return {
            "product_id": self.product_id.id,
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "site_id": (order.partner_shipping_id or address or partner).id,
            "sale_line_id": self.sale_line_id.id,
            "sale_order_id": order.id,
            "move_id": self.id,
            "picking_id": self.picking_id.id,
            "delivery_date": self._get_after_sales_date(),
        }

    def _get_after_sales_address(self):
        """The address of the transfer. What a supplier ships himself bears his address, not the customer's."""
        self.ensure_one()
        return self.picking_id.partner_id if self.location_id.usage != "supplier" else self.env["res.partner"]

    def _get_after_sales_supplier(self):
        """Who sent the goods of a receipt. On a shipment to our customer the move names him, not the supplier."""
        self.ensure_one()
        if self.location_dest_id.usage != "customer":
            return self.partner_id or self.picking_id.partner_id
        sender = self.picking_id.partner_id
        return sender if sender != self.partner_id else sender.browse()

    def _get_after_sales_supply(self):
        """Who supplied the goods of this receipt and until when he warrants them, as (id, day); False each."""
        self.ensure_one()
        supplier = self._get_after_sales_supplier().commercial_partner_id
        months = self.product_id.seller_ids.filtered(
            lambda info: info.partner_id.commercial_partner_id == supplier
        )[:1].warranty_months
        end = months and rules.add_period(self._get_after_sales_date(), months=months)
        return supplier.id, end or False

    def _prepare_after_sales_kit_vals(self):
        """The unit of what was ordered, of which the goods of this move are a component."""
        self.ensure_one()
        line = self.sale_line_id
        return {
            **self._prepare_after_sales_unit_vals(),
            "product_id": line.product_id.id,
            "quantity": line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id),
            "lot_id": False,
        }

    def _get_after_sales_date(self):
        """The calendar day of the move where the company is, which need not be the day in UTC."""
        self.ensure_one()
        return self.company_id._get_after_sales_day(self.date)

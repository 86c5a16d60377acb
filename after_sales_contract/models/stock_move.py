from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """A delivery makes contracts, or starts those that waited for it; a return calls them off."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        done = moves.filtered(lambda move: move.state == "done")
        shipped = done.filtered(
            lambda move: move.location_dest_id.usage == "customer" and move.location_id.usage != "customer"
        )
        # sudo: a delivery is done by warehouse people, who do not manage contracts
        shipped.picking_id.sudo()._try_after_sales_contracts()
        done._take_back_after_sales_contracts()
        return moves

    def _take_back_after_sales_contracts(self):
        """Goods that come back in full take the proposals with them; contracts in force are for a person to decide."""
        back = self.filtered(lambda move: move.origin_returned_move_id and move._is_after_sales_taken_back())
        for picking in back.origin_returned_move_id.picking_id:
            # sudo: a return is received by warehouse people, who do not manage contracts
            picking_sudo = picking.sudo()
            if picking_sudo._get_after_sales_made_contracts() and picking_sudo._is_after_sales_returned():
                picking_sudo._undo_after_sales_contracts(
                    self.env._("Delivery %(delivery)s was returned", delivery=picking.name)
                )

    def _is_after_sales_taken_back(self):
        """Whether the goods are ours again: what comes in for repair stays the customer's."""
        self.ensure_one()
        return (
            self.state == "done"
            and self.location_id.usage == "customer"
            and self.location_dest_id.usage != "customer"
            and not self.move_line_ids.owner_id
        )

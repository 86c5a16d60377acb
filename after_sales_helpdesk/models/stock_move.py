from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    after_sales_part_id = fields.Many2one(
        "after.sales.intervention.part",
        "Part of an Intervention",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    after_sales_return_line_id = fields.Many2one(
        "after.sales.return.line", "Returned Goods", index="btree_not_null", readonly=True, copy=False
    )

    after_sales_supply_part_id = fields.Many2one(
        "after.sales.intervention.part",
        "Brings a Part of an Intervention",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    def _compute_reference(self):
        parts = self.filtered("after_sales_part_id")
        for move in parts:
            move.reference = move.after_sales_part_id.intervention_id.name
        return super(StockMove, self - parts)._compute_reference()

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Each returned piece keeps a move of its own, so that it can arrive by itself."""
        merge = merge and not self.env.context.get("after_sales_pieces")
        return super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)

    def _action_done(self, cancel_backorder=False):
        self._set_after_sales_owner()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._follow_after_sales_returns()
        return moves

    def _follow_after_sales_returns(self):
        """Returned goods that the warehouse receives by itself are received on their return, too."""
        arrived = self.filtered(
            lambda m: m.state == "done" and m.location_dest_id in m.company_id.after_sales_goods_location_id
        )
        if arrived:
            # sudo: who receives goods need not be allowed to write returns and units
            self.env["after.sales.return.line"].sudo()._arrive(arrived.sudo())

    def _get_backorder_move(self):
        """The move that waits for the rest of this one, not the one of another piece that did not come either."""
        self.ensure_one()
        later = self.picking_id.backorder_ids.move_ids.filtered(
            lambda m: (
                m.product_id == self.product_id and m.origin_returned_move_id == self.origin_returned_move_id
            )
        )
        return (later - self.env["after.sales.return.line"].search([("move_id", "in", later.ids)]).move_id)[
            :1
        ]

    def _action_cancel(self):
        """Parts that are called off have to be ordered again."""
        open_moves = self.filtered(lambda move: move.state not in ("done", "cancel"))
        result = super()._action_cancel()
        parts_sudo = open_moves.sudo().after_sales_supply_part_id  # stock users need no right on visits
        parts_sudo.secured_quantity = 0.0
        return result

    def _set_after_sales_owner(self):
        """What leaves the location of customers' goods still belongs to its owner.

        A repair order looks for the owner's quantity where its components lie, so it would move
        the customer's unit as ours.
        """
        locations = self.company_id.after_sales_goods_location_id
        lines = self.move_line_ids.filtered(lambda line: line.location_id in locations and not line.owner_id)
        if not lines:
            return
        quants = self.env["stock.quant"].search(
            [
                ("location_id", "in", lines.location_id.ids),
                ("product_id", "in", lines.product_id.ids),
                ("owner_id", "!=", False),
                ("quantity", ">", 0),
            ]
        )
        for line in lines:
            found = quants.filtered(
                lambda q, line=line: (
                    q.location_id == line.location_id
                    and q.product_id == line.product_id
                    and q.lot_id == line.lot_id
                )
            )
            partner = line.move_id.partner_id.commercial_partner_id
            line.owner_id = (found.filtered(lambda q, p=partner: q.owner_id == p) or found)[:1].owner_id

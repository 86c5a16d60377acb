from odoo import api, models


class AfterSalesUnit(models.Model):
    """A product that is delivered as its components: one unit for the whole, one for each part.

    Whatever makes components of an order line, its moves carry another product than the line.
    """

    _inherit = "after.sales.unit"

    def _get_kit(self):
        """The unit that was sold as a whole and of which this one, or what it replaces, was a part; else empty."""
        self.ensure_one()
        kit, sold = self.parent_id, self._get_first().sale_line_id
        is_sold_whole = sold and kit.sale_line_id == sold and kit.product_id == sold.product_id
        return kit if is_sold_whole else kit.browse()

    def _get_covering_warranties(self):
        """{unit: the warranties that may pay for work on it}: its own and those of the whole it was sold in."""
        covering = {unit: unit.warranty_ids | unit._get_kit().warranty_ids for unit in self}
        # Read together, whichever unit they are of.
        together = self.warranty_ids.union(*covering.values()).ids
        return {unit: warranties.with_prefetch(together) for unit, warranties in covering.items()}

    @api.model
    def _bear_kits(self, moves, vals_list):
        """Make one unit for each order line of which only components move, and put their units in it.

        Whatever is delivered later for the same line joins the unit that the first delivery made.
        """
        components = moves.filtered(
            lambda move: move._is_after_sales_kit() and not move.origin_returned_move_id
        )
        if not components:
            return self.browse()
        lines = components.sale_line_id
        kits = {
            kit.sale_line_id: kit
            for kit in self.search([("sale_line_id", "in", lines.ids), ("state", "!=", "ended")])
            if kit.product_id == kit.sale_line_id.product_id
        }
        missing = [line for line in lines if line not in kits]
        kit_vals_list = [
            components.filtered(lambda move, line=line: move.sale_line_id == line)[
                :1
            ]._prepare_after_sales_kit_vals()
            for line in missing
        ]
        self._complete_birth_vals(components, kit_vals_list)
        born = self.create(kit_vals_list)
        kits.update(zip(missing, born, strict=True))
        parents = {move.id: kits[move.sale_line_id].id for move in components}
        for vals in vals_list:
            vals["parent_id"] = parents.get(vals["move_id"], False)
        return born

    @api.model
    def _get_returned_kits(self, move):
        """The units of which the returned goods were a component."""
        line = move.origin_returned_move_id.sale_line_id or move.sale_line_id
        if not line or line.product_id == move.product_id:
            return self.browse()
        return self.search(
            [
                ("sale_line_id", "=", line.id),
                ("product_id", "=", line.product_id.id),
                ("state", "!=", "ended"),
            ]
        )

    def _end_if_empty(self, move):
        """End the kits of which the customer has nothing left."""
        for kit in self:
            if any(child.state != "ended" for child in kit.child_ids):
                continue
            left = {}
            for done in kit.sale_line_id.move_ids.filtered(lambda m: m.state == "done"):
                sign = (done.location_dest_id.usage == "customer") - (done.location_id.usage == "customer")
                left[done.product_id] = left.get(
                    done.product_id, 0.0
                ) + sign * done.product_uom._compute_quantity(done.quantity, done.product_id.uom_id)
            if all(product.uom_id.compare(quantity, 0.0) <= 0 for product, quantity in left.items()):
                kit._end(self.env._("Returned with %s.", move.reference or move.picking_id.name), "returned")

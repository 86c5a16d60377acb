from odoo import Command, fields, models


class StockPicking(models.Model):
    """A delivery makes contracts for its goods, and those that its order sold to begin with it."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "after.sales.contract.document.mixin"]

    def _get_after_sales_made_contracts(self):
        covered = self.env["after.sales.contract.cover"].search([("unit_id.picking_id", "in", self.ids)])
        return super()._get_after_sales_made_contracts() | covered.contract_id

    def _get_after_sales_sources(self):
        return self.env["after.sales.contract.source"].search(
            [
                "|",
                ("move_id", "in", self.move_ids.ids),
                ("sale_line_id", "in", self.move_ids.sale_line_id.ids),
            ]
        )

    def _get_after_sales_contract_rows(self):
        """Goods that went to the customer. The order line is named too: what is shipped in parts makes one contract."""
        self.ensure_one()
        rows, seen = [], set()
        for move in self._get_after_sales_shipped():
            line = move.sale_line_id
            if line and line.id in seen:
                continue
            seen.add(line.id)
            product = (
                line.product_id or move.product_id
            )  # a kit is sold as what it is, and shipped as its parts
            rows.append(
                {
                    "product": product,
                    "quantity": self._get_after_sales_delivered(line) if line else move.quantity,
                    "amount": 0.0,
                    "terms": {},
                    "source": {"move_id": move.id, **({"sale_line_id": line.id} if line else {})},
                    "is_prepaid": False,
                    "event": product.after_sales_contract_source,
                }
            )
        return rows

    def _get_after_sales_shipped(self):
        """Moves that brought goods to a customer."""
        return self.move_ids.filtered(lambda m: m.state == "done" and m.location_dest_id.usage == "customer")

    def _get_after_sales_delivered(self, line):
        """How much of an order line the customer has so far, in the unit of its product; a kit counts as it was sold."""
        moves = line.move_ids.picking_id._get_after_sales_shipped() & line.move_ids
        if line.product_id not in moves.product_id:
            return line.product_uom_qty
        back = moves.returned_move_ids.filtered(lambda move: move._is_after_sales_taken_back())
        delivered, returned = (
            sum(move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id) for move in some)
            for some in (moves, back)
        )
        return delivered - returned

    def _cover_after_sales_backorder(self):
        """What comes later of goods that made a contract is covered with them, from its delivery on; goods with units
        are as soon as these are born."""
        self.ensure_one()
        shipped = self._get_after_sales_shipped()
        day = self._get_after_sales_contract_dates()["delivery"]
        sources = self.env["after.sales.contract.source"].search(
            [
                ("sale_line_id", "in", shipped.sale_line_id.ids),
                ("move_id", "!=", False),
                ("move_id", "not in", shipped.ids),
                ("contract_id.cover_order_units", "=", True),
                ("contract_id.state", "not in", ("ended", "cancelled")),
            ]
        )
        for source in sources.filtered(lambda s: not s.product_id.after_sales_tracked):
            more = self._get_after_sales_delivered(source.sale_line_id) - source.quantity
            if source.product_id.uom_id.compare(more, 0.0) > 0:
                source.quantity += more
                source.contract_id._cover_plain({source: more}, day)

    def _prepare_after_sales_contract_head(self, template):
        self.ensure_one()
        if self.sale_id:
            return self.sale_id._prepare_after_sales_contract_head(template)
        partner = self.partner_id
        return {
            "company_id": self.company_id.id,
            "partner_id": partner.commercial_partner_id.id,
            "site_ids": [Command.set((partner - partner.commercial_partner_id).ids)],
            "user_id": self.user_id.id or self.env.uid,
            "reference": self.origin,
        }

    def _get_after_sales_contract_dates(self):
        self.ensure_one()
        day = self.move_ids[:1]._get_after_sales_date() or fields.Date.context_today(self)
        dates = (
            self.sale_id._get_after_sales_contract_dates()
            if self.sale_id
            else {"order": day, "confirmation": day}
        )
        return {"delivery": day, **dates}

    def _make_after_sales_contracts(self):
        """Called on a delivery that is done."""
        self.ensure_one()
        if self.partner_id or self.sale_id:
            self._make_after_sales_contracts_by_product("delivery")
        if self.sale_id:
            self._cover_after_sales_backorder()
            self.sale_id._make_after_sales_contracts("delivery")
            day = self._get_after_sales_contract_dates()["delivery"]
            for contract in self.sale_id._get_after_sales_made_contracts():
                with self._after_sales_apart():
                    contract._start_on("delivery", day)
                    contract._start_without_units(day)

    def _is_after_sales_returned(self):
        """Whether all that was shipped came back."""
        self.ensure_one()
        shipped = self._get_after_sales_shipped()
        return all(
            move.product_id.uom_id.compare(
                sum(
                    move.returned_move_ids.filtered(lambda m: m._is_after_sales_taken_back()).mapped(
                        "product_qty"
                    )
                ),
                move.product_qty,
            )
            >= 0
            for move in shipped
        )

from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    after_sales_unit_ids = fields.One2many(
        "after.sales.unit",
        "lot_id",
        "Installed Units",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count", groups="after_sales_warranty.group_after_sales_technician"
    )

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]
            .with_context(active_test=False)
            ._read_group([("lot_id", "in", self.ids)], ["lot_id"], ["__count"])
        )
        for lot in self:
            lot.after_sales_unit_count = counts.get(lot, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action(
            [("lot_id", "=", self.id)], default_lot_id=self.id
        )

    def _get_after_sales_receipts(self):
        """Supplier and end of his warranty, of each lot that was received from a supplier."""
        receipts = {}
        if not self:
            return receipts
        # Whoever delivers need not read purchases: only the supplier and a date leave here.
        line_sudo = self.env["stock.move.line"].sudo()
        lines_sudo = line_sudo.search_fetch(
            [("lot_id", "in", self.ids), ("state", "=", "done"), ("location_id.usage", "=", "supplier")],
            ["lot_id", "move_id", "date"],
            order="date desc, id desc",
        )
        for line in lines_sudo:
            if line.lot_id.id in receipts:
                continue
            receipts[line.lot_id.id] = line.move_id._get_after_sales_supply()
        return receipts

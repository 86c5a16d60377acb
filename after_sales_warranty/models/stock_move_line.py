from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    after_sales_cover_end = fields.Date(
        "Covered Until",
        compute="_compute_after_sales_cover_end",
        help="Last day covered of the unit that this line handed over, for the delivery note.",
    )

    def _compute_after_sales_cover_end(self):
        handed = self.filtered(lambda line: line.state == "done" and line.lot_id)
        # The note goes to the owner of the unit; who prints it need not read units.
        units_sudo = (
            self.env["after.sales.unit"]
            .sudo()
            .search_fetch(
                [("move_id", "in", handed.move_id.ids), ("lot_id", "in", handed.lot_id.ids)],
                ["move_id", "lot_id", "warranty_end"],
            )
        )
        ends = {(unit.move_id.id, unit.lot_id.id): unit.warranty_end for unit in units_sudo}
        for line in self:
            line.after_sales_cover_end = ends.get((line.move_id.id, line.lot_id.id), False)

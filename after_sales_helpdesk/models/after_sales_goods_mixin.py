from odoo import api, fields, models

from .after_sales_return_mixin import Goods


class AfterSalesGoodsMixin(models.AbstractModel):
    """A piece of a customer's goods: the unit itself, or a product with its serial and quantity, on its stock move."""

    _name = "after.sales.goods.mixin"
    _description = "Goods of a Customer"
    _inherit = ["after.sales.return.mixin"]

    company_id = fields.Many2one("res.company")
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        index="btree_not_null",
        check_company=True,
        help="The unit itself, when it comes to us as a whole.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_unit",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial/Lot",
        compute="_compute_from_unit",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    serial = fields.Char(
        "Serial Number", compute="_compute_from_unit", store=True, readonly=False, precompute=True
    )
    quantity = fields.Float(
        compute="_compute_from_unit",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        required=True,
    )
    uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_from_unit",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    fault_id = fields.Many2one("after.sales.fault", "Defect")
    move_id = fields.Many2one("stock.move", "Stock Move", readonly=True, copy=False, index="btree_not_null")
    picking_id = fields.Many2one(
        related="move_id.picking_id", string="Receipt", store=True, index="btree_not_null"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of goods must be more than zero."
    )

    @api.depends("unit_id", "product_id")
    def _compute_from_unit(self):
        for line in self:
            unit = line.unit_id
            if unit:
                line.product_id = unit.product_id
                line.lot_id = unit.lot_id
                line.serial = unit.serial
                line.quantity = line.quantity or unit.quantity or 1.0
            else:
                line.product_id = line.product_id
                line.lot_id = line.lot_id if line.lot_id.product_id == line.product_id else False
                line.serial = line.serial or line.lot_id.name
                line.quantity = line.quantity or 1.0
            line.uom_id = line.product_id.uom_id

    @api.depends("product_id", "serial")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            product = line.product_id.display_name
            line.display_name = f"{product} · {line.serial}" if line.serial else product

    def _get_goods(self):
        self.ensure_one()
        return Goods(
            self.product_id, self.quantity, self.uom_id, self.lot_id, self.serial, self.unit_id.move_id
        )

    def _get_received_lot(self):
        return self.move_id.move_line_ids.lot_id[:1]

from odoo import fields, models


class AfterSalesReturnReceiveLine(models.TransientModel):
    _name = "after.sales.return.receive.line"
    _description = "Receive a Piece of Returned Goods"

    receive_id = fields.Many2one("after.sales.return.receive", required=True, ondelete="cascade")
    return_line_id = fields.Many2one("after.sales.return.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="return_line_id.product_id")
    tracking = fields.Selection(related="return_line_id.tracking")
    announced = fields.Float(related="return_line_id.quantity", string="Announced")
    uom_id = fields.Many2one(related="return_line_id.uom_id")
    quantity = fields.Float("Arrived", digits="Product Unit")
    serial = fields.Char("Serial Number Read")

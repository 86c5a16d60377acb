from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesReturnReceive(models.TransientModel):
    """What arrived of a return: how much of each piece, and which serial is on it."""

    _name = "after.sales.return.receive"
    _description = "Receive Returned Goods"

    return_id = fields.Many2one("after.sales.return", required=True, readonly=True)
    line_ids = fields.One2many(
        "after.sales.return.receive.line",
        "receive_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("return_id")
    def _compute_line_ids(self):
        for wizard in self:
            open_lines = wizard.return_id.line_ids.filtered(lambda line: line.state in ("draft", "expected"))
            wizard.line_ids = [Command.clear()] + [
                Command.create({"return_line_id": line.id, "quantity": line.quantity, "serial": line.serial})
                for line in open_lines
            ]

    def action_receive(self):
        self.ensure_one()
        self.return_id.check_access("write")
        arrived = self.line_ids.filtered(lambda line: line.quantity)
        if not arrived:
            raise UserError(self.env._("Say what arrived: no quantity is entered."))
        lines = arrived.return_line_id
        if wrong := lines.filtered(
            lambda line: line.return_id != self.return_id or line.state not in ("draft", "expected")
        ):
            raise UserError(self.env._("%s is not on its way to us.", wrong[0].display_name))
        lines._receive([(row.quantity, row.serial) for row in arrived])
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models


class AfterSalesServiceCheck(models.Model):
    _name = "after.sales.service.check"
    _description = "Checklist Line of a Service"
    _order = "sequence, id"

    service_id = fields.Many2one("after.sales.service", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("What to Check", required=True, translate=True)
    kind = fields.Selection(
        [("check", "Done or not"), ("measure", "Measured value"), ("text", "Remark")],
        default="check",
        required=True,
    )
    is_required = fields.Boolean("Required")

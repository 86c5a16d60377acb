from odoo import api, fields, models

from ..tools import serial_keys


class AfterSalesUnitFormer(models.Model):
    """A serial number under which a unit was known before it was corrected: the customer may still quote it."""

    _name = "after.sales.unit.former"
    _description = "Former Serial Number"
    _order = "id desc"
    _rec_name = "serial"

    unit_id = fields.Many2one(
        "after.sales.unit", "Installed Unit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    serial = fields.Char("Serial Number", required=True)
    serial_key = fields.Char(compute="_compute_serial_key", store=True, precompute=True, index=True)

    @api.depends("serial")
    def _compute_serial_key(self):
        for former in self:
            former.serial_key = serial_keys.key(former.serial)

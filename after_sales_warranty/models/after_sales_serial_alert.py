from odoo import api, fields, models

from ..tools import serial_keys


class AfterSalesSerialAlert(models.Model):
    """A serial number that nobody may register before a person has looked: stolen, forged, blocked."""

    _name = "after.sales.serial.alert"
    _description = "Serial Number Alert"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "serial"
    _check_company_auto = True

    serial = fields.Char("Serial Number", required=True, tracking=True)
    serial_key = fields.Char(
        compute="_compute_serial_key",
        store=True,
        precompute=True,
        index=True,
        help="The serial number without case, dashes and characters that look alike.",
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        check_company=True,
        ondelete="cascade",
        help="Empty: this serial number of any product.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    reason = fields.Selection(
        [("stolen", "Stolen"), ("counterfeit", "Counterfeit"), ("blocked", "Blocked")],
        required=True,
        default="stolen",
        tracking=True,
    )
    date = fields.Date("Reported On", required=True, default=fields.Date.context_today)
    note = fields.Text("Notes")
    active = fields.Boolean(default=True, tracking=True)

    _serial_uniq = models.UniqueIndex(
        "(company_id, LOWER(serial), COALESCE(product_id, 0)) WHERE active",
        "There is already an alert on this serial number.",
    )

    @api.depends("serial")
    def _compute_serial_key(self):
        for alert in self:
            alert.serial_key = serial_keys.key(alert.serial)

    def _get_reason_text(self):
        """Why the serial is on the list, for the staff."""
        self.ensure_one()
        return dict(self._fields["reason"]._description_selection(self.env))[self.reason]

    @api.model
    def _find(self, serial, product, company):
        """The alerts that hold for a serial; every alert on the serial when the product is not known.

        A thief leaves out a dash or reads a zero as an O: all that can be taken for the serial is looked at.
        """
        domain = [("serial_key", "=", serial_keys.key(serial)), ("company_id", "=", company.id)]
        if product:
            domain.append(("product_id", "in", [False, product.id]))
        return self.search(domain) if serial else self.browse()

from odoo import api, fields, models

from ..tools.serial_keys import escape_like


class AfterSalesSerialAlert(models.Model):
    """A serial number that nobody may register before a person has looked: stolen, forged, blocked."""

    _name = "after.sales.serial.alert"
    _description = "Serial Number Alert"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "serial"
    _check_company_auto = True

    serial = fields.Char("Serial Number", required=True, index="trigram", tracking=True)
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

    @api.model
    def _find(self, serial, product, company):
        """The alerts that hold for a serial; every alert on the serial when the product is not known."""
        domain = [("serial", "=ilike", escape_like(serial or "")), ("company_id", "=", company.id)]
        if product:
            domain.append(("product_id", "in", [False, product.id]))
        return self.search(domain) if serial else self.browse()

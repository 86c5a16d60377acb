from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesUnitExchange(models.TransientModel):
    """One unit takes the place of another: it was delivered, or is registered here by its serial."""

    _name = "after.sales.unit.exchange"
    _description = "Replacement of a Unit"

    unit_id = fields.Many2one("after.sales.unit", "Replaced Unit", required=True)
    company_id = fields.Many2one(related="unit_id.company_id")
    owner_id = fields.Many2one(related="unit_id.commercial_partner_id")
    replacement_unit_id = fields.Many2one(
        "after.sales.unit",
        "Replacement",
        domain="[('id', '!=', unit_id), ('company_id', '=', company_id), ('state', '!=', 'ended'),"
        " ('commercial_partner_id', 'in', (owner_id, False))]",
        help="The unit that was delivered. Empty: it is registered now.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        domain=[("type", "=", "consu")],
    )
    serial = fields.Char("Serial Number")
    date = fields.Date(required=True, default=fields.Date.context_today)
    warranty_ids = fields.Many2many("after.sales.warranty", compute="_compute_warranty_ids")

    @api.depends("unit_id")
    def _compute_product_id(self):
        for wizard in self:
            wizard.product_id = wizard.unit_id.product_id

    @api.depends("unit_id", "date")
    def _compute_warranty_ids(self):
        """What passes to the replacement, by the policy of each warranty."""
        for wizard in self:
            day = wizard.date or fields.Date.context_today(wizard)
            wizard.warranty_ids = wizard.unit_id.warranty_ids.filtered(
                lambda w, day=day: w._get_state(day) == "active"
            )

    def action_exchange(self):
        self.ensure_one()
        self.unit_id.check_access("write")
        if self.unit_id.state == "ended":
            raise UserError(self.env._("%s is no longer in service.", self.unit_id.display_name))
        if self.replacement_unit_id.replaces_id:
            raise UserError(
                self.env._(
                    "%(unit)s replaces %(other)s already.",
                    unit=self.replacement_unit_id.display_name,
                    other=self.replacement_unit_id.replaces_id.display_name,
                )
            )
        replacement = self.replacement_unit_id or self._register_replacement()
        self.unit_id._replace_with(replacement, self.date)
        return self.unit_id._get_record_action_for(replacement)

    def _register_replacement(self):
        if self.unit_id.has_serial and not (self.serial or "").strip():
            raise UserError(
                self.env._("Give the serial number of the replacement, or choose the unit delivered.")
            )
        return self.env["after.sales.unit"].create(self._prepare_unit_vals())

    def _prepare_unit_vals(self):
        unit = self.unit_id
        return {
            "product_id": self.product_id.id,
            "serial": (self.serial or "").strip() or False,
            "quantity": unit.quantity,
            "partner_id": unit.partner_id.id,
            "site_id": unit.site_id.id,
            "company_id": unit.company_id.id,
            "delivery_date": self.date,
        }

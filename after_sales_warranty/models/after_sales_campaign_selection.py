from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.serial_keys import escape_like
from ..tools.serial_order import common_start, in_range, natural_key


class AfterSalesCampaign(models.Model):
    """Which units a campaign is about."""

    _inherit = "after.sales.campaign"

    product_tmpl_ids = fields.Many2many("product.template", string="Products", check_company=True)
    product_ids = fields.Many2many("product.product", string="Variants", check_company=True)
    categ_ids = fields.Many2many("product.category", string="Product Categories")
    serial_from = fields.Char(help="Figures are compared as numbers: B-0009 comes before B-120.")
    serial_to = fields.Char()
    delivery_from = fields.Date()
    delivery_to = fields.Date()
    manufacture_from = fields.Date()
    manufacture_to = fields.Date()
    supplier_ids = fields.Many2many("res.partner", string="Suppliers")
    component_lot_ids = fields.Many2many(
        "stock.lot",
        string="Lots",
        check_company=True,
        help="Units of these lots, and units with a component of these lots.",
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    only_in_service = fields.Boolean(
        "Only Units in Service",
        help="Leave out the units that are away from their owner, in repair for example.",
    )
    selected_count = fields.Integer("Units Found", compute="_compute_selected_count")

    @api.depends(lambda self: self._get_criteria())
    def _compute_selected_count(self):
        for campaign in self:
            open_ = campaign.state in ("draft", "prepared", "running")
            campaign.selected_count = campaign._count_selected() if open_ else 0

    @api.constrains(
        "serial_from", "serial_to", "delivery_from", "delivery_to", "manufacture_from", "manufacture_to"
    )
    def _check_ranges(self):
        for campaign in self:
            for name in ("delivery", "manufacture"):
                first, last = campaign[f"{name}_from"], campaign[f"{name}_to"]
                if first and last and first > last:
                    raise ValidationError(self.env._("The first day of a range lies after the last one."))
            first, last = campaign.serial_from, campaign.serial_to
            if first and last and natural_key(first) > natural_key(last):
                raise ValidationError(
                    self.env._("The serial number %(first)s comes after %(last)s.", first=first, last=last)
                )

    # === SELECTION === #

    @api.model
    def _get_criteria(self):
        """Names of the fields that choose units."""
        return [
            "product_tmpl_ids", "product_ids", "categ_ids", "serial_from", "serial_to", "delivery_from",
            "delivery_to", "manufacture_from", "manufacture_to", "supplier_ids", "component_lot_ids",
            "country_ids", "only_in_service", "company_id", "state",
        ]  # fmt: skip

    def _has_criteria(self):
        self.ensure_one()
        return any(self[name] for name in self._get_criteria() if name not in ("company_id", "state"))

    def _get_unit_domain(self):
        """The units asked for by everything but the range of serials."""
        self.ensure_one()
        domain = Domain("company_id", "=", self.company_id.id) & Domain("state", "!=", "ended")
        products = Domain.OR(
            Domain(name, operator, records.ids)
            for name, operator, records in (
                ("product_tmpl_id", "in", self.product_tmpl_ids._origin),
                ("product_id", "in", self.product_ids._origin),
                ("categ_id", "child_of", self.categ_ids._origin),
            )
            if records
        )
        if not products.is_false():
            domain &= products
        for name in ("delivery", "manufacture"):
            for operator, bound in ((">=", self[f"{name}_from"]), ("<=", self[f"{name}_to"])):
                if bound:
                    domain &= Domain(f"{name}_date", operator, bound)
        if self.supplier_ids:
            domain &= Domain("supplier_id", "child_of", self.supplier_ids._origin.ids)
        if self.country_ids:
            countries = self.country_ids._origin.ids
            domain &= Domain("site_id.country_id", "in", countries) | (
                Domain("site_id", "=", False) & Domain("partner_id.country_id", "in", countries)
            )
        if self.component_lot_ids:
            domain &= self._get_lot_domain()
        if self.only_in_service:
            domain &= Domain("state", "=", "in_service")
        start = common_start(self.serial_from or "", self.serial_to or "")
        if start and self.serial_from and self.serial_to:
            domain &= Domain("serial", "=ilike", escape_like(start) + "%")
        return domain

    def _get_lot_domain(self):
        """Whole units: what holds a component of the lots is called back with it."""
        parts = self.env["after.sales.unit"].search(
            [("lot_id", "in", self.component_lot_ids._origin.ids), ("company_id", "=", self.company_id.id)]
        )
        return Domain("id", "parent_of", parts.ids) & Domain("parent_id", "=", False)

    def _get_units(self, domain=Domain.TRUE):
        """The units of the selection, within ``domain``."""
        self.ensure_one()
        domain &= self._get_unit_domain()
        units = self.env["after.sales.unit"].search_fetch(
            domain, ["serial", "partner_id", "commercial_partner_id"], order="id"
        )
        if self.serial_from or self.serial_to:
            units = units.filtered(
                lambda u: in_range(u.serial or "", self.serial_from or "", self.serial_to or "")
            )
        return units

    def _count_selected(self):
        self.ensure_one()
        if not self._has_criteria():
            return 0
        if self.serial_from or self.serial_to:
            return len(self._get_units())
        return self.env["after.sales.unit"].search_count(self._get_unit_domain())

    # === ACTIONS === #

    def _ensure_criteria(self):
        for campaign in self:
            if not campaign._has_criteria():
                raise UserError(
                    self.env._("Choose the units first: products, serial numbers, lots, dates or countries.")
                )

    def action_preview(self):
        """The list of units that Prepare would take."""
        self.ensure_one()
        self._ensure_criteria()
        units = self.env["after.sales.unit"]
        domain = Domain("id", "in", self._get_units().ids)
        return units._get_list_action(list(domain), create=False)

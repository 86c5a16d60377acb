from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Setting one of these starts the warranties that waited for it.
START_DATES = {"delivery_date", "invoice_date", "installation_date", "registration_date", "manufacture_date"}


class AfterSalesUnit(models.Model):
    _name = "after.sales.unit"
    _description = "Installed Unit"
    _inherit = [
        "after.sales.batch.mixin",
        "after.sales.unit.import",
        "after.sales.unit.ownership.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["serial", "name", "lot_id.name", "product_id.name", "product_id.default_code"]
    _check_company_auto = True

    # === WHAT === #
    name = fields.Char(
        "Reference", compute="_compute_name", store=True, readonly=False, precompute=True, index="trigram"
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
        ondelete="restrict",
        tracking=True,
    )
    product_tmpl_id = fields.Many2one(
        related="product_id.product_tmpl_id", store=True, index=True, precompute=True
    )
    categ_id = fields.Many2one(
        related="product_id.categ_id", string="Product Category", store=True, index=True, precompute=True
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        ondelete="restrict",
    )
    serial = fields.Char(
        "Serial Number",
        compute="_compute_serial",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        tracking=True,
    )
    quantity = fields.Float(default=1.0, required=True, digits="Product Unit")
    uom_id = fields.Many2one(
        "uom.uom", "Unit of Measure", compute="_compute_uom_id", store=True, precompute=True, readonly=False
    )
    parent_id = fields.Many2one("after.sales.unit", "Part Of", index="btree_not_null", check_company=True)
    child_ids = fields.One2many("after.sales.unit", "parent_id", "Components")

    # === WHERE === #
    custody = fields.Selection(
        [
            ("at_customer", "At the Customer"),
            ("in_transit", "In Transit"),
            ("received", "Received"),
            ("in_workshop", "In the Workshop"),
            ("at_supplier", "At the Supplier"),
            ("ready", "Ready"),
            ("returned", "Returned"),
            ("scrapped", "Scrapped"),
            ("lost", "Lost"),
            ("stolen", "Stolen"),
        ],
        required=True,
        default="at_customer",
        tracking=True,
        index=True,
    )
    state = fields.Selection(
        [("in_service", "In Service"), ("suspended", "Suspended"), ("ended", "Ended")],
        required=True,
        default="in_service",
        tracking=True,
        index=True,
    )

    # === FROM WHICH SALE === #
    sale_line_id = fields.Many2one(
        "sale.order.line", "Sales Order Line", index="btree_not_null", readonly=True
    )
    sale_order_id = fields.Many2one("sale.order", "Sales Order", index="btree_not_null", readonly=True)
    move_id = fields.Many2one("stock.move", "Delivery Line", index="btree_not_null", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", index="btree_not_null", readonly=True)
    delivery_date = fields.Date(index=True, tracking=True)
    invoice_date = fields.Date(tracking=True)
    installation_date = fields.Date(tracking=True)
    registration_date = fields.Date(tracking=True)
    manufacture_date = fields.Date(tracking=True)
    supplier_id = fields.Many2one("res.partner", index="btree_not_null")
    supplier_warranty_end = fields.Date()

    replaced_by_id = fields.Many2one("after.sales.unit", index="btree_not_null", readonly=True)
    replaces_id = fields.Many2one("after.sales.unit", index="btree_not_null", readonly=True)
    has_serial = fields.Boolean(compute="_compute_has_serial", store=True, precompute=True)

    _lot_uniq = models.UniqueIndex(
        "(lot_id, company_id) WHERE has_serial AND lot_id IS NOT NULL AND state != 'ended'",
        "There is already a unit in service with this serial number.",
    )
    _serial_uniq = models.UniqueIndex(
        "(product_id, serial, company_id) WHERE has_serial AND state != 'ended'",
        "There is already a unit in service with this product and serial number.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a unit cannot be negative."
    )

    # === COMPUTE === #

    @api.depends("product_id", "serial")
    def _compute_name(self):
        for unit in self:
            product = unit.product_id
            # What we proposed before the serial was typed makes way for it; what a person wrote stays.
            if not unit.name or unit.name in (product.default_code, product.name):
                unit.name = unit.serial or product.default_code or product.name

    @api.depends("lot_id")
    def _compute_serial(self):
        for unit in self:
            if unit.lot_id:
                unit.serial = unit.lot_id.name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for unit in self:
            unit.uom_id = unit.product_id.uom_id

    @api.depends("serial", "product_id")
    def _compute_has_serial(self):
        """One piece, told apart by its serial; a lot of many pieces is not."""
        for unit in self:
            unit.has_serial = bool(unit.serial) and unit.product_id.tracking != "lot"

    @api.depends("product_id", "serial", "quantity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for unit in self:
            product = unit.product_id.display_name
            unit.display_name = f"{product} · {unit.serial}" if unit.serial else product

    def _compute_access_url(self):
        super()._compute_access_url()
        for unit in self:
            unit.access_url = f"/my/units/{unit.id}"

    # === CONSTRAINS === #

    @api.constrains("lot_id", "product_id")
    def _check_lot_product(self):
        for unit in self.filtered("lot_id"):
            if unit.lot_id.product_id != unit.product_id:
                raise ValidationError(
                    self.env._(
                        "The serial number %(serial)s belongs to %(product)s.",
                        serial=unit.lot_id.name,
                        product=unit.lot_id.product_id.display_name,
                    )
                )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A unit cannot be a component of itself."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._link_lots(vals_list)
        units = super().create(vals_list)
        units._grant_warranties()
        return units

    @api.model
    def _link_lots(self, vals_list):
        """Find the lots of serials that were typed or imported."""
        typed = [v for v in vals_list if v.get("serial") and not v.get("lot_id")]
        if not typed:
            return
        # Whoever registers a unit need not read the stock of every company.
        lots_sudo = (
            self.env["stock.lot"]
            .sudo()
            .search_fetch(
                [
                    ("name", "in", [v["serial"] for v in typed]),
                    ("product_id", "in", [v.get("product_id") for v in typed]),
                ],
                ["name", "product_id", "company_id"],
            )
        )
        for vals in typed:
            company = vals.get("company_id") or self.env.company.id
            lot = lots_sudo.filtered(
                lambda lot, v=vals, c=company: (
                    lot.name == v["serial"]
                    and lot.product_id.id == v.get("product_id")
                    and lot.company_id.id in (False, c)
                )
            )
            vals["lot_id"] = lot[:1].id

    def write(self, vals):
        res = super().write(vals)
        if START_DATES & vals.keys():
            self.warranty_ids._start_pending()
        return res

    def copy_data(self, default=None):
        default = {"lot_id": False, "serial": False, "name": False, **(default or {})}
        return super().copy_data(default=default)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sold(self):
        if self.filtered("move_id"):
            raise UserError(self.env._("A delivered unit has a history: archive it instead of deleting it."))

    # === WARRANTIES === #

    def _replace_with(self, unit, day):
        """``unit`` takes the place of this one: it gets the warranties that still run, by their policy."""
        self.ensure_one()
        self.replaced_by_id, unit.replaces_id = unit, self
        unit.parent_id = unit.parent_id or self.parent_id
        if self.custody == "returned":
            # What came back before the exchange was recorded hands over what it had then; what is gone has nothing left.
            self._reopen_cover()
        # An extension that waits for the end of the cover goes along with it.
        warranties = self.warranty_ids.filtered(
            lambda w: (
                w._get_state(day) == "active" or (w.date_start and w.date_start > day and not w.ended_by)
            )
        )
        unit.warranty_ids._give_way(warranties)
        warranties._hand_over(unit, day)
        reason = self.env._("Replaced by %s.", unit.display_name)
        if self.state == "ended":
            self._close_cover(fields.Date.context_today(self), reason)
        else:
            self._end(reason, custody="returned")

    # === HOOKS === #

    def _after_birth(self):
        """Called once on the units just born from stock moves, in batch, warranties included."""

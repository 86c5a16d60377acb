from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools.serials import common_start, in_range, natural_key
from .after_sales_unit import escape_like

#: Rows made at once.
BATCH = 1000


class AfterSalesCampaign(models.Model):
    """Which units a campaign is about, and the rows it makes of them."""

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
            domain, ["serial", "partner_id", "commercial_partner_id"]
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

    def action_prepare(self):
        """Make the rows of units that have none yet; what is there stays as it is."""
        self.check_access("write")
        self._ensure_state("draft", "prepared", "running")
        self._ensure_criteria()
        for campaign in self:
            campaign._prepare_rows()
        self.filtered(lambda c: c.state == "draft").state = "prepared"
        self._trigger_sending()

    def action_draft(self):
        """Nothing was sent: throw the rows away to choose again."""
        self.check_access("write")
        self._ensure_state("prepared")
        self.unit_ids.unlink()
        self.owner_ids.unlink()
        self.state = "draft"

    def _prepare_rows(self):
        self.ensure_one()
        moved = self._get_moved_rows()
        units = self._get_units(Domain("campaign_unit_ids", "not any", [("campaign_id", "=", self.id)]))
        owners = self._prepare_owners(units | moved.unit_id)
        rows = moved
        for row in moved:
            vals = self._prepare_unit_vals(row.unit_id, owners)
            if vals:
                row.write({**vals, "answer": False, "passed_on_to": False})
        for batch in split_every(BATCH, units.ids, self.env["after.sales.unit"].browse):
            vals_list = [self._prepare_unit_vals(unit, owners) for unit in batch]
            rows |= rows.create([vals for vals in vals_list if vals])
        self._after_prepare(rows)
        return rows

    def _get_moved_rows(self):
        """Open rows whose unit has another owner by now: he must be told."""
        rows = self.env["after.sales.campaign.unit"].search_fetch(
            [("campaign_id", "=", self.id), ("state", "in", ("todo", "in_progress"))], ["unit_id", "owner_id"]
        )
        return rows.filtered(
            lambda row: (
                row.unit_id.commercial_partner_id
                and row.unit_id.commercial_partner_id != row.owner_id.partner_id
            )
        )

    def _prepare_owners(self, units):
        """{commercial partner: its row}, made where it is missing; who opted out has a row too."""
        owner_model = self.env["after.sales.campaign.owner"]
        owners = {owner.partner_id: owner for owner in self.owner_ids}
        contacts = {}
        for unit in units.filtered("partner_id"):
            contacts.setdefault(unit.commercial_partner_id, unit.partner_id)
        vals_list = [
            self._prepare_owner_vals(partner, contact)
            for partner, contact in contacts.items()
            if partner not in owners
        ]
        silent = owner_model.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        for batch in split_every(BATCH, vals_list, list):
            for owner in silent.create(batch).with_env(self.env):
                owners[owner.partner_id] = owner
        owner_model.union(*owners.values())._sort_out_opted()
        return owners

    def _prepare_owner_vals(self, partner, contact):
        """``contact`` is the one on the unit, used when the company itself has no address."""
        contact = partner if partner.email or not contact.email else contact
        lang = self.env["res.lang"]._get_code(contact.lang or partner.lang or "")
        return {
            "campaign_id": self.id,
            "partner_id": partner.id,
            "contact_id": contact.id,
            "lang": lang or self.company_id.partner_id.lang or self.env.lang,
        }

    def _prepare_unit_vals(self, unit, owners):
        """Values of the row of a unit; none when its owner wants no such message."""
        owner = owners.get(unit.commercial_partner_id)
        if owner and owner.state == "left_out":
            return None
        return {
            "campaign_id": self.id,
            "unit_id": unit.id,
            "partner_id": unit.partner_id.id,
            "owner_id": owner.id if owner else False,
        }

    def _after_prepare(self, rows):
        """An owner who was told already is told again when more of his units are concerned."""
        owners = rows.owner_id.filtered(lambda o: o.state not in ("to_notify", "left_out"))
        owners.write({"state": "to_notify", "next_reminder": False, "reminder_count": 0})

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import create_index

from ..tools import serial_keys

#: What is computed of a unit before it is made and does not depend on its number, and what that depends on.
ALIKE = (
    "product_tmpl_id",
    "categ_id",
    "uom_id",
    "commercial_partner_id",
    "has_serial",
    "digital_months",
    "digital_until",
)
ALIKE_BY = ("product_id", "partner_id", "company_id", "delivery_date", "digital_months", "uom_id")


class AfterSalesUnit(models.Model):
    """How a unit is found by its serial number, however it is written and whatever it was before."""

    _inherit = "after.sales.unit"

    serial_key = fields.Char(
        compute="_compute_serial_key",
        store=True,
        precompute=True,
        index=True,
        help="The serial number without case, dashes and characters that look alike.",
    )
    former_ids = fields.One2many("after.sales.unit.former", "unit_id", "Former Serial Numbers")

    @api.depends("serial")
    def _compute_serial_key(self):
        for unit in self:
            unit.serial_key = serial_keys.key(unit.serial) or False

    @api.model
    def _add_precomputed_values(self, vals_list):
        """Of serials of one product, owner and day all is the same but the number: the first is computed."""
        groups = {}
        for vals in vals_list:
            key = tuple(vals.get(name) for name in ALIKE_BY) if vals.get("serial") else id(vals)
            groups.setdefault(key, []).append(vals)
        super()._add_precomputed_values([first for first, *__ in groups.values()])
        for first, *others in groups.values():
            for vals in others:
                for name in ALIKE:
                    vals.setdefault(name, first[name])
                vals.setdefault("name", vals["serial"])
                vals["serial_key"] = serial_keys.key(vals["serial"]) or False
        return super()._add_precomputed_values(vals_list)

    def init(self):
        res = super().init()
        # Beside the plain index of exact keys, one for parts of keys and typing errors.
        if self.env.registry.has_trigram:
            create_index(
                self.env.cr,
                "after_sales_unit_serial_key_trigram",
                self._table,
                ["serial_key gin_trgm_ops"],
                method="gin",
            )
        return res

    def write(self, vals):
        known = {unit: unit.serial for unit in self} if {"serial", "lot_id"} & vals.keys() else {}
        res = super().write(vals)
        for unit, serial in known.items():
            if serial and serial != unit.serial and unit.name == serial:
                unit.name = unit.serial
        # Written by the correction itself: whoever may correct a serial need not keep its history.
        self.env["after.sales.unit.former"].sudo().create(
            [
                {"unit_id": unit.id, "serial": serial}
                for unit, serial in known.items()
                if serial and serial != unit.serial
            ]
        )
        return res

    # === LOOK-UP === #

    @api.model
    def _find_in_text(self, text, partner, company):
        """The unit in service, of the partner's company, whose serial is a word of the text; empty when it is not
        exactly one. One statement by the index of keys, however long the text."""
        words = serial_keys.words(text)
        if not words or not partner:
            return self.browse()
        units = self.search_fetch(
            Domain("serial_key", "in", [serial_keys.key(word) for word in words])
            & Domain("commercial_partner_id", "=", partner.commercial_partner_id.id)
            & Domain("company_id", "=", company.id)
            & Domain("state", "!=", "ended"),
            ["serial"],
        )
        units = units.filtered(lambda unit: serial_keys.compact(unit.serial) in words)
        return units if len(units) == 1 else self.browse()

    @api.model
    def _get_by_serial(self, serial, company):
        """The unit in service with this serial, else the latest one that had it, else an empty set.

        Case, spaces and dashes do not matter; characters that look alike do. A serial that was corrected
        finds its unit too.
        """
        text = (serial or "").strip()
        if not text:
            return self.browse()
        domain = Domain("serial_key", "=", serial_keys.key(text)) & Domain("company_id", "=", company.id)
        same = serial_keys.compact(text)
        # What is compared comes with the search: a second statement would read the whole unit.
        units = self.search_fetch(domain, ["serial", "state"], order="id desc")
        units = units.filtered(lambda u: serial_keys.compact(u.serial) == same)
        units = units.filtered(lambda u: u.serial == text) or units
        if not units:
            # What a unit was called before is no secret to whoever may see the unit.
            former_sudo = self.env["after.sales.unit.former"].sudo().search(domain)
            former_sudo = former_sudo.filtered(lambda f: serial_keys.compact(f.serial) == same)
            units = self.search([("id", "in", former_sudo.unit_id.ids)], order="id desc")
        return (units.filtered(lambda u: u.state != "ended") or units)[:1]

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """The units of the customer in the context come first, those of others after."""
        partner_id = self.env.context.get("after_sales_partner_id") or self.env.context.get(
            "default_partner_id"
        )
        if not partner_id:
            return super().name_search(name, domain, operator, limit)
        domain = Domain(domain or Domain.TRUE)
        # Only who belongs together is read of the customer.
        customer_sudo = self.env["res.partner"].sudo().browse(partner_id).commercial_partner_id
        own = Domain("commercial_partner_id", "=", customer_sudo.id)
        found = super().name_search(name, domain & own, operator, limit)
        if limit and len(found) >= limit:
            return found
        rest = Domain("commercial_partner_id", "!=", customer_sudo.id)
        return found + super().name_search(name, domain & rest, operator, limit and limit - len(found))

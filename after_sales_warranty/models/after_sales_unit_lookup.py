from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import serial_keys
from ..tools.serial_keys import escape_like

#: Below this likeness a serial is another one, not a typing error.
ALIKE = 0.75
#: Shorter texts say too little to look for them inside serials.
SHORTEST_PART = 4


class AfterSalesUnit(models.Model):
    """One input that finds a unit by whatever the person on the phone has at hand."""

    _inherit = "after.sales.unit"

    lookup = fields.Char("Serial, Customer or Document", store=False, search="_search_lookup")

    @api.model
    def _get_lookups(self):
        """Names of the ways to find a unit, the surest first; the first that finds something is the answer."""
        return ["serial", "lookalike", "former", "document", "part", "customer", "similar", "product"]

    @api.model
    def _look_up(self, text, limit=80):
        """Find the units a person means: (way it was found, units). The way is empty when there is none."""
        text = (text or "").strip()
        if text:
            for way in self._get_lookups():
                units = getattr(self, f"_look_up_{way}")(text, limit)
                if units:
                    return way, units
        return "", self.browse()

    @api.model
    def _search_lookup(self, operator, value):
        if operator not in ("ilike", "=", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else [text for text in value if text]
        units = self.browse().union(*(self._look_up(text, limit=None)[1] for text in texts))
        return Domain("id", "in", units.ids)

    # === WAYS === #

    @api.model
    def _look_up_serial(self, text, limit):
        same = serial_keys.compact(text)
        return self._look_up_lookalike(text, limit).filtered(lambda u: serial_keys.compact(u.serial) == same)

    @api.model
    def _look_up_lookalike(self, text, limit):
        """Letter O for zero, I for one, Cyrillic for Latin: the key is the same."""
        return self.search([("serial_key", "=", serial_keys.key(text))], limit=limit)

    @api.model
    def _look_up_former(self, text, limit):
        # What a unit was called before is no secret to whoever may see the unit.
        former_sudo = self.env["after.sales.unit.former"].sudo()
        former_sudo = former_sudo.search([("serial_key", "=", serial_keys.key(text))], limit=limit)
        return self.search([("id", "in", former_sudo.unit_id.ids)])

    @api.model
    def _look_up_document(self, text, limit):
        """By the number of its order, delivery or invoice. Who sees the unit need not see the document."""
        name = Domain("name", "=ilike", escape_like(text))
        invoice = Domain("invoice_lines", "any!", Domain("move_id", "any!", name))
        domain = (
            Domain("sale_order_id", "any!", name)
            | Domain("picking_id", "any!", name)
            | Domain("sale_line_id", "any!", invoice)
        )
        return self.search(domain, limit=limit)

    @api.model
    def _look_up_part(self, text, limit):
        part = serial_keys.key(text)
        if len(part) < SHORTEST_PART:
            return self.browse()
        return self.search([("serial_key", "like", escape_like(part))], limit=limit)

    @api.model
    def _look_up_customer(self, text, limit):
        return self.search([("partner_id", "ilike", escape_like(text))], limit=limit)

    @api.model
    def _look_up_product(self, text, limit):
        return self.search([("product_id", "ilike", escape_like(text))], limit=limit)

    @api.model
    def _look_up_similar(self, text, limit):
        """Serials with a typing error, the most alike first."""
        key = serial_keys.key(text)
        if len(key) < SHORTEST_PART or not any(c.isdigit() for c in key):
            return self.browse()
        units = self._get_similar_keys(key) if self.env.registry.has_trigram else self._get_half_keys(key)
        units = units.filtered(lambda u: serial_keys.likeness(text, u.serial) >= ALIKE)
        return units.sorted(lambda u: (-serial_keys.likeness(text, u.serial), -u.id))[:10]

    @api.model
    def _get_similar_keys(self, key):
        query = self._search(Domain.TRUE)
        column = SQL.identifier(self._table, "serial_key")
        # The operator uses the index, at the threshold of the server; the rest is sorted out afterwards.
        query.add_where(SQL("%s %% %s", column, key))
        query.order = SQL("similarity(%s, %s) DESC", column, key)
        query.limit = 50
        return self.browse(query)

    @api.model
    def _get_half_keys(self, key):
        """Without the extension: of one error in a serial, one half is free."""
        first, second = (escape_like(half) for half in serial_keys.halves(key))
        domain = Domain("serial_key", "=like", f"{first}%") | Domain("serial_key", "=like", f"%{second}")
        return self.search(domain, limit=1000)

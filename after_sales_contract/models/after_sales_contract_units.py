from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain


class AfterSalesContract(models.Model):
    """The units that a contract covers because it was sold with them: those delivered before it, and those to come."""

    _inherit = "after.sales.contract"

    @api.model
    def _get_for_orders(self, orders):
        """Contracts that still take in what these orders deliver."""
        if not orders:
            return self.browse()
        sold = Domain("sale_order_id", "in", orders.ids)
        sold |= Domain("source_ids.sale_line_id.order_id", "in", orders.ids)
        alive = Domain("state", "not in", ["ended", "cancelled"])
        return self.search(sold & alive & Domain("cover_order_units", "=", True))

    def _takes_in(self, unit):
        """Whether a unit is one of those that the contract was sold for: of its goods, else of its whole order."""
        self.ensure_one()
        if self._get_source_of(unit):
            return True
        goods = self.source_ids.filtered(
            lambda source: source.product_id.type != "service" and not source.is_addition
        )
        return not goods and bool(self.sale_order_id) and unit.sale_order_id == self.sale_order_id

    def _cover_units(self, units):
        """Cover units of each contract's goods or order, once; components are covered with what they are part of."""
        known = {(cover.contract_id, cover.unit_id) for cover in self.cover_ids}
        vals_list = [
            {
                "contract_id": contract.id,
                "unit_id": unit.id,
                "source_id": contract._get_source_of(unit).id,
            }
            for contract in self
            for unit in units
            if unit.company_id == contract.company_id
            and not unit.parent_id
            and (contract, unit) not in known
            and contract._takes_in(unit)
        ]
        covers = self.env["after.sales.contract.cover"].create(vals_list)
        covers.contract_id._after_covered(covers)
        return covers

    def _cover_delivered(self):
        """Cover what the order of a contract has delivered already; what is to come is covered when it is born."""
        self.ensure_one()
        if self.cover_order_units and self.sale_order_id:
            # sudo: whoever sells or ships need not see installed units
            units_sudo = self.env["after.sales.unit"].sudo()
            owned = units_sudo.search(
                [
                    ("sale_order_id", "=", self.sale_order_id.id),
                    ("commercial_partner_id", "=", self.commercial_partner_id.id),
                    ("state", "!=", "ended"),
                ]
            )
            self._cover_units(owned)

    def _cover_sources(self, sources):
        """Cover the goods of new sources: their units as far as they exist, else the product and its quantity.

        What an order will deliver as units is covered when they are born.
        """
        for contract in self:
            mine = sources.filtered(
                lambda s, c=contract: s.contract_id == c and s.product_id.type != "service"
            )
            units = mine._get_units() if mine else mine.env["after.sales.unit"]
            contract._cover_units(units.filtered(lambda unit: unit.state != "ended"))
            plain = mine.filtered(
                lambda s: not s._get_units() and not (s.sale_line_id and s.product_id.after_sales_tracked)
            )
            contract._cover_plain({source: source.quantity for source in plain})

    def _report_uncovered(self, units, error):
        """Units were delivered that the contract could not take in: tell the responsible person why."""
        for contract in self:
            contract.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=contract.user_id.id or self.env.uid,
                summary=contract._in_words_of_responsible().env._("Delivered units are not covered"),
                note=Markup("%s<br/>%s") % (", ".join(units.mapped("display_name")), str(error)),
            )

    def _after_covered(self, covers):
        """What follows from new covers: a start that waited for them, prices by unit."""
        for contract, new_covers in covers.grouped("contract_id").items():
            if contract.state in ("draft", "proposed") and not contract.date_start:
                contract.date_start = contract._get_start_of(new_covers)
        self._start_sold()
        by_unit = self.filtered(
            lambda c: c.state in ("running", "notice") and "per_unit" in c.line_ids.mapped("pricing")
        )
        by_unit._sync_plan()

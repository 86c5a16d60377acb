from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class AfterSalesUnit(models.Model):
    """What more warranty can be sold for a unit, and the quotation for it."""

    _inherit = "after.sales.unit"

    def _get_next_cover_start(self, today):
        """First day of a warranty that follows the cover of the unit: never in the past."""
        self.ensure_one()
        return max(self.warranty_end + timedelta(days=1), today) if self.warranty_end else today

    def _waits_for_cover(self):
        """Whether the unit has a warranty of its own whose first day is not known yet, and no other."""
        self.ensure_one()
        return not self.warranty_end and any(
            not w.date_start and not w.ended_by for w in self._get_whole_warranties()
        )

    def _get_first(self):
        """The unit that was sold, of which this one may be the replacement."""
        first = self.browse()
        for unit in self:
            while unit.replaces_id:
                unit = unit.replaces_id  # noqa: PLW2901 - walks back to the first
            first |= unit
        return first

    # === TAKEN BACK === #

    def _end(self, reason, custody=None):
        res = super()._end(reason, custody=custody)
        if custody == "returned":
            self.filtered(lambda unit: not unit.replaced_by_id)._take_back_extensions(reason)
        return res

    def _take_back_extensions(self, reason):
        """What was sold for a unit that came back for good ends with it, begun or not."""
        # Who takes the goods back, or refunds a claim, has no right on warranties or orders and needs none.
        sold_sudo = self.sudo().warranty_ids.filtered(lambda w: w.sale_line_id and not w.withdrawn_on)
        sold_sudo._take_back(reason)
        sold_sudo.sale_order_id._settle_after_sales_extensions(reason)

    # === WHAT FITS === #

    def _get_extension_products(self):
        """Products that extend each unit today: not those it has, nothing once the cover is over.

        :return: dict of unit to product.product, in the order of their catalogue
        """
        # A technician or the owner on the portal sees what is sold for the unit without reading the catalogue.
        templates_sudo = (
            self.env["product.template"]
            .sudo()
            .search([("after_sales_extension_term_id.active", "=", True), ("sale_ok", "=", True)])
        )
        today = fields.Date.context_today(self)
        fitting = {}
        for unit in self:
            given = unit.sudo().warranty_ids.filtered(lambda w: not w.withdrawn_on).term_id
            alive = unit.state == "in_service" and (
                unit._waits_for_cover() or (unit.warranty_end and unit.warranty_end >= today)
            )
            fitting[unit] = templates_sudo.filtered(
                lambda t, unit=unit, given=given, alive=alive: (
                    alive
                    and t.company_id.id in (False, unit.company_id.id)
                    and t.after_sales_extension_term_id not in given
                    and t.after_sales_extension_term_id._suits(unit, today)
                )
            ).product_variant_id
        return fitting

    # === QUOTATION === #

    def _prepare_extension_order_vals(self, products, partner):
        """Values of the quotation. The first product is proposed, the others are there to choose from."""
        self.ensure_one()
        lines = [
            {
                "product_id": product.id,
                "after_sales_unit_ids": [Command.link(self.id)],
                "product_uom_qty": self.quantity if product == products[:1] else 0.0,
            }
            for product in products
        ]
        vals = {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "order_line": [Command.create(vals) for vals in lines],
        }
        salesperson = self._get_salesperson(partner)
        return {**vals, "user_id": salesperson.id} if salesperson else vals

    def _get_salesperson(self, partner):
        """Who looks after the customer, else who sold him the unit; empty when nobody does."""
        self.ensure_one()
        # Who may see the unit need not read its order.
        return (
            partner.user_id or partner.commercial_partner_id.user_id or self.sudo().sale_order_id.user_id
        ).filtered("active")

    def _make_extension_quotation(self, products, partner):
        """The open quotation that extends this unit with the first of ``products``, else a new one.

        Two clicks at once make one quotation: the second waits for the row and is tried again.

        :return: sale.order in sudo
        """
        self.ensure_one()
        self.env.cr.execute(SQL("UPDATE after_sales_unit SET write_uid = write_uid WHERE id = %s", self.id))
        # Who may see the unit may ask for an offer; orders are the business of sales.
        order_sudo = self.env["sale.order"].sudo().with_company(self.company_id)
        line_sudo = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("after_sales_unit_ids", "in", self.ids),
                    ("product_id", "=", products[:1].id),
                    ("product_uom_qty", ">", 0),
                    ("state", "in", ("draft", "sent")),
                    ("order_id.partner_id", "child_of", partner.commercial_partner_id.id),
                ],
                limit=1,
            )
        )
        if line_sudo and not line_sudo.order_id.is_expired:
            return line_sudo.order_id
        order_sudo = order_sudo.create(self._prepare_extension_order_vals(products, partner))
        for line in order_sudo.order_line:
            line.name = f"{line.name}\n{self.display_name}"
        self.sudo().message_post(body=self.env._("Extension offered with quotation %s.", order_sudo.name))
        return order_sudo

    def action_offer_extension(self):
        """Make the quotation of the owner, or open the one that waits for his answer."""
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise UserError(self.env._("Record the owner of %s first.", self.display_name))
        products = self._get_extension_products()[self]
        if not products:
            raise UserError(
                self.env._(
                    "No extension is sold for %s: its cover is over, it has them all, or no service sells "
                    "an extension for this product.",
                    self.display_name,
                )
            )
        order = self._make_extension_quotation(products, self.partner_id).with_env(self.env)
        if order.has_access("read"):
            return self._get_record_action_for(order)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Quotation %s was made; sales sends it.", order.sudo().name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === DECLINED === #

    def _has_declined_extension(self):
        """Whether the present owner said that he wants no extension for this unit."""
        self.ensure_one()
        return bool(self._get_declined())

    def _get_declined(self):
        """Those of the units whose present owner declined an extension."""
        # The owner on the portal may not read waivers but is not asked again.
        waivers_sudo = (
            self.env["after.sales.waiver"]
            .sudo()
            .search([("unit_id", "in", self.ids), ("kind", "=", "offer")])
        )
        return waivers_sudo.filtered(
            lambda w: w.partner_id.commercial_partner_id == w.unit_id.commercial_partner_id
        ).unit_id

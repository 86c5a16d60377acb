from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesUnit(models.Model):
    """What the owner sees and orders on the page of his unit."""

    _inherit = "after.sales.unit"

    def _get_portal_extensions(self, partner):
        """What the owner sees on his page: each extension with the price he would pay, taxes included.

        The price is that of a real quotation, so both are always the same.
        """
        self.ensure_one()
        if self.commercial_partner_id != partner.commercial_partner_id or self._has_declined_extension():
            return []
        offers = []
        for product in self._get_extension_products()[self]:
            order = (
                self.env["sale.order"]
                .sudo()
                .with_company(self.company_id)
                .new(self._prepare_extension_order_vals(product, partner))
            )
            term = product.sudo().after_sales_extension_term_id
            offers.append(
                {
                    "product": product,
                    "term": term,
                    "price": order.amount_total,
                    "currency": order.currency_id,
                    "start": False
                    if self._waits_for_cover()
                    else self._get_next_cover_start(fields.Date.context_today(self)),
                }
            )
        return offers

    def _order_extension(self, product, partner):
        """The quotation a customer asked for on his page, ready for his signature or payment.

        :raise UserError: when the product does not extend the unit today
        """
        self.ensure_one()
        if product not in self._get_extension_products()[self]:
            raise UserError(self.env._("This extension is no longer offered for %s.", self.display_name))
        order_sudo = self._make_extension_quotation(product, partner)
        if order_sudo.state == "draft":
            order_sudo.action_quotation_sent()
        return order_sudo

    def _decline_extension(self, partner):
        """The owner read what it means on his page and wants no extension; he is not asked again."""
        self.ensure_one()
        if self._has_declined_extension():
            return
        waiver_model = self.env["after.sales.waiver"]
        waiver_model.create(
            {
                "kind": "offer",
                "unit_id": self.id,
                "partner_id": self.partner_id.id,
                "declared_by": partner.name,
                "text": waiver_model.with_context(lang=partner.lang or self.env.lang)._get_default_text(
                    "offer"
                ),
            }
        )._apply()

from odoo import models
from odoo.exceptions import UserError


class AfterSalesCardSource(models.AbstractModel):
    """A document that handed units over: all their warranty cards in one print."""

    _name = "after.sales.card.source"
    _description = "Source of Warranty Cards"

    def _get_after_sales_unit_domain(self):
        """The units that these documents handed over."""
        raise NotImplementedError

    def _get_after_sales_units_sudo(self):
        """Units of the documents. Who may read a delivery or an order may have the cards of its goods."""
        self.check_access("read")
        return self.env["after.sales.unit"].sudo().search(self._get_after_sales_unit_domain(), order="id")

    def _get_after_sales_cards(self):
        """The warranties to print, unit by unit; those that were lost or waived have no card any more."""
        return (
            self._get_after_sales_units_sudo()
            .warranty_ids.filtered(lambda w: w.state != "void")
            .sorted(lambda w: (w.unit_id.id, w.id))
        )

    def _get_after_sales_card_partner(self):
        """Who gets the cards: the owner of the units."""
        self.ensure_one()
        return self._get_after_sales_units_sudo().partner_id[:1]

    def _get_after_sales_policy_url(self):
        """The policy under which the goods were sold, or False."""
        self.ensure_one()
        unit_sudo = self._get_after_sales_units_sudo()[:1]
        return unit_sudo and unit_sudo._get_policy_url()

    def action_print_warranty_cards(self):
        """All cards as one PDF. Raises UserError when there are none."""
        if not self._get_after_sales_cards():
            raise UserError(
                self.env._("There is no warranty card yet: cards are made when goods are delivered.")
            )
        report = self.env.ref(f"after_sales_warranty.action_report_cards_{self._table}")
        return report.report_action(self)

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class WarrantyCardsPortal(CustomerPortal):
    """All warranty cards of a unit, for its owner."""

    @http.route("/my/units/<int:unit_id>/cards", type="http", auth="public", website=True)
    def portal_warranty_cards(self, unit_id, access_token=None, **params):
        try:
            unit_sudo = self._document_check_access("after.sales.unit", unit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not unit_sudo._get_after_sales_cards():
            return request.redirect(unit_sudo.get_portal_url())
        return self._show_report(
            unit_sudo, "pdf", "after_sales_warranty.action_report_cards_after_sales_unit", download=True
        )

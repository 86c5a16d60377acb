from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .unit_service import UnitService


class ExtensionPortal(UnitService):
    """The customer orders an extension for his own unit, or says that he wants none."""

    @http.route(
        "/my/units/<int:unit_id>/extension/<int:product_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_order_extension(self, unit_id, product_id, **params):
        unit_sudo = self._get_own_unit(unit_id)
        if not unit_sudo:
            raise request.not_found()
        # What fits the unit decides which product ids are good, not the catalogue.
        product_sudo = request.env["product.product"].sudo().browse(product_id).exists()
        try:
            # The customer orders, not the robot whose rights show him the page.
            unit_sudo = unit_sudo.with_user(request.env.user).sudo()
            order_sudo = unit_sudo._order_extension(product_sudo, request.env.user.partner_id)
        except UserError:
            return request.redirect(f"/my/units/{unit_id}?extension=gone")
        return request.redirect(order_sudo.get_portal_url())

    @http.route(
        "/my/units/<int:unit_id>/extension/decline",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_decline_extension(self, unit_id, **params):
        unit_sudo = self._get_own_unit(unit_id)
        if not unit_sudo:
            raise request.not_found()
        unit_sudo._decline_extension(request.env.user.partner_id)
        return request.redirect(f"/my/units/{unit_id}?extension=declined")

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class UnitPortal(CustomerPortal):
    """The customer's own products and their cover."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "after_sales_unit_count" in counters:
            units = request.env["after.sales.unit"]
            readable = units.has_access("read")
            values["after_sales_unit_count"] = units.search_count(self._get_unit_domain()) if readable else 0
        return values

    def _get_unit_domain(self):
        commercial = request.env.user.partner_id.commercial_partner_id
        return [("commercial_partner_id", "=", commercial.id), ("state", "!=", "ended")]

    @http.route(["/my/units", "/my/units/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_units(self, page=1, **params):
        units, domain = request.env["after.sales.unit"], self._get_unit_domain()
        pager = portal_pager(
            url="/my/units", total=units.search_count(domain), page=page, step=self._items_per_page
        )
        values = {
            **self._prepare_portal_layout_values(),
            "units": units.search(
                domain,
                order="delivery_date desc, id desc",
                limit=self._items_per_page,
                offset=pager["offset"],
            ),
            "page_name": "after_sales_unit",
            "default_url": "/my/units",
            "pager": pager,
        }
        return request.render("after_sales_warranty.portal_my_units", values)

    @http.route("/my/units/<int:unit_id>", type="http", auth="public", website=True)
    def portal_my_unit(self, unit_id, access_token=None, **params):
        try:
            unit_sudo = self._document_check_access("after.sales.unit", unit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = self._get_page_view_values(
            unit_sudo,
            access_token,
            {"unit": unit_sudo, "page_name": "after_sales_unit"},
            "my_units_history",
            False,
        )
        return request.render("after_sales_warranty.portal_my_unit", values)

    @http.route("/my/units/<int:unit_id>/card/<int:warranty_id>", type="http", auth="public", website=True)
    def portal_warranty_card(self, unit_id, warranty_id, access_token=None, **params):
        try:
            unit_sudo = self._document_check_access("after.sales.unit", unit_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        warranty_sudo = unit_sudo.warranty_ids.filtered(lambda w: w.id == warranty_id)
        if not warranty_sudo:
            return request.redirect(unit_sudo.get_portal_url())
        return self._show_report(
            warranty_sudo, "pdf", "after_sales_warranty.action_report_warranty_card", download=True
        )

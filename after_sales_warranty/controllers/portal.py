from odoo import fields, http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .document import AfterSalesDocumentPage


class UnitPortal(AfterSalesDocumentPage):
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

    def _get_unit_filters(self):
        covered = Domain("warranty_end", ">=", fields.Date.context_today(request.env.user))
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "covered": {"label": request.env._("Under warranty"), "domain": covered},
            "uncovered": {"label": request.env._("Out of warranty"), "domain": ~covered},
        }

    def _get_unit_sortings(self):
        return {
            "date": {"label": request.env._("Delivered on"), "order": "delivery_date desc, id desc"},
            "cover": {"label": request.env._("Covered until"), "order": "warranty_end desc, id desc"},
            "serial": {"label": request.env._("Serial number"), "order": "serial, id"},
        }

    @http.route(["/my/units", "/my/units/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_units(self, page=1, sortby=None, filterby=None, search=None, registered=None, **params):
        units, registrations = request.env["after.sales.unit"], request.env["after.sales.registration"]
        filters, sortings = self._get_unit_filters(), self._get_unit_sortings()
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "date"
        search = (search or "").replace("\x00", "").strip()[:64]
        domain = Domain(self._get_unit_domain()) & filters[filterby]["domain"]
        if search:
            # Names of products are on the page; customers have no access to the catalogue.
            named = Domain("product_id", "any!", [("name", "ilike", search)])
            domain &= Domain("serial", "ilike", search) | named
        pager = portal_pager(
            url="/my/units",
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
            total=units.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = units.search(
            domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=pager["offset"]
        )
        request.session["my_units_history"] = found.ids[:100]
        commercial = request.env.user.partner_id.commercial_partner_id
        shown = Domain("state", "in", ("received", "review")) | (
            Domain("state", "=", "refused") & Domain("date_decided", ">", "today -90d")
        )
        open_registrations = registrations.search(
            Domain("commercial_partner_id", "=", commercial.id) & shown, limit=20
        )
        values = {
            **self._prepare_portal_layout_values(),
            "units": found,
            "registrations": open_registrations,
            "registered": registered,
            "page_name": "after_sales_unit",
            "default_url": "/my/units",
            "pager": pager,
            "search": search,
            "search_in": "all",
            "searchbar_inputs": {
                "all": {"input": "all", "label": request.env._("Search product or serial number")}
            },
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
        }
        return request.render("after_sales_warranty.portal_my_units", values)

    @http.route("/my/units/<int:unit_id>", type="http", auth="public", website=True)
    def portal_my_unit(self, unit_id, access_token=None, **params):
        unit_sudo = self._get_after_sales_document("after.sales.unit", unit_id, access_token)
        if not unit_sudo:
            return request.redirect("/my")
        return self._render_unit(unit_sudo, access_token, registered=params.get("registered"))

    def _get_own_unit(self, unit_id):
        """The unit as superuser when it belongs to the customer who asks, else None."""
        unit_sudo = self._get_after_sales_document("after.sales.unit", unit_id)
        return unit_sudo if unit_sudo and self._is_owner(unit_sudo) else None

    def _is_owner(self, unit):
        commercial = request.env.user.partner_id.commercial_partner_id
        return bool(unit.partner_id) and unit.commercial_partner_id == commercial

    def _render_unit(self, unit_sudo, access_token=None, errors=None, post=None, registered=None, status=200):
        """The page of a unit. What the owner may do or alone may see is left out for whoever has a link."""
        owner = self._is_owner(unit_sudo)
        values = {
            "unit": unit_sudo,
            "page_name": "after_sales_unit",
            "is_owner": owner,
            "claims": unit_sudo.claim_ids.filtered(
                lambda c: owner and c.partner_id.commercial_partner_id == unit_sudo.commercial_partner_id
            ),
            "safety": unit_sudo.safety_contact_ids[:1] if owner else unit_sudo.safety_contact_ids.browse(),
            "rewards": unit_sudo.registration_ids.reward_ids.filtered(
                lambda r: owner and r.state == "granted" and r.registration_id.state == "confirmed"
            ),
            "errors": errors or {},
            "post": post or {},
            "registered": registered and owner,
            "requested": request.session.pop("after_sales_request", None) if owner else None,
        }
        values = self._get_after_sales_page_values(unit_sudo, access_token, values, "my_units_history")
        return request.render("after_sales_warranty.portal_my_unit", values, status=status)

    @http.route("/my/units/<int:unit_id>/card/<int:warranty_id>", type="http", auth="public", website=True)
    def portal_warranty_card(self, unit_id, warranty_id, access_token=None, **params):
        unit_sudo = self._get_after_sales_document("after.sales.unit", unit_id, access_token)
        if not unit_sudo:
            return request.redirect("/my")
        warranty_sudo = unit_sudo.warranty_ids.filtered(lambda w: w.id == warranty_id)
        if not warranty_sudo:
            return request.redirect(unit_sudo.get_portal_url())
        return self._show_report(
            warranty_sudo, "pdf", "after_sales_warranty.action_report_warranty_card", download=True
        )

    @http.route("/my/units/<int:unit_id>/cards", type="http", auth="public", website=True)
    def portal_warranty_cards(self, unit_id, access_token=None, **params):
        unit_sudo = self._get_after_sales_document("after.sales.unit", unit_id, access_token)
        if not unit_sudo:
            return request.redirect("/my")
        if not unit_sudo._get_after_sales_cards():
            return request.redirect(unit_sudo.get_portal_url())
        return self._show_report(
            unit_sudo, "pdf", "after_sales_warranty.action_report_cards_after_sales_unit", download=True
        )

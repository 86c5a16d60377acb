from odoo.http import request, route

from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage
from odoo.addons.portal.controllers.portal import pager


class AfterSalesPortal(AfterSalesDocumentPage):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "after_sales_ticket_count" in counters:
            Ticket = request.env["after.sales.ticket"]
            values["after_sales_ticket_count"] = (
                Ticket.search_count(Ticket._get_portal_domain()) if Ticket.has_access("read") else 0
            )
        return values

    @route(["/my/calls", "/my/calls/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_calls(self, page=1, sortby=None, filterby=None, **kw):
        Ticket = request.env["after.sales.ticket"]
        sortings, filters = Ticket._get_portal_sortings(), Ticket._get_portal_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = Ticket._get_portal_domain() + filters[filterby]["domain"]
        page_of_calls = pager(
            url="/my/calls",
            url_args={"sortby": sortby, "filterby": filterby},
            total=Ticket.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        tickets = Ticket.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=page_of_calls["offset"],
        )
        request.session["my_calls_history"] = tickets.ids[:100]
        values = self._prepare_portal_layout_values()
        values.update(
            tickets=tickets.sudo(),  # read by rule above; the page shows the unit and stage of each
            page_name="after_sales_ticket",
            pager=page_of_calls,
            default_url="/my/calls",
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
        )
        return request.render("after_sales_helpdesk.portal_my_calls", values)

    @route("/my/calls/<int:ticket_id>", type="http", auth="public", website=True)
    def portal_my_call(self, ticket_id, access_token=None, **kw):
        ticket_sudo = self._get_after_sales_document("after.sales.ticket", ticket_id, access_token)
        if not ticket_sudo:
            return request.redirect("/my")
        values = self._get_after_sales_page_values(
            ticket_sudo,
            access_token,
            {"ticket": ticket_sudo, "page_name": "after_sales_ticket"},
            "my_calls_history",
            **kw,
        )
        return request.render("after_sales_helpdesk.portal_my_call", values)

from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage
from odoo.addons.portal.controllers.portal import pager


class AfterSalesComplaintPortal(AfterSalesDocumentPage):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "after_sales_complaint_count" in counters:
            complaints = request.env["after.sales.complaint"]
            values["after_sales_complaint_count"] = (
                complaints.search_count(complaints._get_portal_domain())
                if complaints.has_access("read")
                else 0
            )
        return values

    @route(["/my/complaints", "/my/complaints/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_complaints(self, page=1, filterby=None, **kw):
        complaints = request.env["after.sales.complaint"]
        filters = complaints._get_portal_filters()
        filterby = filterby if filterby in filters else "all"
        domain = complaints._get_portal_domain() & filters[filterby]["domain"]
        page_values = pager(
            url="/my/complaints",
            url_args={"filterby": filterby},
            total=complaints.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = complaints.search(
            domain,
            order="date_received desc, id desc",
            limit=self._items_per_page,
            offset=page_values["offset"],
        )
        request.session["my_complaints_history"] = found.ids[:100]
        values = self._prepare_portal_layout_values()
        values.update(
            complaints=found,
            page_name="after_sales_complaint",
            pager=page_values,
            default_url="/my/complaints",
            searchbar_filters=filters,
            filterby=filterby,
        )
        return request.render("after_sales_complaint.portal_my_complaints", values)

    @route("/my/complaints/<int:complaint_id>", type="http", auth="public", website=True)
    def portal_my_complaint(self, complaint_id, access_token=None, error=None, **kw):
        complaint_sudo = self._get_after_sales_document("after.sales.complaint", complaint_id, access_token)
        if not complaint_sudo:
            return request.redirect("/my")
        values = self._get_after_sales_page_values(
            complaint_sudo,
            access_token,
            {
                "complaint": complaint_sudo,
                "page_name": "after_sales_complaint",
                "error_message": request.session.pop("after_sales_complaint_error", None),
            },
            "my_complaints_history",
            **kw,
        )
        return request.render("after_sales_complaint.portal_my_complaint", values)

    @route("/my/complaints/new", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_new_complaint(self, **post):
        complaints = request.env["after.sales.complaint"]
        values = self._prepare_portal_layout_values()
        values.update(page_name="after_sales_complaint", new_complaint=True, post=post)
        if request.httprequest.method == "POST":
            try:
                complaint_sudo = complaints._create_from_portal(post)
                return request.redirect(complaint_sudo.get_portal_url())
            except UserError as error:
                values["error_message"] = str(error)
        values.update(complaints._get_portal_choices())
        return request.render("after_sales_complaint.portal_new_complaint", values)

    @route(
        "/my/complaints/<int:complaint_id>/answer", type="http", auth="public", website=True, methods=["POST"]
    )
    def portal_answer_complaint(self, complaint_id, access_token=None, answer=None, reason=None, **kw):
        """The customer accepts the decision or contests it."""
        complaint_sudo = self._get_after_sales_document("after.sales.complaint", complaint_id, access_token)
        if not complaint_sudo:
            return request.redirect("/my")
        try:
            complaint_sudo._answer_from_portal(answer, reason)
        except UserError as error:
            request.session["after_sales_complaint_error"] = str(error)
        return request.redirect(complaint_sudo.get_portal_url())

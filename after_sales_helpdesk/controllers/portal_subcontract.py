from datetime import datetime

import pytz

from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route

from odoo.addons.after_sales_warranty.controllers import forms
from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage

TEXTS = ("work_done", "parts_used", "outcome_reason", "signed_by")
LONGEST_TEXT = 4000


class AfterSalesSubcontractPortal(AfterSalesDocumentPage):
    """A subcontractor's own orders: by his login, or by the link of the order."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "after_sales_subcontract_count" in counters:
            Order = request.env["after.sales.subcontract"]
            values["after_sales_subcontract_count"] = (
                Order.search_count(Order._get_portal_domain()) if Order.has_access("read") else 0
            )
        return values

    @route("/my/subcontracts", type="http", auth="user", website=True)
    def portal_my_subcontracts(self, **kw):
        Order = request.env["after.sales.subcontract"]
        orders = Order.search(Order._get_portal_domain(), limit=80) if Order.has_access("read") else Order
        values = self._prepare_portal_layout_values()
        values.update(
            orders=orders.sudo(), page_name="after_sales_subcontract", default_url="/my/subcontracts"
        )
        return request.render("after_sales_helpdesk.portal_my_subcontracts", values)

    def _get_own_order(self, order_id, access_token):
        """The order as superuser when it is the visitor's own and was sent, else None."""
        order_sudo = self._get_after_sales_document("after.sales.subcontract", order_id, access_token)
        return None if not order_sudo or order_sudo.state in ("draft", "cancelled") else order_sudo

    def _render_order(self, order_sudo, access_token, error=None, post=None, status=200):
        values = {
            "order": order_sudo,
            "visit": order_sudo.intervention_id,
            "error": error,
            "post": post or {},
            "zone": self._get_zone(order_sudo),
            "outcomes": order_sudo._fields["outcome"]._description_selection(request.env),
            "page_name": "after_sales_subcontract",
        }
        values = self._get_after_sales_page_values(order_sudo, access_token, values)
        return request.render("after_sales_helpdesk.portal_my_subcontract", values, status=status)

    def _get_zone(self, order_sudo):
        return (
            order_sudo.partner_id.tz or order_sudo.company_id.partner_id.tz or order_sudo.user_id.tz or "UTC"
        )

    @route("/my/subcontracts/<int:order_id>", type="http", auth="public", website=True)
    def portal_my_subcontract(self, order_id, access_token=None, **kw):
        order_sudo = self._get_own_order(order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        return self._render_order(order_sudo, access_token)

    @route(
        "/my/subcontracts/<int:order_id>/<string:answer>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        max_content_length=forms.MAX_BODY,
    )
    def portal_answer_subcontract(self, order_id, answer, access_token=None, **post):
        order_sudo = self._get_own_order(order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                self._answer_subcontract(order_sudo, answer, post)
        except (UserError, ValidationError) as error:
            return self._render_order(order_sudo, access_token, error=str(error), post=post, status=400)
        return request.redirect(order_sudo.get_portal_url(), code=303)

    def _answer_subcontract(self, order_sudo, answer, post):
        if answer == "accept":
            order_sudo._accept()
        elif answer == "decline":
            order_sudo._decline((post.get("reason") or "").strip()[:LONGEST_TEXT])
        elif answer == "report":
            uploads, message = forms.check_files()
            if message:
                raise UserError(message)
            order_sudo._report(self._parse_report(order_sudo, post), uploads)

    def _parse_report(self, order_sudo, post):
        values = {name: (post.get(name) or "").strip()[:LONGEST_TEXT] for name in TEXTS}
        outcomes = dict(order_sudo._fields["outcome"]._description_selection(request.env))
        values["outcome"] = post.get("outcome") if post.get("outcome") in outcomes else False
        zone = pytz.timezone(self._get_zone(order_sudo))
        for name in ("date_start", "date_end"):
            values[name] = self._parse_moment(post.get(name), zone)
        return values

    def _parse_moment(self, text, zone):
        """A moment of the form, in the subcontractor's zone, as UTC; False when it is none."""
        try:
            local = zone.localize(datetime.fromisoformat(text or ""))
        except ValueError:
            return False
        return local.astimezone(pytz.utc).replace(tzinfo=None, second=0, microsecond=0)

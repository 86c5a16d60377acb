from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.after_sales_warranty.controllers import forms

from ..models.after_sales_ticket_portal import MAX_UNITS
from .portal import AfterSalesPortal

CALLS_PER_HOUR = 20
NUMBERS = ("unit_id", "site_id", "service_id")


class AfterSalesCallForm(AfterSalesPortal):
    """The form by which a customer opens a call."""

    @route("/my/calls/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_new_call(self, unit_id=None, **kw):
        return self._render_call_form(post={"unit_id": unit_id})

    @route(
        "/my/calls/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=forms.MAX_BODY,
    )
    def portal_send_call(self, **post):
        files, message = forms.check_files()
        errors = {"files": message} if message else {}
        if not forms.may_send("call", CALLS_PER_HOUR):
            errors["form"] = request.env._("Too many requests were sent: please try again in an hour.")
        if not errors:
            texts = request.env["after.sales.registration"]._clean(post)
            values = {name: texts[name] for name in ("description", "serial", "phone")}
            for name in NUMBERS:
                number = str(post.get(name) or "")
                values[name] = int(number) if number.isdecimal() and len(number) < 10 else None
            try:
                with request.env.cr.savepoint():
                    ticket_sudo = request.env["after.sales.ticket"]._open_portal_call(
                        request.env.user.partner_id, request.env.company, values, files
                    )
                return request.redirect(ticket_sudo.get_portal_url(), code=303)
            except UserError as error:
                errors["form"] = str(error)
        return self._render_call_form(errors=errors, post=post, status=400)

    def _render_call_form(self, errors=None, post=None, status=200):
        Ticket, partner = request.env["after.sales.ticket"], request.env.user.partner_id
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="after_sales_ticket",
            errors=errors or {},
            post=post or {},
            # read by rule; the name of a unit is that of its product, which portal users do not read
            units=Ticket._get_portal_units(partner, limit=MAX_UNITS).sudo(),
            sites=Ticket._get_portal_sites(partner),
            services=Ticket._get_portal_services(request.env.company),
        )
        return request.render("after_sales_helpdesk.portal_new_call", values, status=status)

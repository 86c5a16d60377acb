from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from . import forms
from .portal import UnitPortal

REQUESTS_PER_HOUR = 20


class UnitService(UnitPortal):
    """What the owner may send from the page of his unit."""

    def _get_own_unit(self, unit_id):
        """The unit as superuser when it belongs to the customer who asks, else None."""
        try:
            unit_sudo = self._document_check_access("after.sales.unit", unit_id)
        except (AccessError, MissingError):
            return None
        return unit_sudo if self._is_owner(unit_sudo) else None

    @http.route(
        "/my/units/<int:unit_id>/request",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=forms.MAX_BODY,
    )
    def portal_unit_request(self, unit_id, **post):
        unit_sudo = self._get_own_unit(unit_id)
        if not unit_sudo:
            return request.redirect("/my")
        model = request.env["after.sales.registration"]
        texts = model._clean(post)
        errors = model._get_length_errors(texts)
        files, message = forms.check_files()
        if message:
            errors["files"] = message
        if not texts["description"]:
            errors["description"] = request.env._("Describe what is wrong, so that we come prepared.")
        if not forms.may_send("request", REQUESTS_PER_HOUR):
            errors["form"] = request.env._("Too many requests were sent: please try again in an hour.")
        if not errors:
            values = {
                "description": texts["description"],
                "contact_name": texts["contact_name"],
                "phone": texts["phone"],
                "partner_id": request.env.user.partner_id.id,
            }
            try:
                with request.env.cr.savepoint():
                    made_sudo = unit_sudo._open_request(values, files)
                request.session["after_sales_request"] = made_sudo.name
                return request.redirect(f"/my/units/{unit_id}#requests", code=303)
            except UserError as error:
                errors["form"] = str(error)
        return self._render_unit(unit_sudo, errors=errors, post=post, status=400)

    @http.route("/my/units/<int:unit_id>/safety", type="http", auth="user", website=True, methods=["POST"])
    def portal_unit_safety(self, unit_id, **post):
        unit_sudo = self._get_own_unit(unit_id)
        if not unit_sudo:
            return request.redirect("/my")
        model = request.env["after.sales.registration"]
        errors = model._get_length_errors(model._clean(post))
        if not errors:
            try:
                with request.env.cr.savepoint():
                    unit_sudo._set_safety_contact(model._parse_safety(post))
                return request.redirect(f"/my/units/{unit_id}#safety", code=303)
            except ValidationError as error:
                errors["safety_email"] = str(error)
        return self._render_unit(unit_sudo, errors=errors, post=post, status=400)

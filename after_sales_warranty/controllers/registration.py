from psycopg2 import errors as pg_errors

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from . import forms

#: Forms sent in one hour by one visitor, and by one customer who is logged in.
PUBLIC_PER_HOUR = 10
PORTAL_PER_HOUR = 30


class RegistrationPages(http.Controller):
    """Product registration: by a customer who is logged in, and by anybody."""

    @http.route(
        ["/after-sales/register", "/after-sales/register/<int:company_id>"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        max_content_length=forms.MAX_BODY,
    )
    def register_public(self, company_id=None, **post):
        company = self._get_company(company_id)
        if not request.env.user._is_public():
            return request.redirect(
                f"/my/units/register/{company.id}" if company_id else "/my/units/register"
            )
        if request.httprequest.method == "GET":
            return self._render(company, {"serial": post.get("serial", "")})
        own = f"/{company.id}" if company_id else ""
        thanks = request.redirect(f"/after-sales/register{own}/thanks", code=303)
        if post.get(forms.HONEYPOT):
            return thanks
        # The answer is the same whatever is known of the serial and the address: it goes by mail.
        answer, __ = self._submit(company, "public", post, PUBLIC_PER_HOUR)
        return answer or thanks

    @http.route(
        ["/after-sales/register/thanks", "/after-sales/register/<int:company_id>/thanks"],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def register_thanks(self, company_id=None, **params):
        values = {"company_id": company_id, "res_company": self._get_company(company_id).sudo()}
        return request.render("after_sales_warranty.registration_thanks", values)

    @http.route(
        ["/my/units/register", "/my/units/register/<int:company_id>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        max_content_length=forms.MAX_BODY,
    )
    def register_portal(self, company_id=None, **post):
        partner, company = request.env.user.partner_id, self._get_company(company_id)
        own = {"contact_name": partner.name, "email": partner.email, "phone": partner.phone}
        if request.httprequest.method == "GET":
            return self._render(company, {"serial": post.get("serial", ""), **own})
        answer, registration_sudo = self._submit(company, "portal", post, PORTAL_PER_HOUR)
        if answer:
            return answer
        if not registration_sudo:
            message = request.env._("You have registered this product already.")
            return self._render(company, post, {"serial": message})
        return self._answer(registration_sudo)

    @http.route(
        "/my/registrations/<int:registration_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
        max_content_length=forms.MAX_BODY,
    )
    def correct(self, registration_id, **post):
        """The customer corrects what he sent, as long as nobody has decided on it."""
        registration_sudo = self._get_own(registration_id)
        if not registration_sudo._is_open():
            return request.redirect("/my/units?registered=decided", code=303)
        company = registration_sudo.company_id
        if request.httprequest.method == "GET":
            return self._render(company, registration_sudo._get_form(), registration=registration_sudo)
        if not forms.may_send("register", PORTAL_PER_HOUR):
            return self._render(
                company, post, {"form": self._get_limit_text()}, status=429, registration=registration_sudo
            )
        vals, files, errors, products_sudo = self._read(registration_sudo.browse(), company, post)
        if not errors and not registration_sudo._correct(vals, files):
            errors["serial"] = request.env._("You have registered this product already.")
        if errors:
            return self._render(company, post, errors, products_sudo, 400, registration_sudo)
        return self._answer(registration_sudo)

    @http.route(
        "/my/registrations/<int:registration_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def withdraw(self, registration_id, **post):
        registration_sudo = self._get_own(registration_id)
        answer = "withdrawn" if registration_sudo._is_open() else "decided"
        registration_sudo._withdraw()
        return request.redirect(f"/my/units?registered={answer}", code=303)

    def _get_own(self, registration_id):
        """The customer's own registration as superuser."""
        partner = request.env.user.partner_id.commercial_partner_id
        registration_sudo = request.env["after.sales.registration"].sudo().browse(registration_id).exists()
        if not registration_sudo or registration_sudo.commercial_partner_id != partner:
            raise request.not_found()
        return registration_sudo

    def _answer(self, registration_sudo):
        """Where a customer who is logged in goes on after he registered or corrected."""
        if registration_sudo.state == "confirmed":
            return request.redirect(f"/my/units/{registration_sudo.unit_id.id}?registered=1", code=303)
        answer = "contact" if registration_sudo._is_for_people() else "1"
        return request.redirect(f"/my/units?registered={answer}", code=303)

    def _get_company(self, company_id=None):
        """The company that gave the product, which need not be the one that visitors see first."""
        if not company_id:
            return request.env.company
        # Visitors read no companies; what they send goes to one that exists.
        company_sudo = request.env["res.company"].sudo().browse(company_id).exists()
        if not company_sudo:
            raise request.not_found()
        return company_sudo

    def _submit(self, company, channel, post, per_hour):
        """``(page, registration)``: the page to show when the form is not accepted, else what was made."""
        # Visitors and customers have no rights on registrations: only parsed and checked values go in.
        model_sudo = request.env["after.sales.registration"].sudo().with_company(company)
        nothing = model_sudo.browse()
        if not forms.may_send("register", per_hour):
            return self._render(company, post, {"form": self._get_limit_text()}, status=429), nothing
        vals, files, errors, products_sudo = self._read(model_sudo, company, post)
        consents_sudo = self._get_consents(company)
        given_sudo = consents_sudo.filtered(lambda c: post.get(f"consent_{c.id}"))
        for consent in consents_sudo.filtered("is_required") - given_sudo:
            errors[f"consent_{consent.id}"] = request.env._("Please tick this to go on.")
        if errors:
            return self._render(company, post, errors, products_sudo, status=400), nothing
        vals.update(
            company_id=company.id,
            channel=channel,
            lang=request.env.lang,
            partner_id=request.env.user.partner_id.id if channel == "portal" else False,
        )
        try:
            with request.env.cr.savepoint():
                safety = model_sudo._parse_safety(post)
                return None, model_sudo._take_in(vals, files, given_sudo, safety)
        except pg_errors.UniqueViolation:
            # Sent twice at the same moment: the first one stands.
            return None, nothing
        except UserError as error:
            return self._render(company, post, {"form": str(error)}, products_sudo, status=400), nothing

    def _read(self, model_sudo, company, post):
        """``(values, files, errors, products)``: the form, its checked files, and the products of the serial."""
        vals, errors = model_sudo._parse_form(post)
        files, message = forms.check_files()
        if message:
            errors["files"] = message
        products_sudo = model_sudo._get_products(vals["serial"], company)
        chosen_sudo = products_sudo.filtered(lambda p: str(p.id) == post.get("product_id"))
        if len(products_sudo) > 1 and not chosen_sudo:
            errors["product_id"] = request.env._("Several products have this serial number: choose yours.")
        return {**vals, "product_id": chosen_sudo.id}, files, errors, products_sudo

    def _get_limit_text(self):
        return request.env._("Too many registrations were sent from here: please try again in an hour.")

    def _get_consents(self, company):
        # The texts are shown to visitors, who have no access to their settings.
        return request.env["after.sales.consent"].sudo()._get_for_company(company)

    def _get_offers(self, company):
        # What is given for a registration is told to everybody, before they register.
        offers_sudo = request.env["after.sales.registration.incentive"].sudo()
        return offers_sudo.search(
            offers_sudo._get_offer_domain(company, company.sudo()._get_after_sales_day())
        )

    def _render(self, company, post, errors=None, products=(), status=200, registration=None):
        """The form with what was typed; files have to be chosen again, as browsers keep none."""
        values = {
            "post": post,
            "errors": errors or {},
            "products": products if len(products) > 1 else (),
            # Who corrects a registration has agreed before, and has named his safety contact.
            "registration": registration,
            "consents": () if registration else self._get_consents(company),
            "offers": () if registration else self._get_offers(company),
            "company_id": company.id,
            "res_company": company.sudo(),
            "has_policy": request.env["after.sales.policy"]._is_public(company),
            "is_public": request.env.user._is_public(),
            "honeypot": forms.HONEYPOT,
            "page_name": "after_sales_register",
        }
        return forms.keep_private(request.render("after_sales_warranty.registration_page", values), status)

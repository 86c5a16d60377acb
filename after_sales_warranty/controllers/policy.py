from odoo import fields, http
from odoo.http import request


class WarrantyPolicy(http.Controller):
    """The warranty terms and the return policy, for everybody to read."""

    @http.route(
        ["/after-sales/policy", "/after-sales/policy/<int:company_id>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def policy(self, company_id=None, country=None, day=None, **params):
        # What is published is for everybody; drafts are never found here.
        policies_sudo = request.env["after.sales.policy"].sudo()
        company_sudo = request.env["res.company"].sudo().browse(company_id or request.env.company.id).exists()
        today = fields.Date.context_today(policies_sudo)
        day = min(self._get_day(day) or today, today)
        policy_sudo = policies_sudo._get_policy(company_sudo, self._get_country(country), day)
        others_sudo = policies_sudo if policy_sudo else policies_sudo._get_in_force(company_sudo, day)
        response = request.render(
            "after_sales_warranty.policy_page",
            {
                "policy": policy_sudo,
                "versions": policy_sudo._get_public_versions(),
                "others": others_sudo,
                "res_company": company_sudo or request.env.company.sudo(),
            },
        )
        if not policy_sudo and not others_sudo:
            response.status_code = 404
        return response

    def _get_country(self, code):
        """The country asked for, else that of the visitor; empty when it is not known."""
        countries_sudo = request.env["res.country"].sudo()
        if not code and not request.env.user._is_public():
            return request.env.user.partner_id.commercial_partner_id.country_id
        code = (code or request.geoip.country_code or "").upper()
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            return countries_sudo
        return countries_sudo.search([("code", "=", code)], limit=1)

    def _get_day(self, text):
        try:
            return fields.Date.to_date(text)
        except ValueError:
            return False

from odoo import http
from odoo.http import request

from ..tools.network import client_network
from . import forms

#: Codes asked in a minute: by one caller, who types them from paper, and by all together.
CALLER_LIMIT, TOTAL_LIMIT, SECONDS = 30, 1200, 60


class WarrantyCheck(http.Controller):
    """Anyone who holds a card may ask whether it is valid. The answer names no owner."""

    @http.route(
        ["/after-sales/warranty", "/after-sales/warranty/<path:code>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def check(self, code=None, **params):
        code = (code or params.get("code") or "").strip()
        if code and not self._is_allowed():
            response = forms.keep_private(request.render("after_sales_warranty.too_many_requests_page"), 429)
            response.headers["Retry-After"] = str(SECONDS)
            return response
        # The public has no access to warranties: the code is the right to the few facts shown.
        warranty_sudo = request.env["after.sales.warranty"].sudo()._get_by_code(code)
        values = {
            "asked": bool(code),
            # What is shown again is letters and digits, whatever was sent.
            "code": "".join(c for c in code[:40].upper() if c.isascii() and (c.isalnum() or c == "-")),
            "answer": warranty_sudo._get_public_answer() if warranty_sudo else None,
            "company_id": warranty_sudo.company_id.id,
            "res_company": warranty_sudo.company_id or request.env.company.sudo(),
            "has_policy": request.env["after.sales.policy"]._is_public(warranty_sudo.company_id),
        }
        return forms.keep_private(request.render("after_sales_warranty.warranty_check_page", values))

    def _is_allowed(self):
        """Count this question before it is looked at: a right code costs as much as a wrong one."""
        limits = request.env["after.sales.rate.limit"]
        caller = client_network(request.httprequest.remote_addr)
        return limits._allow(f"warranty check {caller}", CALLER_LIMIT, SECONDS) and limits._allow(
            "warranty check", TOTAL_LIMIT, SECONDS
        )

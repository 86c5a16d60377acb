from odoo import http
from odoo.http import request


class WarrantyCheck(http.Controller):
    """Anyone who holds a card may ask whether it is valid. The answer names no owner."""

    @http.route(
        ["/after-sales/warranty", "/after-sales/warranty/<string:code>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def check(self, code=None, **params):
        code = (code or params.get("code") or "").strip()
        # The public has no access to warranties: the code is the right to the few facts shown.
        warranty_sudo = request.env["after.sales.warranty"].sudo()._get_by_code(code)
        values = {
            "code": code[:40],
            "answer": warranty_sudo._get_public_answer() if warranty_sudo else None,
        }
        response = request.render("after_sales_warranty.warranty_check_page", values)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

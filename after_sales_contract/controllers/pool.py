from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage


class PoolPortal(AfterSalesDocumentPage):
    """The customer's hour pools: what is left, what used them, statements, and more hours."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "after_sales_pool_count" in counters:
            # sudo: the state of contracts is no customer's to search; the domain leaves only his own
            pools_sudo = request.env["after.sales.pool"].sudo()
            values["after_sales_pool_count"] = pools_sudo.search_count(self._get_pool_domain())
        return values

    def _get_pool_domain(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return [
            "|",
            ("commercial_partner_id", "=", customer.id),
            ("shared_partner_ids", "=", customer.id),
            ("contract_id.state", "in", ("running", "notice", "ended")),
        ]

    def _get_own_pool(self, pool_id):
        """The pool in sudo, if it is the visitor's own or shared with him; 404 for anything else."""
        pool_sudo = self._get_after_sales_document("after.sales.pool", pool_id)
        if not pool_sudo or not pool_sudo._is_shown_to(request.env.user.partner_id):
            raise request.not_found()
        return pool_sudo

    @http.route("/my/pools", type="http", auth="user", website=True, readonly=True)
    def portal_my_pools(self, **params):
        # sudo: the names of contracts are on the page; the domain leaves only his own
        pools_sudo = request.env["after.sales.pool"].sudo().search(self._get_pool_domain(), limit=200)
        values = {
            **self._prepare_portal_layout_values(),
            "pools": pools_sudo,
            "page_name": "after_sales_pool",
        }
        return request.render("after_sales_contract.portal_my_pools", values)

    @http.route("/my/pools/<int:pool_id>", type="http", auth="user", website=True, readonly=True)
    def portal_my_pool(self, pool_id, topup=None, **params):
        pool_sudo = self._get_own_pool(pool_id)
        partner = request.env.user.partner_id
        values = {
            "pool": pool_sudo,
            "rows": pool_sudo._get_portal_rows(partner),
            "offer": pool_sudo._get_top_up_offer(partner),
            "is_owner": pool_sudo._is_owned_by(partner),
            "refused": topup == "gone",
            "page_name": "after_sales_pool",
        }
        values = self._get_after_sales_page_values(pool_sudo, None, values)
        return request.render("after_sales_contract.portal_my_pool", values)

    @http.route("/my/pools/<int:pool_id>/top-up", type="http", auth="user", methods=["POST"], website=True)
    def portal_top_up(self, pool_id, **params):
        pool_sudo = self._get_own_pool(pool_id)
        if not pool_sudo._is_owned_by(request.env.user.partner_id):
            raise request.not_found()
        try:
            order_sudo = pool_sudo._order_top_up(request.env.user.partner_id)
        except UserError:
            return request.redirect(f"/my/pools/{pool_id}?topup=gone")
        return request.redirect(order_sudo.get_portal_url())

    @http.route(
        ["/my/pools/<int:pool_id>/statement", "/my/pools/<int:pool_id>/statement/<int:statement_id>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_statement(self, pool_id, statement_id=None, **params):
        """The statement of a month, or of everything until today."""
        pool_sudo = self._get_own_pool(pool_id)
        if not pool_sudo._is_owned_by(request.env.user.partner_id):
            raise request.not_found()
        if statement_id is None:
            return self._show_report(
                pool_sudo, "pdf", "after_sales_contract.action_report_pool", download=True
            )
        statement_sudo = pool_sudo.statement_ids.filtered(lambda statement: statement.id == statement_id)
        if not statement_sudo:
            raise request.not_found()
        return self._show_report(
            statement_sudo, "pdf", "after_sales_contract.action_report_pool_statement", download=True
        )

import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage
from odoo.addons.portal.controllers.portal import pager as portal_pager

REPORT = "after_sales_contract.action_report_after_sales_contract"


def clean(text, limit):
    """What somebody typed, without what a database does not store."""
    return (text or "").replace("\x00", "").strip()[:limit]


class ContractPortal(AfterSalesDocumentPage):
    """The customer's contracts: what he has, what he pays, proposals to sign, notice."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "after_sales_contract_count" in counters:
            contracts = request.env["after.sales.contract"]
            readable = contracts.has_access("read")
            values["after_sales_contract_count"] = (
                contracts.search_count(self._get_contract_domain()) if readable else 0
            )
        return values

    def _get_contract_domain(self):
        commercial = request.env.user.partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "=", commercial.id) & Domain("state", "!=", "draft")

    def _get_contract_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "proposals": {"label": request.env._("To sign"), "domain": Domain("state", "=", "proposed")},
            "live": {
                "label": request.env._("In force"),
                "domain": Domain("state", "in", ("running", "notice")),
            },
            "over": {"label": request.env._("Over"), "domain": Domain("state", "in", ("ended", "cancelled"))},
        }

    def _get_contract_sortings(self):
        return {
            "date": {"label": request.env._("Start"), "order": "date_start desc, id desc"},
            "end": {"label": request.env._("End"), "order": "date_end, id"},
            "name": {"label": request.env._("Number"), "order": "name desc, id desc"},
        }

    @http.route(
        ["/my/service-contracts", "/my/service-contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_contracts(self, page=1, sortby=None, filterby=None, **params):
        contracts = request.env["after.sales.contract"]
        filters, sortings = self._get_contract_filters(), self._get_contract_sortings()
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "date"
        domain = self._get_contract_domain() & filters[filterby]["domain"]
        pager = portal_pager(
            url="/my/service-contracts",
            url_args={"sortby": sortby, "filterby": filterby},
            total=contracts.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = contracts.search(
            domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=pager["offset"]
        )
        request.session["my_service_contracts_history"] = found.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            "contracts": found,
            "page_name": "after_sales_contract",
            "default_url": "/my/service-contracts",
            "pager": pager,
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
        }
        return request.render("after_sales_contract.portal_my_contracts", values)

    # === ONE CONTRACT ===#

    @http.route("/my/service-contracts/<int:contract_id>", type="http", auth="public", website=True)
    def portal_my_contract(
        self, contract_id, access_token=None, report_type=None, download=False, message=None, **kw
    ):
        contract_sudo = self._get_contract(contract_id, access_token)
        if not contract_sudo:
            return request.redirect("/my")
        if report_type == "pdf":
            return self._show_report(contract_sudo, "pdf", REPORT, download=download)
        preview = request.httprequest.headers.get("Odoo-Link-Preview") == "True"
        if request.env.user.share and not preview:
            contract_sudo._mark_seen()
        values = {
            "contract": contract_sudo,
            "page_name": "after_sales_contract",
            "message": message,
            "may_act": self._may_act(contract_sudo, access_token),
            "report_type": "html",
        }
        values = self._get_after_sales_page_values(
            contract_sudo, access_token, values, "my_service_contracts_history", **kw
        )
        return request.render("after_sales_contract.portal_my_contract", values)

    @http.route("/my/service-contracts/<int:contract_id>/accept", type="jsonrpc", auth="public", website=True)
    def portal_accept_contract(self, contract_id, access_token=None, name=None, signature=None):
        access_token = access_token or request.httprequest.args.get("access_token")
        contract_sudo = self._get_contract(contract_id, access_token)
        if not contract_sudo or not self._may_act(contract_sudo, access_token):
            return {"error": request.env._("This proposal does not exist or is not yours.")}
        name = clean(name, 100)
        if not signature or not name:
            return {"error": request.env._("Sign with your name and your signature.")}
        try:
            with request.env.cr.savepoint():
                contract_sudo._accept(name, signature)
        except (TypeError, ValueError, binascii.Error):
            return {"error": request.env._("The signature cannot be read: please sign again.")}
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": contract_sudo.get_portal_url(query_string="&message=accepted"),
        }

    @http.route(
        "/my/service-contracts/<int:contract_id>/refuse",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_refuse_contract(self, contract_id, access_token=None, reason=None, **kw):
        reason = clean(reason, 2000)
        return self._answer_contract(
            contract_id, access_token, "refused", lambda c: c._refuse(reason), needed=reason
        )

    @http.route(
        "/my/service-contracts/<int:contract_id>/notice",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_give_notice(self, contract_id, access_token=None, name=None, reason=None, confirm=None, **kw):
        name = clean(name, 100)
        reason = clean(reason, 2000)
        return self._answer_contract(
            contract_id,
            access_token,
            "notice",
            lambda c: c._receive_notice(name, reason),
            needed=name and confirm,
        )

    def _answer_contract(self, contract_id, access_token, message, act, needed):
        """What the customer decides, on a contract that is his; the page says what became of it."""
        contract_sudo = self._get_contract(contract_id, access_token)
        if not contract_sudo or not self._may_act(contract_sudo, access_token):
            return request.redirect("/my")
        if not needed:
            message = "incomplete"
        else:
            try:
                with request.env.cr.savepoint():
                    act(contract_sudo)
            except UserError:
                message = "late"
        return request.redirect(contract_sudo.get_portal_url(query_string=f"&message={message}"))

    def _get_contract(self, contract_id, access_token):
        """The contract as superuser when the visitor may see it, else None: a draft is nobody's yet."""
        contract_sudo = self._get_after_sales_document("after.sales.contract", contract_id, access_token)
        if not contract_sudo or (contract_sudo.state == "draft" and request.env.user.share):
            return None
        return contract_sudo.with_company(contract_sudo.company_id)

    def _may_act(self, contract_sudo, access_token):
        """Who holds the link, or is the customer. A colleague who may read contracts does not sign for him."""
        if access_token and contract_sudo.access_token and consteq(contract_sudo.access_token, access_token):
            return True
        commercial = request.env.user.partner_id.commercial_partner_id
        return not request.env.user._is_public() and contract_sudo.commercial_partner_id == commercial

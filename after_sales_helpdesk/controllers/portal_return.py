from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class AfterSalesReturnPortal(CustomerPortal):
    @route("/my/returns/<int:return_id>", type="http", auth="public", website=True)
    def portal_my_return(self, return_id, access_token=None, **kw):
        """The label that the customer puts into his parcel, while he may send it."""
        try:
            return_sudo = self._document_check_access("after.sales.return", return_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if return_sudo.state not in ("authorised", "partial"):
            return request.redirect("/my")
        return self._show_report(
            model=return_sudo,
            report_type="pdf",
            report_ref="after_sales_helpdesk.action_report_return_label",
            download=True,
        )

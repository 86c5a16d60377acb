from odoo.http import request, route

from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage


class AfterSalesReturnPortal(AfterSalesDocumentPage):
    @route("/my/returns/<int:return_id>", type="http", auth="public", website=True)
    def portal_my_return(self, return_id, access_token=None, report_type=None, download=False, **kw):
        """How the return goes; with ``report_type`` the label for the parcel, while the customer may send it."""
        return_sudo = self._get_after_sales_document("after.sales.return", return_id, access_token)
        if not return_sudo:
            return request.redirect("/my")
        if report_type == "pdf" and return_sudo._can_be_sent():
            return self._show_report(
                model=return_sudo,
                report_type=report_type,
                report_ref="after_sales_helpdesk.action_report_return_label",
                download=download,
            )
        values = self._get_after_sales_page_values(
            return_sudo,
            access_token,
            {"returned": return_sudo, "page_name": "after_sales_return"},
            "my_returns_history",
            **kw,
        )
        return request.render("after_sales_helpdesk.portal_my_return", values)

from odoo.exceptions import UserError
from odoo.http import content_disposition, request, route

from odoo.addons.after_sales_warranty.controllers import forms
from odoo.addons.after_sales_warranty.controllers.document import AfterSalesDocumentPage

DISPUTES_PER_HOUR = 20


class AfterSalesInvoicePortal(AfterSalesDocumentPage):
    """What an invoice is made of: its statement of work, and the customer's no to one of its lines."""

    @route("/my/invoices/<int:invoice_id>/work", type="http", auth="public", website=True, methods=["GET"])
    def portal_invoice_work(self, invoice_id, access_token=None, report_type=None, line_id=None, **kw):
        invoice_sudo = self._get_invoice_of_work(invoice_id, access_token)
        if not invoice_sudo:
            return request.redirect("/my")
        if report_type == "pdf":
            response = self._show_report(
                model=invoice_sudo,
                report_type="pdf",
                report_ref="after_sales_billing.action_report_statement",
                download=True,
            )
            # Odoo names it like the invoice, beside which the customer keeps it
            name = invoice_sudo._get_after_sales_statement_filename()
            response.headers["Content-Disposition"] = content_disposition(name)
            return response
        return self._render_work(invoice_sudo, access_token, post={"line_id": line_id})

    @route("/my/invoices/<int:invoice_id>/work", type="http", auth="public", website=True, methods=["POST"])
    def portal_invoice_dispute(self, invoice_id, access_token=None, line_id=None, description=None, **kw):
        invoice_sudo = self._get_invoice_of_work(invoice_id, access_token)
        if not invoice_sudo:
            return request.redirect("/my")
        error = None
        if not forms.may_send("dispute", DISPUTES_PER_HOUR):
            error = request.env._("Too many requests were sent: please try again in an hour.")
        else:
            line_id = int(line_id) if str(line_id).isdecimal() and len(line_id) < 10 else 0
            user = request.env.user
            author = invoice_sudo.partner_id if user._is_public() else user.partner_id
            try:
                with request.env.cr.savepoint():
                    ticket_sudo = invoice_sudo._after_sales_dispute(line_id, author, description)
                return request.redirect(ticket_sudo.get_portal_url(), code=303)
            except UserError as refused:
                error = str(refused)
        post = {"line_id": line_id, "description": description}
        return self._render_work(invoice_sudo, access_token, error, post, status=400)

    def _get_invoice_of_work(self, invoice_id, access_token):
        """The posted customer invoice in sudo, for its reader or who has its link; None for anybody else."""
        invoice_sudo = self._get_after_sales_document("account.move", invoice_id, access_token)
        return invoice_sudo if invoice_sudo and invoice_sudo._after_sales_has_work_page() else None

    def _render_work(self, invoice_sudo, access_token, error=None, post=None, status=200):
        values = {
            "invoice": invoice_sudo,
            "rows": invoice_sudo._after_sales_get_disputable(),
            "error": error,
            "post": post or {},
            "page_name": "invoice",
        }
        values = self._get_after_sales_page_values(invoice_sudo, access_token, values)
        response = request.render("after_sales_billing.portal_invoice_work", values, status=status)
        return forms.keep_private(response)

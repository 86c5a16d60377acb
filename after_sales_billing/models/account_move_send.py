from odoo import api, models
from odoo.exceptions import UserError


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _prepare_invoice_pdf_report(self, invoices_data):
        """Where invoices cannot be printed together (not every wkhtmltopdf can) each is printed alone."""
        try:
            return super()._prepare_invoice_pdf_report(invoices_data)
        except UserError:
            if len(invoices_data) == 1:
                raise
        for invoice, invoice_data in invoices_data.items():
            super()._prepare_invoice_pdf_report({invoice: invoice_data})
        return None

    @api.model
    def _get_placeholder_mail_template_dynamic_attachments_data(self, move, mail_template, pdf_report=None):
        """The statement of work goes with the invoice, rendered when it is sent."""
        result = super()._get_placeholder_mail_template_dynamic_attachments_data(
            move, mail_template, pdf_report=pdf_report
        )
        report = self.env.ref("after_sales_billing.action_report_statement")
        if move._after_sales_wants_statement() and not any(
            data.get("dynamic_report") == report.report_name for data in result
        ):
            name = move._get_after_sales_statement_filename()
            result.append(
                {
                    "id": f"placeholder_{name}",
                    "name": name,
                    "mimetype": "application/pdf",
                    "placeholder": True,
                    "dynamic_report": report.report_name,
                }
            )
        return result

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
    def _hook_if_errors(self, moves_data, allow_raising=True):
        """What could not be sent says why on the lines of its billing run, where the run sends its reader."""
        result = super()._hook_if_errors(moves_data, allow_raising=allow_raising)
        for move, move_data in moves_data.items():
            reader_env = self.with_context(lang=move.after_sales_run_id.user_id.lang).env
            reason = reader_env._("Not sent: %s", self._format_error_text(move_data["error"]))
            self._set_run_reason(move, reason)
        return result

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """What went out has nothing against it any more."""
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        self._set_run_reason(self.env["account.move"].union(*moves_data), False)
        return result

    @api.model
    def _set_run_reason(self, moves, reason):
        """Write on the lines of the runs that made these invoices."""
        lines_sudo = self.env["after.sales.billing.run.line"].sudo()  # who sends need not be who bills
        lines_sudo.search([("move_id", "in", moves.ids)]).reason = reason

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

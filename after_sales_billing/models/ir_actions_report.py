import io

from odoo import models
from odoo.exceptions import UserError

#: Documents that are rendered together; Odoo's own sending takes batches of this size too.
BATCH = 80


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Invoices with their statements of work: each invoice as it was sent, or as it would be."""
        if self._get_report(report_ref).report_name != "after_sales_billing.report_run_documents":
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        moves = self.env["account.move"].browse(res_ids)
        streams = {}
        for start in range(0, len(moves), BATCH):
            batch = moves[start : start + BATCH]
            invoices = self._get_after_sales_invoice_streams(batch)
            wanted = batch.filtered(lambda move: move._after_sales_wants_statement())
            statements = self._get_streams_by_id("after_sales_billing.report_statement", wanted)
            for move in batch:
                parts = [part[move.id] for part in (invoices, statements) if move.id in part]
                stream = parts[0] if len(parts) == 1 else self._merge_pdfs(parts)
                streams[move.id] = {"stream": stream, "attachment": None}
        return streams

    def _get_after_sales_invoice_streams(self, moves):
        sent = moves.filtered("invoice_pdf_report_id")
        streams = {move.id: io.BytesIO(move.invoice_pdf_report_id.raw) for move in sent}
        by_report = (moves - sent).grouped(self.env["account.move.send"]._get_default_pdf_report_id)
        for report, group in by_report.items():
            streams |= self._get_streams_by_id(report.report_name, group)
        return streams

    def _get_streams_by_id(self, report_name, records):
        """One PDF for each record, together if that can be: not every wkhtmltopdf prints more than one at a time, and
        Odoo cannot always tell where in a common PDF the next record begins."""
        try:
            streams = (
                self._render_qweb_pdf_prepare_streams(report_name, {}, res_ids=records.ids) if records else {}
            )
        except UserError:
            if len(records) == 1:
                raise
            streams = {}
        found = {record_id: streams[record_id]["stream"] for record_id in records.ids if record_id in streams}
        if all(found.get(record_id) for record_id in records.ids):
            return found
        return {record.id: self._get_streams_by_id(report_name, record)[record.id] for record in records}

from collections import OrderedDict

from odoo import api, models

LETTER = "after_sales_contract.report_renewal_letter"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_printed_one_by_one(self):
        """Hook: names of the reports whose documents are letters of their own."""
        return [LETTER]

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Letters are printed one by one, each in its customer's language, and put together afterwards.

        A wkhtmltopdf without patched Qt refuses several documents in one go, and letters have no outline to be told
        apart by.
        """
        single = self._get_printed_one_by_one()
        if not res_ids or len(res_ids) < 2 or self._get_report(report_ref).report_name not in single:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for res_id in dict.fromkeys(res_ids):
            streams.update(
                super()._render_qweb_pdf_prepare_streams(report_ref, dict(data or {}), res_ids=[res_id])
            )
        return streams

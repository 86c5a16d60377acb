from odoo import api, models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_printed_one_by_one(self):
        """A return has several transport documents, and not every wkhtmltopdf prints them in one go."""
        return [*super()._get_printed_one_by_one(), "l10n_it_stock_ddt.report_ddt"]

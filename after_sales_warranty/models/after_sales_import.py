import csv
import io
from base64 import b64encode

from odoo import api, fields, models


class AfterSalesImport(models.Model):
    """What became of a file of units: how many were loaded, and why each other row was not."""

    _name = "after.sales.import"
    _description = "Import of Installed Units"
    _order = "id desc"

    name = fields.Char("File", required=True, readonly=True)
    import_ref = fields.Integer(readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Imported By", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    loaded_count = fields.Integer("Rows Loaded", readonly=True)
    row_ids = fields.One2many("after.sales.import.row", "import_id", "Rows Not Loaded", readonly=True)
    row_count = fields.Integer("Rows Left Out", compute="_compute_row_count")
    header = fields.Json(readonly=True)
    reject_file = fields.Binary("Rows to Correct", compute="_compute_reject_file")
    reject_name = fields.Char(compute="_compute_reject_file")

    @api.depends("row_ids")
    def _compute_row_count(self):
        counts = dict(
            self.env["after.sales.import.row"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for report in self:
            report.row_count = counts.get(report._origin, 0)

    @api.depends("row_ids", "header")
    @api.depends_context("lang")
    def _compute_reject_file(self):
        """The rows not loaded as a file to correct and import again, the reason in the last column."""
        for report in self:
            buffer = io.StringIO()
            writer = csv.writer(buffer)
            writer.writerow([*(report.header or []), self.env._("Reason")])
            for row in report.row_ids:
                writer.writerow([*(self._defuse(value) for value in row.values or []), row.reason])
            report.reject_file = b64encode(buffer.getvalue().encode("utf-8-sig"))
            report.reject_name = self.env._("to correct - %s.csv", report.name.rsplit(".", 1)[0])

    @api.model
    def _defuse(self, value):
        """A cell that a spreadsheet shall not run as a formula."""
        text = "" if value in (None, False) else str(value)
        return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text

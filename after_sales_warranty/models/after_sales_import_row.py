from odoo import fields, models


class AfterSalesImportRow(models.Model):
    _name = "after.sales.import.row"
    _description = "Row Not Imported"
    _order = "import_id desc, number, id"

    import_id = fields.Many2one("after.sales.import", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True, precompute=True)
    number = fields.Integer("Row", help="Row in the file, the header being row 1.")
    reason = fields.Text(required=True)
    values = fields.Json()

from odoo import fields, models


class AfterSalesContractUsage(models.Model):
    """Ledger of what was taken of limited inclusions: one row per cause, the used quantity is their sum."""

    _name = "after.sales.contract.usage"
    _description = "Usage of a Contract's Inclusion"
    _order = "date desc, id desc"

    inclusion_id = fields.Many2one(
        "after.sales.contract.inclusion", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(related="inclusion_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="inclusion_id.company_id", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    quantity = fields.Float(required=True, digits="Product Unit")
    res_model = fields.Char("Caused by Model")
    res_id = fields.Many2oneReference("Caused by", model_field="res_model")
    source_key = fields.Char(default="")

    _source_uniq = models.UniqueIndex(
        "(inclusion_id, res_model, res_id, source_key) WHERE res_id IS NOT NULL", "This was already counted."
    )

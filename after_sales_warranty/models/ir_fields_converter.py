from odoo import api, models


class IrFieldsConverter(models.AbstractModel):
    """Looks up each product and owner of a file of units once, however many rows name it."""

    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        memo = self.env.context.get("after_sales_import_memo")
        if memo is None:
            return super().db_id_for(model, field, subfield, value, savepoint)
        key = (model._name, field.name, subfield, value)
        if key not in memo:
            try:
                memo[key] = super().db_id_for(model, field, subfield, value, savepoint), None
            except (ValueError, TypeError) as error:
                memo[key] = None, error
        found, error = memo[key]
        if error is not None:
            raise error
        return found

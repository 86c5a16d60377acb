from odoo import models
from odoo.fields import Command


class AfterSalesBilling(models.AbstractModel):
    _inherit = "after.sales.billing"

    def _prepare_reference_vals(self, charges):
        vals = super()._prepare_reference_vals(charges)
        if documents := charges._get_ddts_to_cite():
            vals["after_sales_ddt_ids"] = [Command.link(document.id) for document in documents]
        return vals

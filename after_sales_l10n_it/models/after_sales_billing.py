from odoo import models
from odoo.fields import Command


class AfterSalesBilling(models.AbstractModel):
    _inherit = "after.sales.billing"

    def _prepare_move_vals(self, plan, run):
        vals = super()._prepare_move_vals(plan, run)
        if documents := plan["charges"]._get_ddts_to_cite():
            vals["after_sales_ddt_ids"] = [Command.set(documents.ids)]
        return vals

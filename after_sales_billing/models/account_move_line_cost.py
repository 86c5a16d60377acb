from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def action_view_after_sales_charges(self):
        """The charges that this item of an entry or invoice stands for."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_charge_action_billing"
        )
        # sudo: the ids only
        charges_sudo = self.sudo().after_sales_entry_ids.charge_id
        action.update({"domain": [("id", "in", charges_sudo.ids)], "context": {}})
        return action

from odoo import fields, models


class AfterSalesIntervention(models.Model):
    """The orders by which partners do this visit."""

    _inherit = "after.sales.intervention"

    subcontract_ids = fields.One2many("after.sales.subcontract", "intervention_id", "Subcontract Orders")

    def action_subcontract(self):
        """The orders of the visit, or a new one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_subcontract_action"
        )
        action["domain"] = [("intervention_id", "=", self.id)]
        action["context"] = {
            "default_intervention_id": self.id,
            "default_instructions": self.description,
        }
        if not self.subcontract_ids:
            action["views"] = [(False, "form")]
        return action

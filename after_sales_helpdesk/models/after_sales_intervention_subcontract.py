from odoo import fields, models
from odoo.exceptions import UserError


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

    def action_cancel(self):
        """A visit that is called off needs nobody: its orders are cancelled with it, but not work that was done."""
        # sudo: who may cancel the visit calls its orders off, whoever works on these
        orders_sudo = self.sudo().subcontract_ids
        worked_sudo = orders_sudo.filtered(lambda order: order.state in ("reported", "approved"))[:1]
        if worked_sudo:
            raise UserError(
                self.env._(
                    "%(partner)s has reported work for %(visit)s: finish it with its outcome.",
                    partner=worked_sudo.partner_id.name,
                    visit=worked_sudo.intervention_id.name,
                )
            )
        result = super().action_cancel()
        orders_sudo.filtered(lambda order: order.state != "cancelled")._cancel()
        return result

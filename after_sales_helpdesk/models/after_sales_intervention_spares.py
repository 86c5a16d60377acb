from odoo import models
from odoo.exceptions import UserError


class AfterSalesIntervention(models.Model):
    """Parts taken from the spare list of what is repaired (D66)."""

    _inherit = "after.sales.intervention"

    def action_add_spares(self):
        """Offer the spare parts of the product."""
        self.ensure_one()
        self.check_access("write")
        self._ensure_open()
        if not self._get_offered_spares():
            raise UserError(
                self.env._(
                    "There are no spare parts to choose: the list is on the product, page After-Sales."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Spare Parts"),
            "res_model": "after.sales.intervention.spares",
            "view_mode": "form",
            "target": "new",
            "context": {"default_intervention_id": self.id},
        }

    def _get_offered_spares(self):
        """The spare list of the unit, or of the product of the call, without what is on this visit already."""
        self.ensure_one()
        # sudo: the list may hold parts of other companies, which are left out
        visit_sudo = self.sudo()
        product_sudo = visit_sudo.unit_id.product_id or visit_sudo.ticket_id.product_id
        spares_sudo = product_sudo.after_sales_spare_ids.filtered(
            lambda part: part.active and part.company_id in (self.company_id, self.env["res.company"])
        )
        return spares_sudo.sudo(False) - self.part_ids.product_id

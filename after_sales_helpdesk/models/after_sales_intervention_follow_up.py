from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesIntervention(models.Model):
    """The visit after a visit that did not solve it."""

    _inherit = "after.sales.intervention"

    previous_id = fields.Many2one(
        "after.sales.intervention",
        "Follow-Up To",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    next_ids = fields.One2many("after.sales.intervention", "previous_id", "Followed By")

    def action_follow_up(self):
        """Open the next visit, made once: same customer, unit and technicians, with the cause of the second visit."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "done" or self.outcome == "solved":
            raise UserError(self.env._("%s needs no second visit.", self.name))
        following = self.next_ids.filtered(lambda visit: visit.state != "cancelled")[:1]
        if not following:
            following = self.create(self._prepare_follow_up_vals())
            following.part_ids.is_fitted = True
        return following.get_formview_action()

    def _prepare_follow_up_vals(self):
        self.ensure_one()
        return {
            "previous_id": self.id,
            "company_id": self.company_id.id,
            "ticket_id": self.ticket_id.id,
            "partner_id": self.partner_id.id,
            "site_id": self.site_id.id,
            "unit_id": self.unit_id.id,
            "contract_id": self.contract_id.id,
            "service_id": self.service_id.id,
            "fault_id": self.fault_id.id,
            "defect": self.defect,
            "description": "\n".join(filter(None, [self.description, self.outcome_reason])),
            "technician_ids": [Command.set(self.technician_ids.ids)],
            "technician_id": self.technician_id.id,
            # What was brought or ordered and not used is for the next visit.
            "part_ids": [Command.link(part.id) for part in self.part_ids - self._get_fitted_parts()],
        }

from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesClaim(models.Model):
    """What comes of an authorised claim, on the unit and its warranties."""

    _inherit = "after.sales.claim"

    def action_close(self):
        self.check_access("write")
        self._ensure_state("authorised", "refused")
        for claim in self.filtered(lambda c: c.state == "authorised"):
            if not claim.outcome:
                raise UserError(self.env._("Choose the outcome of %s first.", claim.name))
            if claim.outcome == "exchange" and not claim.replacement_unit_id:
                claim._link_replacement()
            claim._apply_outcome()
        self._record("closed", date_closed=fields.Date.context_today(self))

    def _link_replacement(self):
        """Take the replacement that the unit has got meanwhile; there is no exchange without one."""
        self.ensure_one()
        if not self.unit_id.replaced_by_id:
            raise UserError(self.env._("Choose the unit that replaces %s first.", self.unit_id.display_name))
        self.replacement_unit_id = self.unit_id.replaced_by_id

    def _apply_outcome(self):
        """What the outcome does to the unit and its warranties. Documents are other addons' business."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        # Whoever may close a claim may have its outcome recorded on the unit.
        unit_sudo = self.unit_id.sudo()
        if self.outcome == "repair":
            # Who repairs a part of a kit repairs the kit.
            warranties_sudo = unit_sudo._get_covering_warranties()[unit_sudo]
            done = warranties_sudo.event_ids.filtered(
                lambda event: (event.res_model, event.res_id) == (self._name, self.id)
            )
            # A claim that was reopened and closed again is still one repair.
            if not done:
                warranties_sudo._register_repair(
                    self.date, max(today, self.date), self.env._("Claim %s", self.name), self
                )
        elif self.outcome == "exchange" and self.replacement_unit_id != unit_sudo.replaced_by_id:
            self._check_replacement()
            unit_sudo._replace_with(self.replacement_unit_id.sudo(), today)
        elif self.outcome == "refund" and unit_sudo.state != "ended":
            unit_sudo._end(self.env._("Refunded with claim %s.", self.name), custody="returned")

    def _check_replacement(self):
        """A unit is replaced once, by another unit in service that replaces no other."""
        if self.replacement_unit_id.state == "ended" or self.replacement_unit_id == self.unit_id:
            raise UserError(
                self.env._(
                    "%s is not in service: it replaces nothing.", self.replacement_unit_id.display_name
                )
            )
        for unit, other in (
            (self.unit_id, self.unit_id.replaced_by_id),
            (self.replacement_unit_id, self.replacement_unit_id.replaces_id),
        ):
            if other:
                raise UserError(
                    self.env._(
                        "%(unit)s has been exchanged with %(other)s before.",
                        unit=unit.display_name,
                        other=other.display_name,
                    )
                )

    def action_view_replacement(self):
        self.ensure_one()
        return self.unit_id._get_record_action_for(self.replacement_unit_id)

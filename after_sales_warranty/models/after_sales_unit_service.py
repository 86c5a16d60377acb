from odoo import api, fields, models
from odoo.exceptions import UserError

#: Where a unit is when nobody has it any more.
GONE = ("lost", "stolen", "scrapped")

#: Where a unit is by an action that does more than to say so.
BY_ACTION = (*GONE, "returned")


class AfterSalesUnit(models.Model):
    """Out of service and back again: what becomes of a unit after the sale."""

    _inherit = "after.sales.unit"

    is_site_foreign = fields.Boolean(
        compute="_compute_is_site_foreign", help="The site is no address of the owner."
    )

    @api.depends("site_id.commercial_partner_id", "commercial_partner_id")
    def _compute_is_site_foreign(self):
        """A unit may stand at somebody else's (rented, on loan, at a reseller): it is shown, not refused."""
        for unit in self:
            unit.is_site_foreign = bool(
                unit.site_id
                and unit.partner_id
                and unit.site_id.commercial_partner_id != unit.commercial_partner_id
            )

    def write(self, vals):
        if "custody" in vals and not self.env.su:
            self._ensure_custody_by_hand(vals["custody"])
        return super().write(vals)

    def _ensure_custody_by_hand(self, custody):
        """Raise where the custody alone would leave the warranties as if nothing had happened."""
        changed = self.filtered(lambda unit: unit.custody != custody)
        if changed and (custody in BY_ACTION or changed.filtered(lambda unit: unit.custody in BY_ACTION)):
            raise UserError(
                self.env._(
                    '%s: use "Report Lost, Stolen or Scrapped" for what is gone, and "Put Back into Service" '
                    "when it is found; what comes back for good is returned with its delivery or refunded with a "
                    "claim. The warranties follow from these.",
                    ", ".join(changed.mapped("display_name")),
                )
            )

    def _withdraw(self, custody, day, reason):
        """Take units out of service for good (scrapped) or until they are found (lost, stolen).

        Their warranties end the day before ``day``.
        """
        self._close_cover(day, reason)
        if custody == "scrapped":
            self._end(reason, custody=custody)
            return
        # Only here, with what follows from it, may the custody say so.
        self.sudo().write({"state": "suspended", "custody": custody})
        for unit in self:
            unit.message_post(body=reason)

    def _close_cover(self, day, reason):
        """What still runs or waits ends the day before ``day``, by an event that names the unit as its source."""
        # Whoever may take a unit out of service may have the loss of cover recorded that follows from it.
        running_sudo = self.warranty_ids.sudo().filtered(
            lambda w: not w.ended_by and w._get_state(day) != "expired"
        )
        running_sudo.event_ids.create(
            [
                {
                    "warranty_id": warranty.id,
                    "kind": "void",
                    "date": day,
                    "reason": reason,
                    "res_model": self._name,
                    "res_id": warranty.unit_id.id,
                }
                for warranty in running_sudo
            ]
        )

    def _reopen_cover(self):
        """What ended because the unit did runs again: the events stay to be read, and no longer count."""
        # As in _close_cover: it follows from what happens to the unit.
        events_sudo = self.warranty_ids.sudo().event_ids.filtered(
            lambda e: e.kind == "void" and e.res_model == self._name and e.res_id == e.unit_id.id
        )
        events_sudo.active = False

    def action_put_back(self):
        """Back into service: a unit that was lost, stolen, scrapped by mistake, or left with us."""
        self.check_access("write")
        for unit in self:
            if unit.custody not in GONE and unit.state != "suspended":
                raise UserError(self.env._("%s is not out of service.", unit.display_name))
            if unit.replaced_by_id:
                raise UserError(
                    self.env._(
                        "%(unit)s was replaced by %(other)s and stays out of service.",
                        unit=unit.display_name,
                        other=unit.replaced_by_id.display_name,
                    )
                )
        self._ensure_serial_free()
        today = fields.Date.context_today(self)
        for unit in self.filtered(lambda u: u.custody in GONE):
            unit._revoke_withdrawal()
        self._resume(today)
        for unit in self:
            unit.message_post(body=self.env._("Put back into service."))
        return True

    def _ensure_serial_free(self):
        for unit in self.filtered(lambda u: u.has_serial and u.state == "ended"):
            other = self.search(
                [
                    ("product_id", "=", unit.product_id.id),
                    ("serial", "=", unit.serial),
                    ("company_id", "=", unit.company_id.id),
                    ("state", "!=", "ended"),
                ],
                limit=1,
            )
            if other:
                raise UserError(
                    self.env._(
                        "%(unit)s was delivered again to %(owner)s: work on that unit.",
                        unit=unit.display_name,
                        owner=other.partner_id.display_name or self.env._("an unknown owner"),
                    )
                )

    def _revoke_withdrawal(self):
        """What the loss did is undone."""
        self.ensure_one()
        self._reopen_cover()
        if self.state == "ended" and self.partner_id:
            # Rows of the owner history are written by the unit, never by hand.
            last_sudo = self.sudo().owner_ids[:1]
            if last_sudo.partner_id == self.partner_id:
                last_sudo.date_to = False

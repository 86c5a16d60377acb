from odoo import api, fields, models
from odoo.exceptions import UserError

#: Where a unit is when nobody has it any more.
GONE = ("lost", "stolen", "scrapped")


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

    def _withdraw(self, custody, day, reason):
        """Take units out of service for good (scrapped) or until they are found (lost, stolen).

        Their warranties end the day before ``day``.
        """
        for unit in self:
            # Whoever may take a unit out of service may have the loss of cover recorded that follows from it.
            running = unit.warranty_ids.sudo().filtered(
                lambda w: not w.ended_by and w._get_state(day) != "expired"
            )
            running._add_event("void", day, reason=reason, res_model=unit._name, res_id=unit.id)
        if custody == "scrapped":
            self._end(reason, custody=custody)
            return
        self.write({"state": "suspended", "custody": custody})
        for unit in self:
            unit.message_post(body=reason)

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
        """What the loss did is undone: the events stay to be read, and no longer count."""
        self.ensure_one()
        # Whoever may put a unit back may have the loss of cover undone that came with it.
        events = self.warranty_ids.sudo().event_ids.filtered(
            lambda e: e.kind == "void" and e.res_model == self._name and e.res_id == self.id
        )
        events.active = False
        if self.state == "ended" and self.partner_id:
            # Rows of the owner history are written by the unit, never by hand.
            last_sudo = self.sudo().owner_ids[:1]
            if last_sudo.partner_id == self.partner_id:
                last_sudo.date_to = False

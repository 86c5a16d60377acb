from odoo import api, fields, models

from ..tools import serial_keys
from ..tools.durations import duration_text
from .after_sales_unit_service import GONE

#: A claim this many days after the end of the warranty is looked at twice.
LATE_DAYS = 60


class AfterSalesClaim(models.Model):
    """Checks against abuse: nothing is refused here, a person looks."""

    _inherit = "after.sales.claim"

    alerts = fields.Text(compute="_compute_alerts", help="What to look at before authorising.")

    @api.depends(
        "unit_id",
        "unit_id.custody",
        "unit_id.state",
        "date",
        "warranty_id",
        "partner_id",
        "fault_id",
        "proof_ids",
        "inspection_ids.condition",
        "inspection_ids.serial_read",
    )
    @api.depends_context("lang")
    def _compute_alerts(self):
        others = self.search([("unit_id", "in", self.unit_id.ids), ("state", "!=", "cancelled")])
        keys = [key for key in self.unit_id.mapped("serial_key") if key]
        returned = self.env["after.sales.unit"].search(
            [("serial_key", "in", keys), ("state", "=", "ended"), ("custody", "=", "returned")]
        )
        counts = self.env["after.sales.coverage"]._count_claims(self.unit_id.warranty_ids)
        for claim in self:
            alerts = [
                *claim._get_alerts(
                    others.filtered(lambda c, me=claim: c.unit_id == me.unit_id and c.id != me._origin.id)
                ),
                *claim._get_unit_alerts(returned),
                *claim._get_cover_alerts(counts),
                *claim._get_inspection_alerts(),
            ]
            claim.alerts = "\n".join(alerts) or False

    def _get_alerts(self, others):
        """What other claims on the same unit say; extend to look at more."""
        self.ensure_one()
        alerts = []
        running = others.filtered(lambda c: c.state in ("draft", "checked", "authorised"))
        if running:
            alerts.append(
                self.env._("Another claim on this unit is open: %s.", ", ".join(running.mapped("name")))
            )
        same = (others - running).filtered(lambda c: c.fault_id and c.fault_id == self.fault_id)
        if same:
            alerts.append(
                self.env._(
                    "The same fault of this unit was claimed before: %s.", ", ".join(same.mapped("name"))
                )
            )
        return alerts

    def _get_unit_alerts(self, returned):
        """What the history of the unit says; ``returned`` are units that came back for good."""
        self.ensure_one()
        unit, alerts = self.unit_id, []
        if not unit:
            return alerts
        labels = dict(unit._fields["custody"]._description_selection(self.env))
        if unit.custody in GONE:
            alerts.append(self.env._("The unit is reported as: %s.", labels[unit.custody]))
        elif unit.state == "ended":
            alerts.append(self.env._("The unit is no longer in service: it was returned or replaced."))
        before = returned.filtered(
            lambda u: (
                u != unit._origin
                and u.serial_key == unit.serial_key
                and u.product_id == unit.product_id
                and u.company_id == unit.company_id
            )
        )
        if before:
            alerts.append(
                self.env._(
                    "This serial number was returned before, by %s.",
                    ", ".join(before.partner_id.mapped("display_name")) or self.env._("an unknown owner"),
                )
            )
        if unit.partner_id and unit.commercial_partner_id != self.partner_id.commercial_partner_id:
            alerts.append(self.env._("The owner on record is %s.", unit.partner_id.display_name))
        if unit.delivery_date and self.date and self.date < unit.delivery_date:
            alerts.append(self.env._("The unit was delivered after the claim was reported."))
        return alerts

    def _get_cover_alerts(self, counts):
        """What the warranties say; ``counts`` are authorised claims by warranty id, where they are limited."""
        self.ensure_one()
        unit, alerts, day = self.unit_id, [], self.date
        end = unit.warranty_end
        if end and day and 0 < (day - end).days <= LATE_DAYS:
            late = duration_text((day - end).days, "day", self.env.lang)
            alerts.append(self.env._("The warranty ended %s before the claim.", late))
        running = unit.warranty_ids.filtered(lambda w: day and w._get_state(day) == "active")
        used_up = running.filtered(
            lambda w: w.claim_limit and counts.get(w._origin.id, 0) >= w.claim_limit and self.state == "draft"
        )
        for warranty in used_up:
            alerts.append(
                self.env._(
                    "The claim limit of %(warranty)s (%(limit)s) is used up.",
                    warranty=warranty.name or warranty.number,
                    limit=warranty.claim_limit,
                )
            )
        sold_by_us = unit.move_id or unit.sale_order_id
        if running.filtered("proof_required") and not self.proof_ids and not sold_by_us:
            alerts.append(self.env._("The warranty asks for a proof of purchase, and there is none."))
        return alerts

    def _get_inspection_alerts(self):
        """What was found when the goods were looked at."""
        self.ensure_one()
        alerts = []
        labels = dict(self.inspection_ids._fields["condition"]._description_selection(self.env))
        for inspection in self.inspection_ids:
            if inspection.condition in ("opened", "other_goods"):
                alerts.append(self.env._("The inspection found: %s.", labels[inspection.condition]))
            read = serial_keys.key(inspection.serial_read)
            if read and self.unit_id.serial_key and read != self.unit_id.serial_key:
                alerts.append(
                    self.env._(
                        "The serial number read on the goods is %(read)s, not %(serial)s.",
                        read=inspection.serial_read,
                        serial=self.unit_id.serial,
                    )
                )
        return alerts

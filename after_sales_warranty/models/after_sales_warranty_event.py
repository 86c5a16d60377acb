from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import warranty as rules

#: What of an event decides when the cover ends.
TIMING = {"kind", "date", "date_to", "days", "months", "whole_day", "active"}

#: Kinds of event that an agent records through their own form, with what that form asks for.
HELD = {"extension", "waiver", "void", "repair", "replacement", "transfer"}


class AfterSalesWarrantyEvent(models.Model):
    """One dated cause in the life of a warranty. The end of the warranty is what they add up to."""

    _name = "after.sales.warranty.event"
    _description = "Warranty Event"
    _inherit = ["after.sales.batch.mixin"]
    _order = "date, id"

    warranty_id = fields.Many2one("after.sales.warranty", required=True, index=True, ondelete="cascade")
    unit_id = fields.Many2one(related="warranty_id.unit_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="warranty_id.company_id", store=True, index=True, precompute=True)
    kind = fields.Selection(
        [
            ("start", "Start"),
            ("suspension", "Out of Use"),
            ("extension", "Extension"),
            ("repair", "Repair"),
            ("replacement", "Replacement"),
            ("waiver", "Waiver"),
            ("void", "Loss of Cover"),
            ("transfer", "New Owner"),
        ],
        "Event",
        required=True,
    )
    active = fields.Boolean(
        default=True, help="Off: recorded by mistake or no longer true; it does not count."
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day out of use. Empty while the unit is still out of use.")
    days = fields.Integer()
    months = fields.Integer()
    whole_day = fields.Boolean(
        "First Day Counts",
        help="The cover begins on a day that was set for it and counts it, as an extension that follows another cover. "
        "Off: it begins with what happened that day, and its time is counted from the next day.",
    )
    reason = fields.Char()
    res_model = fields.Char("Source Model", readonly=True)
    res_id = fields.Many2oneReference("Source", model_field="res_model", readonly=True)
    user_id = fields.Many2one("res.users", "Recorded By", default=lambda self: self.env.user, readonly=True)

    _start_uniq = models.UniqueIndex("(warranty_id) WHERE kind = 'start'", "A warranty starts once.")
    _start_source_idx = models.Index("(res_id, res_model) WHERE kind = 'start' AND res_id IS NOT NULL")
    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date)", "An event cannot end before it begins."
    )
    _period_positive = models.Constraint(
        "CHECK (days >= 0 AND months >= 0)", "An event never takes time away."
    )

    def _as_event(self):
        self.ensure_one()
        return rules.Event(self.kind, self.date, self.date_to or None, self.days, self.months, self.whole_day)

    @api.model
    def _insert_starts(self, warranties, starts, reason=None):
        """Write the start of many warranties that were just made with the dates which follow from it, in one statement.

        ``starts``: the event of each, as the pure rules see it. A delivery makes hundreds of these rows, and the ORM
        has nothing to add to them.
        """
        rows = [(warranty, start) for warranty, start in zip(warranties, starts, strict=True) if start]
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO after_sales_warranty_event (
                    warranty_id, unit_id, company_id, kind, date, days, months, whole_day, reason, active,
                    user_id, create_uid, create_date, write_uid, write_date
                )
                SELECT warranty.id, warranty.unit_id, warranty.company_id, 'start', begun.date, begun.days, begun.months,
                       begun.whole_day, %(reason)s, TRUE, %(uid)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(ids)s, %(dates)s::date[], %(days)s, %(months)s, %(whole)s)
                    AS begun(id, date, days, months, whole_day)
                  JOIN after_sales_warranty AS warranty ON warranty.id = begun.id
                """,
                reason=reason or None,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=[warranty.id for warranty, __ in rows],
                dates=[start.date for __, start in rows],
                days=[start.days for __, start in rows],
                months=[start.months for __, start in rows],
                whole=[start.whole_day for __, start in rows],
            )
        )
        warranties.invalidate_recordset(["event_ids"], flush=False)
        self.env["after.sales.warranty"]._after_timing(warranties.unit_id)

    @api.constrains("kind", "warranty_id")
    def _check_legal_waiver(self):
        """What law gives a consumer is not his to give away (L12)."""
        for event in self.filtered(lambda e: e.kind == "waiver"):
            event.warranty_id._ensure_may_be_waived(event.date, ValidationError)

    # === WHO MAY WRITE WHAT === #

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        timed = any(vals.get("months") or vals.get("days") for vals in vals_list)
        self._ensure_may_record({vals.get("kind") for vals in vals_list}, timed)
        events = super().create(vals_list)
        self.env["after.sales.warranty"]._after_timing(events.unit_id)
        return events

    def write(self, vals):
        self.check_access("write")
        self._ensure_may_record(
            {vals.get("kind"), *self.mapped("kind")}, bool({"months", "days"} & vals.keys())
        )
        res = super().write(vals)
        if vals.keys() & TIMING:
            self.env["after.sales.warranty"]._after_timing(self.unit_id)
        return res

    def unlink(self):
        units = self.unit_id
        res = super().unlink()
        self.env["after.sales.warranty"]._after_timing(units)
        return res

    @api.model
    def _ensure_may_record(self, kinds, timed=False):
        """Raise unless the user may write events of these kinds; ``timed`` ones give time."""
        if self.env.su or not (kinds & HELD or timed):
            return
        if not self.env.user.has_group("after_sales_warranty.group_after_sales_manager"):
            raise UserError(
                self.env._(
                    'Give more time with "Give a Warranty" on the unit, record a waiver or a loss of cover '
                    'with "Waiver or Loss of Cover" on the warranty: only a manager writes them into the '
                    "events by hand."
                )
            )

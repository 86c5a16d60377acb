from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import warranty as rules

#: What of an event decides when the cover ends.
TIMING = {"kind", "date", "date_to", "days", "months", "active"}

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
    reason = fields.Char()
    res_model = fields.Char("Source Model", readonly=True)
    res_id = fields.Many2oneReference("Source", model_field="res_model", readonly=True)
    user_id = fields.Many2one("res.users", "Recorded By", default=lambda self: self.env.user, readonly=True)

    _start_uniq = models.UniqueIndex("(warranty_id) WHERE kind = 'start'", "A warranty starts once.")
    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date)", "An event cannot end before it begins."
    )
    _period_positive = models.Constraint(
        "CHECK (days >= 0 AND months >= 0)", "An event never takes time away."
    )

    def _as_event(self):
        self.ensure_one()
        return rules.Event(self.kind, self.date, self.date_to or None, self.days, self.months)

    @api.model
    def _read_commands(self, commands):
        """The events that these commands make, as the pure rules see them; None when they do more than to make some."""
        if any(command[0] != fields.Command.CREATE or not command[2].get("kind") for command in commands):
            return None
        today = fields.Date.context_today(self)
        return tuple(
            rules.Event(
                vals["kind"],
                fields.Date.to_date(vals.get("date")) or today,
                fields.Date.to_date(vals.get("date_to")) or None,
                vals.get("days") or 0,
                vals.get("months") or 0,
            )
            for __, __, vals in commands
            if vals.get("active", True)
        )

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

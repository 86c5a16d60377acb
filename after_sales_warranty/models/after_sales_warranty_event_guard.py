from odoo import api, models
from odoo.exceptions import UserError, ValidationError

#: Kinds of event that an agent records through their own form, with what that form asks for.
HELD = {"extension", "waiver", "void", "repair", "replacement", "transfer"}


class AfterSalesWarrantyEvent(models.Model):
    """What may be written into the ledger, and by whom."""

    _inherit = "after.sales.warranty.event"

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        timed = any(vals.get("months") or vals.get("days") for vals in vals_list)
        self._ensure_may_record({vals.get("kind") for vals in vals_list}, timed)
        events = super().create(vals_list)
        self.env["after.sales.warranty"]._push_extensions(events.unit_id)
        return events

    def write(self, vals):
        self.check_access("write")
        self._ensure_may_record(
            {vals.get("kind"), *self.mapped("kind")}, bool({"months", "days"} & vals.keys())
        )
        res = super().write(vals)
        if vals.keys() & {"date_to", "days", "months"}:
            self.env["after.sales.warranty"]._push_extensions(self.unit_id)
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

    @api.constrains("kind", "warranty_id")
    def _check_legal_waiver(self):
        """What law gives a consumer is not his to give away (L12)."""
        for event in self.filtered(lambda e: e.kind == "waiver"):
            event.warranty_id._ensure_may_be_waived(event.date, ValidationError)

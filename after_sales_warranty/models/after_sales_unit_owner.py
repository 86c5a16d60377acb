from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AfterSalesUnitOwner(models.Model):
    """Who owned a unit from when until when; one open row at most."""

    _name = "after.sales.unit.owner"
    _description = "Owner of an Installed Unit"
    _inherit = ["after.sales.batch.mixin"]
    _order = "date_from desc, id desc"

    unit_id = fields.Many2one(
        "after.sales.unit", "Installed Unit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one("res.partner", "Owner", required=True, index=True, ondelete="restrict")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date(
        "Until", help="The day on which the unit passed on; the next owner has it from then."
    )

    _open_uniq = models.UniqueIndex("(unit_id) WHERE date_to IS NULL", "A unit has one owner at a time.")
    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An owner cannot give away what he has not got yet.",
    )

    @api.constrains("unit_id", "date_from", "date_to")
    def _check_overlap(self):
        """Nobody owns a unit before his predecessor gave it away."""
        for unit in self.unit_id:
            rows = unit.owner_ids.sorted(lambda row: (row.date_from, row.date_to or date.max))
            for row, following in zip(rows, rows[1:], strict=False):
                if not row.date_to or row.date_to > following.date_from:
                    raise ValidationError(
                        self.env._(
                            "%(first)s owns %(unit)s until %(day)s: %(second)s cannot own it before.",
                            first=row.partner_id.display_name,
                            unit=unit.display_name,
                            day=row.date_to or "…",
                            second=following.partner_id.display_name,
                        )
                    )

    def _close(self, day):
        """The owners of today own no longer, from ``day`` on."""
        # Rows of the owner history are written by the unit, never by hand.
        for row_sudo in self.sudo().filtered(lambda row: not row.date_to):
            row_sudo.date_to = max(row_sudo.date_from, day)

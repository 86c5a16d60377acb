from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class AfterSalesContractPause(models.Model):
    """Days inside the term on which a contract gives nothing and costs nothing: no cover, no visits, no price."""

    _name = "after.sales.contract.pause"
    _description = "Pause of a Service Contract"
    _order = "contract_id, date_from"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    date_from = fields.Date("First Day of the Pause", required=True)
    date_to = fields.Date("Last Day of the Pause", help="Empty: until somebody resumes the contract.")
    reason = fields.Char()
    visit_ids = fields.One2many("after.sales.contract.visit", "pause_id", "Visits Called Off")

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A pause ends after it begins.")

    @api.constrains("contract_id", "date_from", "date_to")
    def _check_pause(self):
        for pause in self:
            contract = pause.contract_id
            last = pause.date_to or pause.date_from
            if not (
                contract.date_start and contract.date_start <= pause.date_from and last <= contract.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "A pause lies between the start (%(start)s) and the end (%(stop)s) of the contract.",
                        start=format_date(self.env, contract.date_start),
                        stop=format_date(self.env, contract.date_end),
                    )
                )
            contract._check_pause_days(pause.date_from, pause.date_to, pause)

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for pause in self:
            days = [format_date(self.env, day) if day else "…" for day in (pause.date_from, pause.date_to)]
            pause.display_name = " - ".join(days)

    def _get_gap(self):
        """First and last day without service."""
        self.ensure_one()
        return self.date_from, self.date_to or date.max

    def _resume(self, day):
        """The contract is in force again from a day on; visits that were called off for later come back.

        A pause that would have no day left disappears.
        """
        for pause in self:
            back = pause.visit_ids.filtered(lambda visit: visit.date >= day)
            back.action_replan()
            back.pause_id = False
            if day <= pause.date_from:
                pause.unlink()
            else:
                pause.date_to = day - timedelta(days=1)

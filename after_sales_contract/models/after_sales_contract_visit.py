from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesContractVisit(models.Model):
    """A visit that a contract owes; the intervention that does it is helpdesk's."""

    _name = "after.sales.contract.visit"
    _description = "Planned Visit of a Service Contract"
    _order = "date, id"
    _check_company_auto = True

    # Its company is that of the contract: comparing them would leave a new visit without any contract to choose.
    contract_id = fields.Many2one("after.sales.contract", required=True, index=True, ondelete="cascade")
    plan_id = fields.Many2one("after.sales.contract.visit.plan", index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    site_id = fields.Many2one("res.partner", check_company=True)
    service_id = fields.Many2one("after.sales.service", required=True, index=True, check_company=True)
    unit_id = fields.Many2one("after.sales.unit", index="btree_not_null", check_company=True)
    user_id = fields.Many2one(related="contract_id.user_id")
    date = fields.Date(required=True, index=True)
    date_planned = fields.Date(
        "Originally on", readonly=True, help="The day of the plan, whatever it was moved to."
    )
    tolerance = fields.Integer("Tolerance (days)")
    state = fields.Selection(
        [("planned", "Planned"), ("scheduled", "Scheduled"), ("done", "Done"), ("cancelled", "Called Off")],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    date_done = fields.Date("Done On", readonly=True, copy=False)
    pause_id = fields.Many2one(
        "after.sales.contract.pause",
        "Called off by",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    note = fields.Text()

    _plan_date_uniq = models.UniqueIndex(
        "(plan_id, date_planned) WHERE plan_id IS NOT NULL", "A plan has one visit a day."
    )
    _tolerance_positive = models.Constraint("CHECK (tolerance >= 0)", "The tolerance cannot be negative.")

    @api.depends("service_id", "contract_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = " · ".join(filter(None, (visit.partner_id.name, visit.service_id.name)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(visit.state in ("scheduled", "done") for visit in self):
            raise UserError(self.env._("A visit that is scheduled or done cannot be deleted."))

    def _get_names(self):
        """Service and day of each, in the language of the contract's company."""
        env = self.contract_id._in_words_of_company().env
        return ", ".join(
            f"{visit.service_id.name} {format_date(env, visit.date)}" for visit in self.with_env(env)
        )

    def action_done(self):
        open_visits = self.filtered(lambda visit: visit.state in ("planned", "scheduled"))
        open_visits.write({"state": "done", "date_done": fields.Date.context_today(self)})

    def action_cancel(self):
        if done := self.filtered(lambda visit: visit.state == "done"):
            raise UserError(
                self.env._("%(visit)s is done and cannot be cancelled.", visit=done[0].display_name)
            )
        self.state = "cancelled"

    def action_replan(self):
        self.filtered(lambda visit: visit.state in ("scheduled", "cancelled")).state = "planned"

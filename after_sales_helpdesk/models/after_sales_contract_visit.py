from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

LEAD_DAYS = 14
"""How early the intervention of a visit is made that no plan asked for."""


class AfterSalesContractVisit(models.Model):
    """The visits that contracts owe become interventions, once each, and say what was executed of the plan."""

    _inherit = "after.sales.contract.visit"

    intervention_ids = fields.One2many("after.sales.intervention", "contract_visit_id", "Interventions")
    intervention_id = fields.Many2one("after.sales.intervention", compute="_compute_intervention_id")
    date_prepare = fields.Date(
        "Prepare On",
        compute="_compute_date_prepare",
        store=True,
        help="From this day on it is an intervention.",
    )
    move_reason = fields.Char("Why Moved", copy=False, help="Why it is not on the day of the plan.")
    days_off = fields.Integer(
        "Days Late",
        compute="_compute_executed",
        store=True,
        aggregator="avg",
        help="Days from the day of the plan to the day it was done; less than zero is early.",
    )
    execution = fields.Selection(
        [
            ("open", "Not Done Yet"),
            ("in_time", "Within Tolerance"),
            ("early", "Too Early"),
            ("late", "Too Late"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_executed",
        store=True,
        index=True,
    )

    _to_prepare = models.Index("(date_prepare) WHERE state = 'planned'")

    @api.depends("intervention_ids.state")
    def _compute_intervention_id(self):
        for visit in self:
            live = visit.intervention_ids.filtered(lambda job: job.state != "cancelled")
            visit.intervention_id = live.sorted("id")[-1:]

    @api.depends("date", "plan_id.lead_days")
    def _compute_date_prepare(self):
        for visit in self:
            days = visit.plan_id.lead_days if visit.plan_id else LEAD_DAYS
            visit.date_prepare = visit.date and visit.date - timedelta(days=days)

    @api.depends("date", "date_planned", "date_done", "tolerance", "state")
    def _compute_executed(self):
        for visit in self:
            planned = visit.date_planned or visit.date
            visit.days_off = (visit.date_done - planned).days if visit.date_done and planned else 0
            if visit.state == "done" and abs(visit.days_off) > visit.tolerance:
                visit.execution = "late" if visit.days_off > 0 else "early"
            else:
                visit.execution = {"done": "in_time", "cancelled": "cancelled"}.get(visit.state, "open")

    def write(self, vals):
        result = super().write(vals)
        if "date" in vals and not self.env.su:
            self._ensure_move_has_reason()
        return result

    def _ensure_move_has_reason(self):
        """Beyond its tolerance a visit is moved with a reason: the customer was promised the day of the plan."""
        for visit in self.filtered(lambda visit: visit.date_planned and not visit.move_reason):
            if abs((visit.date - visit.date_planned).days) > visit.tolerance:
                raise UserError(
                    self.env._(
                        "%(visit)s is moved by more than the %(days)s days of its tolerance: say why on the visit.",
                        visit=visit.display_name,
                        days=visit.tolerance,
                    )
                )

    # Interventions

    def action_prepare(self):
        """Make the interventions of these visits now."""
        self.check_access("write")
        for visit in self:
            if visit.state != "planned":
                raise UserError(self.env._("%s is not to be planned.", visit.display_name))
            if visit.contract_id.state not in ("running", "notice"):
                raise UserError(self.env._("%s is not running.", visit.contract_id.display_name))
        self._prepare_interventions()

    @api.model
    def _get_to_prepare_domain(self):
        """What is due: of running contracts, and of units that are in service and were delivered before (D49)."""
        unit = Domain("unit_id", "=", False) | (
            Domain("unit_id.state", "=", "in_service")
            & (Domain("unit_id.delivery_date", "=", False) | Domain("unit_id.delivery_date", "<=", "today"))
        )
        return (
            Domain("state", "=", "planned")
            & Domain("date_prepare", "<=", "today")
            & Domain("contract_id.state", "in", ("running", "notice"))
            & unit
        )

    def _prepare_interventions(self):
        """One intervention a visit. The visits are locked: two runs at once make none twice."""
        visits = self.try_lock_for_update().filtered(lambda visit: visit.state == "planned")
        jobs = self.env["after.sales.intervention"].create(
            [visit._prepare_intervention_vals() for visit in visits]
        )
        visits.write({"state": "scheduled"})
        return jobs

    def _prepare_intervention_vals(self):
        self.ensure_one()
        contract = self.contract_id
        return {
            "contract_visit_id": self.id,
            "contract_id": contract.id,
            "company_id": self.company_id.id,
            "partner_id": contract.partner_id.id,
            "site_id": (self.site_id or self.unit_id.site_id or contract.partner_id).id,
            "unit_id": self.unit_id.id,
            "service_id": self.service_id.id,
            "date_start": self._get_start(),
            "technician_ids": [],
            "description": self.note,
        }

    def _get_start(self):
        """The visit's day at nine where the company is, until somebody plans it."""
        zone = pytz.timezone(self.company_id.partner_id.tz or self.env.user.tz or "UTC")
        local = zone.localize(datetime.combine(self.date, time(9)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @api.model
    def _cron_prepare(self, batch_size=200):
        """Make interventions of the visits that come near, oldest first, batch by batch."""
        domain = self._get_to_prepare_domain()
        left = self.search_count(domain)
        while visits := self.search(domain, limit=batch_size, order="date_prepare, id"):
            if not visits._prepare_interventions():
                break  # another run has them
            left -= len(visits)
            if not self.env["ir.cron"]._commit_progress(len(visits), remaining=max(left, 0)):
                break

    def action_open_after_sales_call(self):
        """The customer rings about the visit that is due: a call that knows what it is about."""
        self.ensure_one()
        action = self.env["after.sales.ticket"]._get_new_call_action(
            self.contract_id.partner_id, self.unit_id
        )
        about = {
            "default_contract_id": self.contract_id.id,
            "default_service_id": self.service_id.id,
            "default_site_id": self.site_id.id,
        }
        return action | {"context": action["context"] | about}

    def action_view_interventions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_intervention_action"
        )
        return action | {"domain": [("contract_visit_id", "=", self.id)], "context": {"create": False}}

    def action_cancel(self):
        """A visit that is called off takes its intervention along, as long as nobody left for it."""
        jobs = self.intervention_ids.filtered(lambda job: job.state not in ("done", "cancelled"))
        result = super().action_cancel()
        jobs.action_cancel()
        return result

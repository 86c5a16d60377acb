from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.timeline import touches


class AfterSalesIntervention(models.Model):
    """Who goes, when, and whether he is free: over the whole duration of a visit, not only at its start."""

    _inherit = "after.sales.intervention"

    technician_id = fields.Many2one(
        "resource.resource",
        "Lead Technician",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('id', 'in', technician_ids)]",
        check_company=True,
        tracking=True,
    )
    date_start = fields.Datetime("Planned Start", index=True, tracking=True, copy=False)
    date_end = fields.Datetime(
        "Planned End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    hours_planned = fields.Float("Planned Hours", compute="_compute_hours_planned", store=True)
    planning_warning = fields.Char(compute="_compute_planning_warning")

    _date_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "An intervention cannot end before it starts.",
    )

    def _default_technician_ids(self):
        """A technician who writes a visit of his own is on it, or he could not read it back."""
        technician = self.env["resource.resource"]._get_own_technician()
        return technician.ids

    @api.depends("technician_ids")
    def _compute_technician_id(self):
        for record in self:
            technicians = record.technician_ids._origin  # a form edits copies of them; the lead is no copy
            if record.technician_id not in technicians:
                record.technician_id = technicians[:1]

    @api.depends("date_start", "service_id")
    def _compute_date_end(self):
        for record in self:
            if not record.date_start:
                record.date_end = False
            elif not record.date_end or record.date_end < record.date_start:
                record.date_end = record._get_planned_end(record.date_start)

    def _get_planned_end(self, start):
        """When a visit that starts then ends, by the duration of its service."""
        self.ensure_one()
        return fields.Datetime.add(start, hours=self.service_id.duration or 1.0)

    @api.depends("date_start", "date_end")
    def _compute_hours_planned(self):
        for record in self:
            span = record.date_start and record.date_end and record.date_end - record.date_start
            record.hours_planned = span.total_seconds() / 3600 if span else 0.0

    @api.constrains("technician_id", "technician_ids")
    def _check_lead(self):
        for record in self:
            if record.technician_id and record.technician_id not in record.technician_ids:
                raise ValidationError(self.env._("The lead technician must be one of the technicians."))

    @api.depends(
        "date_start", "date_end", "technician_ids", "state", "contract_id", "unit_id", "pool_hours_missing"
    )
    @api.depends_context("lang")
    def _compute_planning_warning(self):
        to_plan = self.filtered(
            lambda visit: visit.state in ("draft", "planned") and visit.date_start and visit.date_end
        )
        (self - to_plan).planning_warning = False
        # sudo: a technician is busy on visits, too, that the user may not see
        others_sudo = self.sudo().search(to_plan._get_overlap_domain()) if to_plan else self.browse()
        for visit in to_plan:
            past = visit.date_start < fields.Datetime.now() and self.env._("This moment is past.")
            busy = [visit._get_busy_reason(technician, others_sudo) for technician in visit.technician_ids]
            day = fields.Datetime.context_timestamp(visit, visit.date_start).date()
            ended = visit.unit_id._get_ended_contract(visit.contract_id)._get_end_warning(day)
            reasons = [past, *busy, ended, visit._get_pool_warning()]
            visit.planning_warning = " ".join(filter(None, reasons))

    def _get_overlap_domain(self):
        """Visits that may share a technician and a moment with one of these."""
        return (
            Domain("technician_ids", "in", self.technician_ids.ids)
            & Domain("state", "in", ["planned", "in_progress"])
            & Domain("date_start", "<", max(self.mapped("date_end")))
            & Domain("date_end", ">", min(self.mapped("date_start")))
        )

    def _get_busy_reason(self, technician, others):
        """Why the technician cannot go: another visit, or his working hours and leaves."""
        self.ensure_one()
        other = others.filtered(
            lambda visit: (
                visit != self._origin
                and technician._origin in visit.technician_ids
                and visit.date_start < self.date_end
                and visit.date_end > self.date_start
            )
        )[:1]
        if other:
            return self.env._(
                "%(technician)s is on %(intervention)s at that time.",
                technician=technician.name,
                intervention=other.name,
            )
        block = (self.date_start, self.date_end)
        start, end = (moment.replace(tzinfo=UTC) for moment in block)
        off = technician._origin._get_time_off(start, end)[technician._origin.id]
        if touches(block, off):
            return self.env._("%s does not work at that time.", technician.name)
        return False

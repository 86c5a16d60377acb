from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesIntervention(models.Model):
    """Who is free: over the whole duration of a visit, not only at its start."""

    _inherit = "after.sales.intervention"

    planning_warning = fields.Char(compute="_compute_planning_warning")

    @api.depends("date_start", "date_end", "technician_ids", "state")
    def _compute_planning_warning(self):
        to_plan = self.filtered(
            lambda visit: visit.state in ("draft", "planned") and visit.date_start and visit.date_end
        )
        (self - to_plan).planning_warning = False
        # sudo: a technician is busy on visits, too, that the user may not see
        others_sudo = self.sudo().search(to_plan._get_overlap_domain()) if to_plan else self.browse()
        for visit in to_plan:
            reasons = [visit._get_busy_reason(technician, others_sudo) for technician in visit.technician_ids]
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
        start, end = (
            fields.Datetime.context_timestamp(self, moment) for moment in (self.date_start, self.date_end)
        )
        # sudo: whether, not why, somebody is away
        if technician.sudo()._get_unavailable_intervals(start, end).get(technician.id):
            return self.env._("%s does not work at that time.", technician.name)
        return False

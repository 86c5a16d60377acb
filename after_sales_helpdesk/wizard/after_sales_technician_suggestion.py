from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..tools.suggest import Facts, distance, score


class AfterSalesTechnicianSuggestion(models.TransientModel):
    """Who to send to a call: technicians by skill, free time, distance and knowledge of the customer."""

    _name = "after.sales.technician.suggestion"
    _description = "Suggest a Technician"

    ticket_id = fields.Many2one("after.sales.ticket", string="Call", required=True, ondelete="cascade")
    service_id = fields.Many2one(related="ticket_id.service_id")
    site_id = fields.Many2one(related="ticket_id.site_id")
    date_start = fields.Datetime(
        string="Start",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    hours = fields.Float(compute="_compute_hours", store=True, readonly=False)
    line_ids = fields.One2many("after.sales.technician.suggestion.line", "suggestion_id")

    @api.depends("ticket_id")
    def _compute_date_start(self):
        """The next full hour, or when work begins again in the hours of the team."""
        next_hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        for wizard in self:
            team = wizard.ticket_id.team_id
            # sudo: public holidays, which an agent may not read
            calendar_sudo = (team.calendar_id or wizard.ticket_id.company_id.resource_calendar_id).sudo()
            opens = calendar_sudo and calendar_sudo.plan_hours(0, next_hour, compute_leaves=True)
            wizard.date_start = opens or next_hour

    @api.depends("ticket_id")
    def _compute_hours(self):
        for wizard in self:
            wizard.hours = wizard.ticket_id.service_id.duration or 1.0

    @api.onchange("date_start", "hours")
    def _onchange_span(self):
        """What was found for another time is no answer; only saved rows can be planned, so one searches again."""
        self.line_ids = False

    def action_search(self):
        """Find who can go at that time and show the dialog again, with rows to plan from."""
        self.ensure_one()
        self.line_ids = [Command.clear(), *map(Command.create, self._prepare_lines())]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suggest a Technician"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # Facts ----------------------------------------------------------------------------------------------------------

    def _get_technicians(self):
        return self.env["resource.resource"].search(
            [
                ("is_technician", "=", True),
                ("company_id", "in", [False, self.ticket_id.company_id.id]),
            ]
        )

    def _prepare_lines(self):
        """A row for each technician, the best first; what all of them share is read once."""
        self.ensure_one()
        technicians = self._get_technicians()
        needed = self.ticket_id.service_id.skill_ids
        day = fields.Datetime.context_timestamp(self, self.date_start).date()
        skills, busy = technicians._get_valid_skills(day), self._get_busy(technicians)
        visits, distances = self._get_visits(technicians), self._get_distances(technicians)
        rows = []
        for technician in technicians:
            missing = needed - skills[technician]
            facts = Facts(
                skills=1 - len(missing) / len(needed) if needed else 1.0,
                free=not busy[technician],
                km=distances.get(technician),
                visits=visits.get(technician, 0),
            )
            rows.append(self._prepare_line(technician, facts, missing, busy[technician]))
        return sorted(rows, key=lambda row: -row["score"])

    def _prepare_line(self, technician, facts, missing, busy):
        known = self.env._("visits to this customer: %s", facts.visits) if facts.visits else ""
        lacks = self.env._("lacks: %s", ", ".join(missing.mapped("name"))) if missing else ""
        return {
            "technician_id": technician.id,
            "score": score(facts),
            "is_free": facts.free,
            "distance_km": facts.km or 0.0,
            "is_distance_known": facts.km is not None,
            "visit_count": facts.visits,
            "reason": " · ".join(filter(None, (lacks, busy, known))),
        }

    def _get_busy(self, technicians):
        """Why each of them cannot go, over the whole duration; False for who is free. All are asked at once."""
        start = self.date_start
        stop = start + timedelta(hours=max(self.hours, 0.25))
        # sudo: a technician is busy on visits, too, that the user may not see; whether, not why, somebody is away
        visits_sudo = self.env["after.sales.intervention"].sudo()
        visits_sudo = visits_sudo.search(
            Domain("technician_ids", "in", technicians.ids)
            & Domain("state", "in", ["planned", "in_progress"])
            & Domain("date_start", "<", stop)
            & Domain("date_end", ">", start)
        )
        span = start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC)
        off = technicians.sudo()._get_unavailable_intervals(*span)
        return {
            technician: self._get_busy_reason(technician, visits_sudo, off.get(technician.id, ()), span)
            for technician in technicians
        }

    def _get_busy_reason(self, technician, visits_sudo, off, span):
        visit = visits_sudo.filtered(lambda visit: technician in visit.technician_ids)[:1]
        if visit:
            return self.env._(
                "%(technician)s is on %(intervention)s at that time.",
                technician=technician.name,
                intervention=visit.name,
            )
        if any(max(begin, span[0]) < min(end, span[1]) for begin, end in off):
            return self.env._("%s does not work at that time.", technician.name)
        return False

    def _get_visits(self, technicians):
        """How often each of them has been at the customer."""
        visits_sudo = self.env["after.sales.intervention"].sudo()  # also those of the others
        groups = visits_sudo._read_group(
            Domain("technician_ids", "in", technicians.ids)
            & Domain("commercial_partner_id", "=", self.ticket_id.commercial_partner_id.id)
            & Domain("state", "=", "done")
            & Domain("is_remote", "=", False),
            ["technician_ids"],
            ["__count"],
        )
        return {technician.sudo(False): count for technician, count in groups}

    def _get_distances(self, technicians):
        """Kilometres to the site from the nearest place that day: another visit, else where the technician lives."""
        site = self._get_point(self.site_id)
        if not site:
            return {}
        day = self.date_start.replace(hour=0, minute=0, second=0)
        visits_sudo = self.env["after.sales.intervention"].sudo()  # also those of the others
        visits_sudo = visits_sudo.search(
            Domain("technician_ids", "in", technicians.ids)
            & Domain("state", "in", ["planned", "in_progress", "done"])
            & Domain("date_start", ">=", day)
            & Domain("date_start", "<", day + timedelta(days=1))
        )
        found = {}
        for technician in technicians:
            stops = visits_sudo.filtered(lambda visit, t=technician: t in visit.technician_ids).site_id
            places = filter(None, map(self._get_point, stops or technician.sudo().user_id.partner_id))
            if km := [distance(site, place) for place in places]:
                found[technician] = min(km)
        return found

    @api.model
    def _get_point(self, partner):
        partner_sudo = partner.sudo()  # where, not who
        point = (partner_sudo.partner_latitude, partner_sudo.partner_longitude)
        return point if any(point) else None

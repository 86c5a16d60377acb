from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import formatLang

from ..tools.suggest import Facts, distance, next_free, score
from ..tools.timeline import touches

HORIZON = timedelta(days=14)
"""How far ahead a free moment is looked for."""


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
        skills, (engaged, off) = technicians._get_valid_skills(day), self._get_engagements(technicians)
        visits, places = self._get_visits(technicians), self._get_nearest_places(technicians)
        rows = []
        for technician in technicians:
            missing = needed - skills[technician]
            own = engaged[technician], off[technician.id]
            busy = self._get_busy_reason(technician, *own)
            facts = Facts(
                skills=1 - len(missing) / len(needed) if needed else 1.0,
                free=not busy,
                km=places[technician][0] if technician in places else None,
                visits=visits.get(technician, 0),
            )
            near = self._get_nearness(places.get(technician))
            row = self._prepare_line(technician, facts, missing, busy, near)
            rows.append(dict(row, date_free=self._get_next_free(*own)))
        return sorted(rows, key=lambda row: -row["score"])

    def _prepare_line(self, technician, facts, missing, busy, near):
        known = self.env._("visits to this customer: %s", facts.visits) if facts.visits else ""
        lacks = self.env._("lacks: %s", ", ".join(missing.mapped("name"))) if missing else ""
        return {
            "technician_id": technician.id,
            "score": score(facts),
            "is_free": facts.free,
            "distance_km": facts.km or 0.0,
            "is_distance_known": facts.km is not None,
            "visit_count": facts.visits,
            "reason": " · ".join(filter(None, (lacks, busy, known, near))),
        }

    def _get_engagements(self, technicians):
        """What keeps each of them from going in the coming weeks: visits ({technician: visits}, as superuser), and time
        off ({id: stretches}). All are asked at once."""
        start, stop = self.date_start, self.date_start + HORIZON
        # sudo: a technician is busy on visits, too, that the user may not see; whether, not why, somebody is away
        visits_sudo = self.env["after.sales.intervention"].sudo()
        visits_sudo = visits_sudo.search_fetch(
            Domain("technician_ids", "in", technicians.ids)
            & Domain("state", "in", ["planned", "in_progress"])
            & Domain("date_start", "<", stop)
            & Domain("date_end", ">", start),
            ["name", "date_start", "date_end", "technician_ids"],
        )
        visits = {
            technician: visits_sudo.filtered(lambda visit, t=technician: t in visit.technician_ids)
            for technician in technicians
        }
        return visits, technicians._get_time_off(start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC))

    def _get_length(self):
        return timedelta(hours=max(self.hours, 0.25))

    def _get_busy_reason(self, technician, visits_sudo, off):
        """Why he cannot go, over the whole duration; False for who is free."""
        start, stop = self.date_start, self.date_start + self._get_length()
        visit = visits_sudo.filtered(lambda visit: visit.date_start < stop and visit.date_end > start)[:1]
        if visit:
            return self.env._(
                "%(technician)s is on %(intervention)s at that time.",
                technician=technician.name,
                intervention=visit.name,
            )
        if touches((start, stop), off):
            return self.env._("%s does not work at that time.", technician.name)
        return False

    def _get_next_free(self, visits_sudo, off):
        """When he can go next, from the wanted start on; False when he is full for two weeks."""
        blocks = [(visit.date_start, visit.date_end) for visit in visits_sudo]
        until = self.date_start + HORIZON
        return next_free(self.date_start, self._get_length(), blocks, off, until) or False

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

    def _get_nearest_places(self, technicians):
        """The nearest place of each of them that day: another visit, else where he lives ({technician: (km, visit)})."""
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
            stops = visits_sudo.filtered(lambda visit, t=technician: t in visit.technician_ids)
            places = [(self._get_point(visit.site_id), visit) for visit in stops]
            places = places or [(self._get_point(technician.sudo().user_id.partner_id), stops)]
            if near := [(distance(site, point), visit) for point, visit in places if point]:
                found[technician] = min(near, key=lambda place: place[0])
        return found

    def _get_nearness(self, place):
        """Where the technician comes from, in words."""
        if not place:
            return ""
        km, visit = formatLang(self.env, place[0], digits=1), place[1]
        if visit:
            return self.env._("%(km)s km from %(visit)s of that day", km=km, visit=visit.name)
        return self.env._("%s km from home", km)

    @api.model
    def _get_point(self, partner):
        partner_sudo = partner.sudo()  # where, not who
        point = (partner_sudo.partner_latitude, partner_sudo.partner_longitude)
        return point if any(point) else None

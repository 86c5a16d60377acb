from collections import defaultdict
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.timeline import lanes, overlapping, touches

LONGEST = 31
"""Days that are shown at most."""

MOST_TO_PLAN = 80


class AfterSalesIntervention(models.Model):
    """The timeline of the planner: a row for each technician, a block for each visit, and what waits for a date."""

    _inherit = "after.sales.intervention"

    # Reading
    # -------

    @api.model
    def get_timeline(self, date_from, days, query=""):
        """Everything the timeline shows, in one call and in a number of statements that does not grow with the rows.

        :param str date_from: first day, in the time zone of the user
        :param int days: how many days, at most 31
        :param str query: part of a number, customer or subject, to find what is to plan
        :return: ``rows`` of technicians with their visits (lane and clash of each), ``offs`` by the key that rows name
            (they share calendars), ``to_plan``. Moments are UTC, as the web client reads them.
        """
        self.browse().check_access("read")
        zone = ZoneInfo(self.env.user.tz or "UTC")
        first = fields.Date.to_date(date_from)
        days = max(1, min(int(days), LONGEST))
        start, stop = (
            fields.Datetime.to_datetime(day).replace(tzinfo=zone).astimezone(UTC)
            for day in (first, first + timedelta(days=days))
        )
        technicians = self.env["resource.resource"].search_fetch(
            Domain("is_technician", "=", True) & Domain("company_id", "in", [*self.env.companies.ids, False]),
            ["name", "company_id", "calendar_id", "tz", "skill_ids"],
            order="name, id",
        )
        off = technicians._get_time_off(start, stop)
        visits = self._get_timeline_visits(technicians, start.replace(tzinfo=None), stop.replace(tzinfo=None))
        by_technician = defaultdict(self.browse)
        for visit in visits:
            for technician in visit.technician_ids:
                by_technician[technician] |= visit
        leaves = technicians._get_leaves(start, stop)
        shared, rows = {}, []
        for technician in technicians:
            key = shared.setdefault(tuple(off[technician.id]), len(shared))
            own = by_technician[technician]
            rows.append(
                {
                    "id": technician.id,
                    "name": technician.name,
                    "skill_ids": technician.skill_ids.ids,
                    "skills": ", ".join(technician.skill_ids.mapped("name")),
                    "off": key,
                    "visits": own._prepare_timeline_blocks(off[technician.id]),
                    "leaves": [self._to_timeline(stretch) for stretch in leaves.get(technician.id, ())],
                }
            )
        return {
            "rows": rows,
            "offs": {key: [self._to_timeline(s) for s in stretches] for stretches, key in shared.items()},
            "visits": {visit.id: visit._prepare_timeline_visit() for visit in visits},
            "to_plan": self._get_timeline_to_plan(query),
        }

    @api.model
    def _to_timeline(self, stretch):
        return [fields.Datetime.to_string(moment) for moment in stretch]

    @api.model
    def _get_timeline_visits(self, technicians, start, stop):
        return self.search(
            Domain("technician_ids", "in", technicians.ids)
            & Domain("state", "!=", "cancelled")
            & Domain("date_start", "<", stop)
            & Domain("date_end", ">", start),
            order="date_start, id",
        )

    def _prepare_timeline_blocks(self, off):
        """The blocks of one technician: what is still to do collides with other visits, and with time he is off."""
        blocks = [(visit.date_start, visit.date_end) for visit in self]
        return [
            {
                "id": visit.id,
                "lane": lane,
                "clash": visit.state in ("draft", "planned")
                and (("visit" if double else "") or (touches(block, off) and "off") or False),
            }
            for visit, block, lane, double in zip(
                self, blocks, lanes(blocks), overlapping(blocks), strict=True
            )
        ]

    def _prepare_timeline_visit(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "start": fields.Datetime.to_string(self.date_start),
            "stop": fields.Datetime.to_string(self.date_end),
            "state": self.state,
            "customer": self.partner_id.name or "",
            "city": self.site_id.city or "",
            "service": self.service_id.name or "",
            "technician_ids": self.technician_ids.ids,
            "skill_ids": self.service_id.skill_ids.ids,
        }

    @api.model
    def _get_timeline_to_plan(self, query):
        """Visits without a date or a technician, then calls that may have a visit and have none, the most urgent first."""
        visits_domain = Domain("state", "=", "draft") & (
            Domain("date_start", "=", False) | Domain("technician_ids", "=", False)
        )
        free = ~Domain("regime_id.requires_authorisation", "=", True)
        calls_domain = (
            (Domain("state", "=", "authorised") | (Domain("state", "=", "checked") & free))
            & Domain("intervention_ids", "not any", [("state", "in", ["draft", "planned", "in_progress"])])
            & Domain("awaits_goods", "=", False)
        )
        if query:
            found = Domain("name", "ilike", query) | Domain("partner_id", "ilike", query)
            visits_domain &= found
            calls_domain &= found | Domain("subject", "ilike", query)
        visits = self.search(visits_domain, limit=MOST_TO_PLAN, order="id desc")
        Ticket = self.env["after.sales.ticket"]
        calls = Ticket.search(calls_domain, limit=MOST_TO_PLAN - len(visits))
        items = [visit._prepare_timeline_item(visit.description, visit.ticket_id) for visit in visits]
        return items + [
            {**self._prepare_timeline_call(call), "priority": call.priority, "subject": call.subject}
            for call in calls
        ]

    def _prepare_timeline_item(self, subject, ticket):
        self.ensure_one()
        return {
            "model": self._name,
            "id": self.id,
            "name": self.name,
            "subject": subject or ticket.subject or "",
            "customer": self.partner_id.name or "",
            "city": self.site_id.city or "",
            "service": self.service_id.name or "",
            "skill_ids": self.service_id.skill_ids.ids,
            "hours": self.service_id.duration or 1.0,
            "priority": ticket.priority or "0",
            "deadline": fields.Datetime.to_string(ticket.date_deadline) or False,
        }

    @api.model
    def _prepare_timeline_call(self, call):
        return {
            "model": call._name,
            "id": call.id,
            "name": call.name,
            "customer": call.partner_id.name or "",
            "city": call.site_id.city or "",
            "service": call.service_id.name or "",
            "skill_ids": call.service_id.skill_ids.ids,
            "hours": call.service_id.duration or 1.0,
            "deadline": fields.Datetime.to_string(call.date_deadline) or False,
        }

    # Planning
    # --------

    @api.model
    def plan_on_timeline(self, model, record_id, technician_id, start, from_technician_id=False):
        """Drop a call or a visit on a technician's row: it is planned there, or nothing happens and the reason is said.

        :param str model: after.sales.ticket or after.sales.intervention
        :param str start: UTC; the length of the visit stays what it was
        :param from_technician_id: whose block was dragged; the others of a visit stay on it
        :return: the visit and what speaks against that moment, if anything does
        """
        technician = self.env["resource.resource"].browse(technician_id).exists()
        if not technician.is_technician:
            raise UserError(self.env._("Choose a technician: this row is none."))
        if model == "after.sales.ticket":
            call = self.env[model].browse(record_id)
            call.check_access("read")
            visit = self.with_context(**call.action_plan()["context"]).create({"technician_ids": False})
        else:
            visit = self.browse(record_id)
        visit._move_on_timeline(technician, fields.Datetime.to_datetime(start), from_technician_id)
        return {"id": visit.id, "name": visit.name, "warning": visit.planning_warning or ""}

    def _move_on_timeline(self, technician, start, from_technician_id=False):
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "planned"):
            raise UserError(self.env._("%s has begun or is finished: it cannot be planned anew.", self.name))
        length = (
            self.date_end - self.date_start
            if self.date_start and self.date_end
            else timedelta(hours=self.service_id.duration or 1.0)
        )
        leaving = self.technician_ids.filtered(lambda t: t.id == from_technician_id) - technician
        staying = self.technician_ids - leaving | technician
        lead = technician if not self.technician_id or self.technician_id in leaving else self.technician_id
        self.write(
            {
                "date_start": start,
                "date_end": start + length,
                "technician_ids": [Command.set(staying.ids)],
                "technician_id": lead.id,
            }
        )
        if self.state == "draft":
            self.action_plan()

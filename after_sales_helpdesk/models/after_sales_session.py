from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.after_sales_contract.tools import bands


class AfterSalesSession(models.Model):
    """A stretch of a technician's time on a visit: travel, work or waiting."""

    _name = "after.sales.session"
    _description = "Work Session"
    _inherit = ["after.sales.billable.mixin"]
    _order = "date_start, id"
    _check_company_auto = True

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="intervention_id.company_id", store=True, index=True)
    ticket_id = fields.Many2one(related="intervention_id.ticket_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one(related="intervention_id.partner_id", store=True, index=True)
    technician_id = fields.Many2one(
        "resource.resource",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
        domain="[('is_technician', '=', True)]",
    )
    kind = fields.Selection(
        [("travel", "Travel"), ("work", "Work"), ("waiting", "Waiting")], default="work", required=True
    )
    date_start = fields.Datetime("Start", required=True, default=fields.Datetime.now, index=True)
    date_stop = fields.Datetime("End")
    hours = fields.Float(compute="_compute_hours", store=True)
    distance_km = fields.Float("Distance (km)", digits=(10, 1))
    is_chargeable = fields.Boolean(
        "Chargeable",
        compute="_compute_is_chargeable",
        store=True,
        readonly=False,
        precompute=True,
        help="Waiting is our own time unless the customer caused it. Its real cost is kept either way.",
    )
    note = fields.Char()

    _end_after_start = models.Constraint(
        "CHECK (date_stop >= date_start)", "A session cannot end before it starts."
    )
    _one_day = models.Constraint(
        "CHECK (date_stop <= date_start + INTERVAL '24 hours')",
        "A session cannot be longer than 24 hours: enter one for each day.",
    )
    # Deferred until `_check_overlap` asks: what this transaction sees itself is told with the name of the other visit.
    _one_place = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(technician_id, technician_id, '[]') WITH &&, tsrange(date_start, date_stop) WITH &&"
        ") DEFERRABLE INITIALLY DEFERRED",
        "The technician has another session at that time, entered at this very moment. Please look at his sessions.",
    )
    _distance_positive = models.Constraint(
        "CHECK (distance_km IS NULL OR distance_km >= 0)", "A distance cannot be negative."
    )

    @api.depends("intervention_id")
    def _compute_technician_id(self):
        own = self.env["resource.resource"]._get_own_technician()
        for session in self:
            session.technician_id = session.technician_id or session.intervention_id._get_worker(own)

    @api.depends("date_start", "date_stop")
    def _compute_hours(self):
        for session in self:
            span = session.date_start and session.date_stop and session.date_stop - session.date_start
            session.hours = span.total_seconds() / 3600 if span else 0.0

    @api.depends("kind")
    def _compute_is_chargeable(self):
        for session in self:
            session.is_chargeable = session.kind != "waiting"

    @api.depends("kind", "technician_id", "date_start")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for session in self:
            session.display_name = f"{kinds.get(session.kind, '')}, {session.technician_id.name}"

    @api.constrains("date_start", "date_stop")
    def _check_not_in_future(self):
        latest = fields.Datetime.add(fields.Datetime.now(), minutes=15)
        for session in self:
            if session.date_start > latest or (session.date_stop and session.date_stop > latest):
                raise ValidationError(self.env._("A session is what was done: it cannot lie in the future."))

    @api.constrains("date_start", "date_stop", "technician_id")
    def _check_overlap(self):
        """Nobody is in two places; his session on somebody else's visit counts too, so no rule filters them."""
        self.flush_model(["technician_id", "date_start", "date_stop"])
        found = self.env.execute_query(
            SQL(
                """SELECT other.id
                     FROM after_sales_session AS own
                     JOIN after_sales_session AS other
                       ON other.technician_id = own.technician_id
                      AND other.id != own.id
                      AND tsrange(other.date_start, other.date_stop) && tsrange(own.date_start, own.date_stop)
                    WHERE own.id = ANY(%s)
                    LIMIT 1""",
                self.ids,
            )
        )
        if found:
            other_sudo = self.sudo().browse(found[0])
            raise ValidationError(
                self.env._(
                    "%(technician)s has another session at that time, on %(visit)s.",
                    technician=other_sudo.technician_id.name,
                    visit=other_sudo.intervention_id.name,
                )
            )
        # What others enter at this moment is hidden from this transaction, not from the constraint: it waits for them.
        self.env.cr.execute(
            "SET CONSTRAINTS after_sales_session_one_place IMMEDIATE;"
            "SET CONSTRAINTS after_sales_session_one_place DEFERRED"
        )

    @api.constrains("date_start", "date_stop", "technician_id", "kind", "distance_km", "is_chargeable")
    def _check_open(self):
        self.intervention_id._ensure_open()

    @api.constrains("date_start", "date_stop", "technician_id", "kind")
    def _check_unsigned(self):
        """The way home comes after the signature; work does not."""
        self.filtered(lambda session: session.kind != "travel").intervention_id._ensure_unsigned()

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.intervention_id._ensure_open()
        self._check_unsigned()

    # after.sales.billable.mixin
    # --------------------------

    def _get_charge_intervention(self):
        return self.intervention_id

    def _get_to_charge_domain(self):
        return Domain("intervention_id.state", "=", "done") & Domain("date_stop", "!=", False)

    def _prepare_charge_vals_list(self):
        vals_list = []
        timed = self.filtered("hours")
        before = timed._get_hours_before()
        pieces = self.env["after.sales.time.band"]._split_batch(
            [(s.date_start, s.date_stop, s.technician_id.tz, s.company_id, before.get(s)) for s in timed]
        )
        pieces_of = dict(zip(timed, pieces, strict=True))
        for session in self:
            if session in pieces_of:
                vals_list += session._prepare_time_vals_list(pieces_of[session])
            if session.distance_km:
                vals_list.append(
                    session._prepare_charge_vals(
                        "travel_km", "km", session.distance_km, **session._prepare_moment_vals()
                    )
                )
        return vals_list

    def _get_hours_before(self):
        """{session: {local day: hours}} that its technician worked or travelled before it, on any visit.

        Asked only where a band of the company begins after so many hours of a day.
        """
        Band = self.env["after.sales.time.band"]
        companies = self.company_id.filtered(
            lambda company: any(Band._get_for_company(company).mapped("after_hours"))
        )
        asking = self.filtered(lambda session: session.company_id in companies)
        if not asking:
            return {}
        # sudo: his hours on visits of others count too
        sessions_sudo = self.sudo().search(
            Domain("technician_id", "in", asking.technician_id.ids)
            & Domain("kind", "!=", "waiting")
            & Domain("date_stop", ">", min(asking.mapped("date_start")) - timedelta(days=1))
            & Domain("date_start", "<", max(asking.mapped("date_stop"))),
            order="date_start, id",
        )
        before, done = {}, defaultdict(lambda: defaultdict(float))
        for session in sessions_sudo:
            hours = done[session.technician_id]
            before[session] = dict(hours)
            for piece in bands.split(
                session.date_start, session.date_stop, session.technician_id.tz or "UTC", []
            ):
                hours[piece.date] += piece.hours
        return {session: before.get(session) for session in asking}

    def _prepare_time_vals_list(self, pieces):
        """One charge for each day and band the session touches, of its time cut into ``pieces`` by band."""
        self.ensure_one()
        slices = defaultdict(list)
        for band, piece in pieces:
            slices[piece.date, band].append(piece)
        return [
            self._prepare_charge_vals(
                self._get_charge_kind(band),
                f"time/{day}/{band.id or 0}",
                sum(piece.hours for piece in parts),
                date=day,
                band_id=band.id,
                date_from=min(piece.start for piece in parts),
                date_to=max(piece.stop for piece in parts),
                technician_id=self.technician_id.id,
                is_free=not self.is_chargeable,
            )
            for (day, band), parts in slices.items()
        ]

    def _prepare_moment_vals(self):
        self.ensure_one()
        zone = self.with_context(tz=self.technician_id.tz)
        return {
            "date": fields.Datetime.context_timestamp(zone, self.date_start).date(),
            "date_from": self.date_start,
            "date_to": self.date_stop,
            "technician_id": self.technician_id.id,
            "is_free": not self.is_chargeable,
        }

    def _get_charge_kind(self, band):
        self.ensure_one()
        if self.kind == "travel":
            return "travel_time"
        return "overtime" if band.is_overtime else "labour"

    def _get_real_cost(self, vals, tariff_line):
        """An hour costs what the employee costs; else what his resource says; else what the tariff says."""
        if vals["kind"] == "travel_km":
            return super()._get_real_cost(vals, tariff_line)
        # sudo: the cost of an employee is read for the charge and shown to nobody
        technician_sudo = self.technician_id.sudo()
        hourly = technician_sudo.employee_id[:1].hourly_cost or technician_sudo.hourly_cost
        return vals["real_quantity"] * hourly if hourly else super()._get_real_cost(vals, tariff_line)

from odoo import api, fields, models


class AfterSalesIntervention(models.Model):
    """What was done: the sessions, what they add up to, and how the visit ended."""

    _inherit = "after.sales.intervention"

    outcome = fields.Selection(
        [
            ("solved", "Solved"),
            ("second_visit", "Second Visit Needed"),
            ("customer_absent", "Customer Absent"),
            ("refused", "Refused by the Customer"),
        ],
        copy=False,
        tracking=True,
    )
    outcome_reason = fields.Char(
        "Cause", copy=False, help="Why another visit is needed, or why it was refused."
    )
    defect = fields.Text("Defect Found", copy=False)
    work_done = fields.Text(copy=False)
    date_started = fields.Datetime("Started On", readonly=True, copy=False)
    date_arrival = fields.Datetime(
        "Arrived On", compute="_compute_date_arrival", store=True, help="Start of the first work session."
    )
    date_done = fields.Datetime("Done On", readonly=True, copy=False, index=True)
    session_ids = fields.One2many("after.sales.session", "intervention_id", "Sessions")
    per_diem_days = fields.Float("Per-Diem Days", copy=False, digits=(6, 2))
    running_session_id = fields.Many2one(
        "after.sales.session", "My Running Session", compute="_compute_running_session_id"
    )
    running_kind = fields.Selection(
        [("travel", "Travel"), ("work", "Work"), ("waiting", "Waiting")],
        "Running Session",
        compute="_compute_running_session_id",
    )
    hours_travel = fields.Float("Travel Hours", compute="_compute_hours", store=True)
    hours_work = fields.Float("Work Hours", compute="_compute_hours", store=True)
    hours_waiting = fields.Float("Waiting Hours", compute="_compute_hours", store=True)
    distance_km = fields.Float("Distance (km)", compute="_compute_hours", store=True)

    _per_diem_positive = models.Constraint(
        "CHECK (per_diem_days IS NULL OR per_diem_days >= 0)", "Per-diem days cannot be negative."
    )

    def write(self, vals):
        if "outcome" in vals:
            # Before: what the technician ticks in the same breath holds.
            self._propose_fitted(vals["outcome"])
        return super().write(vals)

    def _propose_fitted(self, outcome):
        """Nobody uses parts where he was not let in, nor those that had not come; what was signed stays as it is."""
        for visit in self.filtered(lambda visit: not visit.signature):
            before, after = visit._get_idle_parts(visit.outcome), visit._get_idle_parts(outcome)
            (before - after).is_fitted = True
            after.is_fitted = False

    def _get_idle_parts(self, outcome):
        """The parts that a visit with this outcome cannot well have used."""
        parts = self.part_ids.filtered(lambda part: not part.move_id)
        if outcome == "second_visit":
            return parts.filtered(lambda part: part.availability in ("missing", "ordered"))
        return parts if outcome in ("customer_absent", "refused") else parts.browse()

    @api.depends("session_ids.hours", "session_ids.kind", "session_ids.distance_km")
    def _compute_hours(self):
        for record in self:
            by_kind = dict.fromkeys(("travel", "work", "waiting"), 0.0)
            for session in record.session_ids:
                by_kind[session.kind] += session.hours
            record.hours_travel = by_kind["travel"]
            record.hours_work = by_kind["work"]
            record.hours_waiting = by_kind["waiting"]
            record.distance_km = sum(record.session_ids.mapped("distance_km"))

    @api.depends("session_ids.kind", "session_ids.date_start", "is_remote")
    def _compute_date_arrival(self):
        for record in self:
            work = record.session_ids.filtered(lambda s: s.kind == "work" and s.date_start)
            record.date_arrival = not record.is_remote and min(work.mapped("date_start"), default=False)

    @api.depends("session_ids.date_stop", "session_ids.technician_id", "session_ids.kind")
    @api.depends_context("uid")
    def _compute_running_session_id(self):
        """The clock that the buttons start and stop: the user's own, or the lead's when the user is not on the visit."""
        own = self.env["resource.resource"]._get_own_technician()
        for record in self:
            who = record._get_worker(own)
            running = record.session_ids.filtered(lambda s, t=who: not s.date_stop and s.technician_id in t)[
                :1
            ]
            record.running_session_id = running
            record.running_kind = running.kind

    def _get_worker(self, own):
        """Whose time or expense it is that the user writes down: his own when he is on the visit, else the lead's.

        :param own: the technicians that the user is
        """
        # _origin: a form edits copies of the technicians
        return (own & self.technician_ids._origin) or self.technician_id

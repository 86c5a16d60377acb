from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

#: What decides how many hours a planned visit takes, of whose pools and on which day.
PLAN_FIELDS = {
    "date_start",
    "date_end",
    "technician_ids",
    "ticket_id",
    "partner_id",
    "unit_id",
    "contract_id",
    "fault_id",
    "company_id",
}

#: A visit whose hours are kept.
RESERVING_STATES = ("planned", "in_progress")


class AfterSalesIntervention(models.Model):
    """The hours of pools that a visit will take are kept for it, until it is done or does not come (D26).

    They are one entry of the ledger in each pool, made anew when the plan changes: what the charges of the planned hours
    would draw. Planning is never held up by them: where less is left than needed, that is kept and the visit warns.
    """

    _inherit = "after.sales.intervention"

    pool_hours = fields.Float(
        readonly=True,
        copy=False,
        digits="Product Unit",
        help="What the planned hours take of hour pools, as far as no warranty and no contract pays them.",
    )
    pool_hours_missing = fields.Float(
        readonly=True, copy=False, digits="Product Unit", help="What of it the pools do not have."
    )

    # Flow
    # ----

    def write(self, vals):
        result = super().write(vals)
        if not PLAN_FIELDS.isdisjoint(vals):
            self._reserve_pool_hours()
        return result

    def _after_plan(self):
        self._reserve_pool_hours()
        return super()._after_plan()

    def action_start(self):
        unplanned = self.filtered(lambda visit: visit.state == "draft")
        result = super().action_start()
        unplanned._reserve_pool_hours()
        return result

    def action_cancel(self):
        result = super().action_cancel()
        self._release_pool_hours()._offer_hours()
        return result

    def _done(self):
        # Before: what was kept for the visit is there for its charges. After them the others get what is left of it.
        freed = self._release_pool_hours()
        result = super()._done()
        freed._offer_hours()
        return result

    # Ledger
    # ------

    def _reserve_pool_hours(self):
        """Keep what these visits take as they are planned now, instead of what was kept for them before."""
        coming = self.filtered(lambda visit: visit.state in RESERVING_STATES)
        coming._keep_pool_hours()._offer_hours()

    def _keep_pool_hours(self):
        """:return: the pools that kept hours for these visits before"""
        freed = self._release_pool_hours()
        # sudo: who plans a visit may neither read contracts nor write a ledger
        visits_sudo = self.sudo().filtered(lambda visit: all(visit._get_expected_span()))
        pools_sudo = self.env["after.sales.pool"].sudo()
        if not visits_sudo or not pools_sudo.search_count(visits_sudo._get_any_pool_domain(), limit=1):
            return freed
        figures = self.env["after.sales.coverage"].sudo()._reserve(visits_sudo._prepare_pool_rows())
        for visit in visits_sudo:
            if (visit._name, visit.id) in figures:
                needed, missing = figures[visit._name, visit.id]
                visit.write({"pool_hours": needed, "pool_hours_missing": missing})
        return freed

    def _get_any_pool_domain(self):
        """Companies that sell no hours pay one statement for it."""
        return Domain("company_id", "in", self.company_id.ids) & Domain("closed_on", "=", False)

    def _release_pool_hours(self):
        """:return: the pools that kept hours for these visits and have them again"""
        # sudo: as in _keep_pool_hours
        kept_sudo = (
            self.env["after.sales.pool.entry"]
            .sudo()
            .search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & Domain("kind", "=", "reserve")
            )
        )
        pools_sudo = kept_sudo.pool_id
        if kept_sudo:
            self.env["after.sales.coverage"]._release(self._name, kept_sudo.mapped("res_id"))
        self.sudo().filtered("pool_hours").write({"pool_hours": 0.0, "pool_hours_missing": 0.0})
        return pools_sudo

    def _get_expected_span(self):
        """(start, end): as planned; who starts without a plan is expected to take as long as his service does."""
        self.ensure_one()
        if self.date_start or not self.date_started:
            return self.date_start, self.date_end
        return self.date_started, self._get_planned_end(self.date_started)

    def _prepare_pool_rows(self):
        """The planned hours of everybody who goes, cut by day and band, as the engine is asked about them when done."""
        Charge = self.env["after.sales.charge"]
        crew = [(visit, technician) for visit in self for technician in visit.technician_ids]
        pieces = self.env["after.sales.time.band"]._split_batch(
            [(*visit._get_expected_span(), who.tz, visit.company_id, None) for visit, who in crew]
        )
        name_of = {visit: visit._get_reservation_name() for visit in self}
        rows = []
        for (visit, __), cut in zip(crew, pieces, strict=True):
            for band, piece in cut:
                vals = visit._prepare_planned_vals(band, piece)
                request = Charge._prepare_coverage_request(len(rows), vals)
                if not Charge._get_override(request, vals):
                    rows.append((request, visit._name, visit.id, name_of[visit]))
        return rows

    def _prepare_planned_vals(self, band, piece):
        """What of a charge says who pays it."""
        self.ensure_one()
        return {
            "kind": "overtime" if band.is_overtime else "labour",
            "date": piece.date,
            "band_id": band.id,
            "real_quantity": piece.hours,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "unit_id": self.unit_id.id,
            "contract_id": self.contract_id.id,
            "fault_id": self.fault_id.id,
            "ticket_id": self.ticket_id.id,
        }

    def _get_reservation_name(self):
        self.ensure_one()
        words = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        return words._("Planned visit %s", self.name)

    # Warning
    # -------

    def _get_pool_warning(self):
        """That the pools have less than the plan takes."""
        self.ensure_one()
        if not self.pool_hours_missing:
            return False
        return self.env._(
            "%(visit)s: %(needed)s h of the hour pool needed, %(left)s h left.",
            visit=self.name,
            needed=formatLang(self.env, self.pool_hours, digits=2),
            left=formatLang(self.env, self.pool_hours - self.pool_hours_missing, digits=2),
        )

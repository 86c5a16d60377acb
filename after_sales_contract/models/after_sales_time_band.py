from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import bands


class AfterSalesTimeBand(models.Model):
    """A band of hours with its own price. The first band (by sequence) that claims a moment has it."""

    _name = "after.sales.time.band"
    _description = "Time Band"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    is_overtime = fields.Boolean("Overtime", help="Hours in this band are charged at the overtime rate.")
    after_hours = fields.Float(
        "After Hours a Day",
        help="Takes what a technician works beyond so many hours of a day, except hours of another overtime band; "
        "0 = by the clock only.",
    )
    company_id = fields.Many2one("res.company")
    active = fields.Boolean(default=True)
    line_ids = fields.One2many(
        "after.sales.time.band.line",
        "band_id",
        "Hours",
        copy=True,
        help="Without hours the band takes all time that no other band claims.",
    )

    _after_hours_range = models.Constraint(
        "CHECK (after_hours >= 0 AND after_hours < 24)", "The hours of a day lie between 0 and 24."
    )

    @api.constrains("line_ids", "active", "company_id", "after_hours")
    def _check_one_rest(self):
        for band in self.filtered(lambda b: b.active and not b.line_ids and not b.after_hours):
            rest = self.search(
                [
                    ("line_ids", "=", False),
                    ("after_hours", "=", 0),
                    ("company_id", "=", band.company_id.id),
                    ("id", "!=", band.id),
                ]
            )
            if rest:
                raise ValidationError(
                    self.env._("Only one band may take the remaining time: %(band)s does.", band=rest[0].name)
                )

    @api.constrains("line_ids", "active", "company_id", "sequence")
    def _check_overlap(self):
        """An hour belongs to one band: hours of a band, and of bands of the same rank, do not overlap."""
        for band in self.filtered("active"):
            rivals = self.search([("company_id", "=", band.company_id.id), ("sequence", "=", band.sequence)])
            own = band._to_rule().rules
            for index, rule in enumerate(own):
                if any(rule.overlaps(other) for other in own[:index]):
                    raise ValidationError(
                        self.env._("Hours of %(band)s overlap: an hour is entered twice.", band=band.name)
                    )
                for rival in rivals - band:
                    if any(rule.overlaps(other) for other in rival._to_rule().rules):
                        raise ValidationError(
                            self.env._(
                                "%(band)s and %(rival)s claim the same hours and have the same rank. Drag one of them "
                                "before the other in the list of time bands: the first one has the hours.",
                                band=band.name,
                                rival=rival.name,
                            )
                        )

    @api.model
    def _get_for_company(self, company):
        """The bands in force: those of the company, else the shared ones, so that own bands replace all shared ones."""
        own = self.search([("company_id", "=", company.id)])
        return own or self.search([("company_id", "=", False)])

    @api.model
    def _split(self, start, stop, tz, company=None, calendar=None, worked=None):
        """Cut a stretch of time (UTC datetimes) into slices of tools.bands, whose ``band`` is a record of this model.

        Holidays are the days off of the whole working calendar (by default the company's).

        :param dict worked: hours of each local day that were worked before, for overtime after n hours a day
        """
        company = company or self.env.company
        records = self._get_for_company(company)
        by_id = {band.id: band for band in records}
        slices = bands.split(
            start,
            stop,
            tz or "UTC",
            [band._to_rule() for band in records],
            self._get_holidays(start, stop, tz or "UTC", company, calendar or company.resource_calendar_id),
            worked,
        )
        return [(by_id.get(piece.band, self.browse()), piece) for piece in slices]

    @api.model
    def _get_holidays(self, start, stop, tz, company, calendar):
        # sudo: days off of the company are no secret of the resource managers
        leaves_sudo = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "=", False),
                    ("calendar_id", "in", [calendar.id, False]),
                    ("company_id", "in", [company.id, False]),
                    ("date_from", "<=", stop),
                    ("date_to", ">=", start),
                ]
            )
        )
        return {
            day for leave in leaves_sudo for day in bands.days_between(leave.date_from, leave.date_to, tz)
        }

    def _to_rule(self):
        self.ensure_one()
        return bands.Band(
            self.id,
            tuple(
                bands.Rule(
                    int(line.dayofweek) if line.dayofweek else None,
                    line.hour_from,
                    line.hour_to,
                    line.holiday,
                )
                for line in self.line_ids
            ),
            after=self.after_hours or None,
            is_overtime=self.is_overtime,
        )

from collections import defaultdict
from datetime import UTC, timedelta

from odoo import api, fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    after_sales_location_id = fields.Many2one(
        "stock.location",
        "Van Stock",
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id)]",
        check_company=True,
        help="Where this technician takes spare parts from. Empty: from the warehouse.",
    )

    after_sales_training_ids = fields.One2many(
        "after.sales.training",
        "resource_id",
        string="Training Records",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    def _get_valid_skills(self, day):
        """The skills of each technician that count on the day ({technician: skills}).

        A skill with training records counts while one of them does; one without is taken as known.
        """
        valid = {}
        for technician in self:
            trainings = technician.after_sales_training_ids
            lapsed = trainings.skill_id - trainings.filtered(lambda row: row._is_valid_on(day)).skill_id
            valid[technician] = technician.skill_ids - lapsed
        return valid

    @api.model
    def _get_own_technician(self):
        """The technicians that the user is, in the companies he works in."""
        return self.search(
            [
                ("user_id", "=", self.env.uid),
                ("is_technician", "=", True),
                ("company_id", "in", [*self.env.companies.ids, False]),
            ]
        )

    @api.model
    def _get_own(self, company):
        """Who the user is in the company, technician or not: the technician first, then the employee."""
        found = self.search(
            [("user_id", "=", self.env.uid), ("company_id", "in", [company.id, False])],
            order="company_id, id",
        )
        # sudo: whether he has an employee, no more
        return found.sorted(lambda own: (not own.is_technician, not own.sudo().employee_id))[:1]

    @api.model
    def _ensure_own(self, company):
        """The same; who helps without being a technician or an employee gets his line now."""
        # sudo: a user makes nobody but himself
        return self._get_own(company) or self.sudo().create(self._prepare_own_vals(company)).sudo(False)

    @api.model
    def _prepare_own_vals(self, company):
        return {"name": self.env.user.name, "user_id": self.env.uid, "company_id": company.id}

    def _get_time_off(self, start, stop):
        """When each of these does not work, between two aware moments: {id: [(naive UTC, naive UTC), ...]} in order.

        A few statements for each calendar, whoever has it.
        """
        # sudo: when, not why, somebody is away
        off = self.sudo()._get_unavailable_intervals(start, stop)
        return {
            resource.id: [
                tuple(moment.astimezone(UTC).replace(tzinfo=None) for moment in stretch)
                for stretch in off.get(resource.id, ())
                if stretch[1] - stretch[0] > timedelta(seconds=1)
            ]
            for resource in self
        }

    def _get_leaves(self, start, stop):
        """Leaves of these persons, apart from holidays of everybody: {id: [(naive UTC, naive UTC), ...]}."""
        # sudo: when, not why, somebody is away
        leaves_sudo = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id", "in", self.ids),
                    ("date_from", "<", stop.replace(tzinfo=None)),
                    ("date_to", ">", start.replace(tzinfo=None)),
                ],
                ["resource_id", "date_from", "date_to"],
            )
        )
        by_resource = defaultdict(list)
        for leave in leaves_sudo:
            by_resource[leave.resource_id.id].append((leave.date_from, leave.date_to))
        return by_resource

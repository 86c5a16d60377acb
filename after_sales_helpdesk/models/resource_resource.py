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

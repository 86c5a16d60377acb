from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class AfterSalesTraining(models.Model):
    """What a technician was taught, and until when it counts (HD-36)."""

    _name = "after.sales.training"
    _description = "Training Record"
    _inherit = ["after.sales.watch.mixin"]
    _order = "date desc, id desc"
    _rec_name = "skill_id"
    _check_company_auto = True

    resource_id = fields.Many2one(
        "resource.resource",
        string="Technician",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('is_technician', '=', True)]",
        check_company=True,
        tracking=True,
    )
    company_id = fields.Many2one(related="resource_id.company_id", store=True, index=True)
    skill_id = fields.Many2one(
        "after.sales.skill", required=True, index=True, ondelete="restrict", tracking=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date(
        string="Valid Until",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="Empty: for good.",
    )
    trainer = fields.Char(help="Who taught it: a person, a school, the maker.")
    outcome = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")], required=True, default="passed", tracking=True
    )
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Certificates")
    is_valid = fields.Boolean(string="Valid", compute="_compute_is_valid", search="_search_is_valid")

    _in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date)", "A training cannot expire before it took place."
    )

    @api.depends("date", "skill_id")
    def _compute_date_end(self):
        for training in self:
            months = training.skill_id.validity_months
            if months and training.date:
                training.date_end = training.date + relativedelta(months=months)
            else:
                training.date_end = training.date_end

    @api.depends("date", "date_end", "outcome")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for training in self:
            training.is_valid = training._is_valid_on(today)

    def _is_valid_on(self, day):
        self.ensure_one()
        return bool(
            self.outcome == "passed"
            and self.date
            and self.date <= day
            and (not self.date_end or self.date_end >= day)
        )

    @api.model
    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        valid = (
            Domain("outcome", "=", "passed")
            & Domain("date", "<=", today)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        return Domain.OR([valid if wanted else ~valid for wanted in value])

    @api.model_create_multi
    def create(self, vals_list):
        """Who passed a training has its skill."""
        trainings = super().create(vals_list)
        for training in trainings.filtered(lambda row: row.outcome == "passed"):
            training.resource_id.skill_ids |= training.skill_id
        return trainings

    # Expiry ---------------------------------------------------------------------------------------------------------

    @api.model
    def _get_watch_domain(self, today):
        return Domain("outcome", "=", "passed") & self._get_lead_domain("date_end", today)

    def _get_watch_alert(self, today):
        """Tell of the end of a training, unless a later one took its place."""
        self.ensure_one()
        if self.search_count(
            [
                ("resource_id", "=", self.resource_id.id),
                ("skill_id", "=", self.skill_id.id),
                ("outcome", "=", "passed"),
                ("id", "!=", self.id),
                "|",
                ("date_end", "=", False),
                ("date_end", ">", self.date_end),
            ],
            limit=1,
        ):
            return None
        return self.date_end, self.env._(
            "%(technician)s: “%(skill)s” is valid until %(date)s, plan the next training",
            technician=self.resource_id.name,
            skill=self.skill_id.name,
            date=format_date(self.env, self.date_end),
        )

    @api.model
    def _cron_watch(self):
        """Tell a manager of every skill that is about to expire, once."""
        self._watch(fields.Date.context_today(self))

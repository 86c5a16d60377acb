from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesIntervention(models.Model):
    """What is special of two kinds of service: an installation starts warranties, a training has its outcome."""

    _inherit = "after.sales.intervention"

    procedure = fields.Html(
        related="service_id.approved_procedure", string="Procedure", groups="base.group_user"
    )
    procedure_version = fields.Integer(related="service_id.procedure_version", groups="base.group_user")
    service_category = fields.Selection(related="service_id.category", string="Kind of Service")
    training_people = fields.Text("Who Was Trained", copy=False)
    training_usage = fields.Text("How the Customer Uses It", copy=False)
    training_result = fields.Selection(
        [
            ("independent", "Works independently"),
            ("practice", "Needs practice"),
            ("repeat", "Must be repeated"),
        ],
        "Outcome of the Training",
        copy=False,
        tracking=True,
    )

    def _ensure_can_be_done(self):
        result = super()._ensure_can_be_done()
        for visit in self.filtered(lambda v: v.service_category == "training" and v.outcome == "solved"):
            if not (visit.training_people and visit.training_result):
                raise UserError(self.env._("Say who was trained on %s and with which outcome.", visit.name))
        return result

    def _done(self):
        result = super()._done()
        self._start_installed_units()
        return result

    def _start_installed_units(self):
        """The first installation of a unit dates it, and starts the warranties that waited for it (HD-22)."""
        # sudo: a technician installs without a right on units
        for visit in self.sudo():
            unit = visit.unit_id
            if visit.service_category == "installation" and visit.outcome == "solved":
                unit.filtered(lambda u: not u.installation_date).installation_date = visit._get_charge_date()

from odoo import api, fields, models


class AfterSalesInterventionCheck(models.Model):
    """A line of the service's checklist as it was on the day of the visit, with its answer."""

    _name = "after.sales.intervention.check"
    _description = "Checklist Line of an Intervention"
    _order = "sequence, id"

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade"
    )
    check_id = fields.Many2one(
        "after.sales.service.check",
        "Line of the Service",
        index="btree_not_null",
        ondelete="set null",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("What to Check", required=True, translate=True)
    kind = fields.Selection(
        [("check", "Done or not"), ("measure", "Measured value"), ("text", "Remark")],
        default="check",
        required=True,
    )
    is_required = fields.Boolean("Required")
    is_done = fields.Boolean("Done")
    measure = fields.Float("Value")
    note = fields.Char("Remark")

    @api.constrains("is_done", "measure", "note")
    def _check_open(self):
        self.intervention_id._ensure_open()
        self.intervention_id._ensure_unsigned()

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        checks._copy_words()
        return checks

    def _copy_words(self):
        """What is asked, in every language: the visit is planned by one, done by another and signed by a third."""
        # sudo: whoever writes the visit; the words are those of the catalogue
        copied = self.sudo().filtered(lambda check: check.name == check.check_id.name)
        for code, __ in self.env["res.lang"].get_installed():
            if code != self.env.lang:
                for source, checks in copied.with_context(lang=code).grouped("check_id").items():
                    checks.name = source.name

    def _is_touched(self):
        self.ensure_one()
        return self.is_done or bool(self.note) or bool(self.measure)

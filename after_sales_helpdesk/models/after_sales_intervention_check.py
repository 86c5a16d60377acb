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
    name = fields.Char("What to Check", required=True)
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

    def _get_text(self):
        """What was checked, in the reader's language as long as the service still asks for the same."""
        self.ensure_one()
        source = self.check_id
        translations = source and source._fields["name"]._get_stored_translations(source) or {}
        return source.name if self.name in translations.values() else self.name

    def _is_touched(self):
        self.ensure_one()
        return self.is_done or bool(self.note) or bool(self.measure)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AfterSalesFault(models.Model):
    _name = "after.sales.fault"
    _description = "Fault Code"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_name = "complete_name"
    _rec_names_search = ["name", "code"]
    _order = "kind, sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, search="_search_complete_name"
    )
    kind = fields.Selection(
        [("symptom", "Symptom"), ("cause", "Cause"), ("remedy", "Remedy")], required=True, default="symptom"
    )
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one("after.sales.fault", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("after.sales.fault", "parent_id", "Children")
    is_misuse = fields.Boolean(
        "Misuse", help="Damage by misuse or by the owner's neglect: no warranty pays for it."
    )
    is_digital = fields.Boolean(
        "Digital Element",
        help="Software, updates or an online service of the unit: law may hold the seller liable as long as they "
        "are supplied.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "This fault code exists already.")

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for fault in self:
            parent = fault.parent_id
            fault.complete_name = f"{parent.complete_name} / {fault.name}" if parent else fault.name

    def _search_complete_name(self, operator, value):
        return [("name", operator, value)]

    @api.constrains("parent_id", "kind")
    def _check_parent(self):
        for fault in self.filtered("parent_id"):
            if fault.kind != fault.parent_id.kind:
                raise ValidationError(
                    self.env._("The fault code %s and its parent are of different kinds.", fault.code)
                )

    def _is_misuse(self):
        """Whether the fault or one it belongs to is marked as misuse; an empty fault is not."""
        return any(self._get_line().mapped("is_misuse"))

    def _is_digital(self):
        """Whether the fault or one it belongs to is one of digital elements; an empty fault is not."""
        return any(self._get_line().mapped("is_digital"))

    def _get_line(self):
        """The faults and all they belong to."""
        path = {int(part) for fault in self for part in (fault.parent_path or "").split("/") if part}
        return self.browse(path)

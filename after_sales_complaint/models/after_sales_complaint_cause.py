from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class AfterSalesComplaintCause(models.Model):
    """Why customers complain: a tree that complaints, corrective actions and figures share."""

    _name = "after.sales.complaint.cause"
    _description = "Complaint Cause"
    _order = "code, id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "code"]
    _parent_store = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index="btree_not_null")
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, search="_search_complete_name"
    )
    parent_id = fields.Many2one("after.sales.complaint.cause", ondelete="restrict", index=True)
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("after.sales.complaint.cause", "parent_id")
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Process Owner",
        domain="[('share', '=', False)]",
        help="Answers for the process that must change when the cause returns.",
    )
    is_confidential = fields.Boolean(
        string="Confidential",
        help="Complaints of this cause are shown to their responsible and to reviewers only.",
    )

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "This cause code is already used.")

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for cause in self:
            parent = cause.parent_id.complete_name
            cause.complete_name = f"{parent} / {cause.name}" if parent else cause.name

    def _search_complete_name(self, operator, value):
        """A cause is found by its own name, and by the path that it shows."""
        if operator == "in":
            return Domain.OR(self._get_path_domain("=", text) for text in value)
        if operator not in ("=", "like", "ilike", "=like", "=ilike"):
            return NotImplemented
        return self._get_path_domain(operator, value)

    @api.model
    def _get_path_domain(self, operator, text):
        parent, __, name = (text or "").rpartition(" / ")
        domain = Domain("name", operator, name)
        return domain & Domain("parent_id.complete_name", operator, parent) if parent else domain

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A cause cannot be its own parent."))

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class AfterSalesService(models.Model):
    """Service catalogue: what is needed for a kind of work and what triggers it."""

    _name = "after.sales.service"
    _description = "After-Sales Service"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    category = fields.Selection(
        [
            ("installation", "Installation"),
            ("maintenance", "Maintenance"),
            ("repair", "Repair"),
            ("training", "Training of users"),
            ("inspection", "Inspection"),
            ("other", "Other"),
        ],
        default="repair",
        required=True,
    )
    trigger = fields.Selection(
        [
            ("call", "Customer's call"),
            ("due_date", "Planned date"),
            ("delivery", "Delivery"),
            ("recall", "Recall"),
        ],
        default="call",
        required=True,
        help="What makes the need for this service known.",
    )
    description = fields.Text(translate=True)
    duration = fields.Float("Planned Hours", default=1.0)
    skill_ids = fields.Many2many("after.sales.skill", string="Skills Needed")
    product_id = fields.Many2one(
        "product.product",
        domain=[("type", "=", "service")],
        check_company=True,
        help="Product that sells this service.",
    )
    charge_call_out = fields.Boolean(default=True, help="A visit for this service has a call-out fee.")
    check_ids = fields.One2many("after.sales.service.check", "service_id", "Checklist", copy=True)
    document_ids = fields.Many2many(
        "ir.attachment",
        "after_sales_service_attachment_rel",
        "service_id",
        "attachment_id",
        "Documents",
        help="Manuals, drawings and forms that the technician takes along.",
    )
    company_id = fields.Many2one("res.company")
    active = fields.Boolean(default=True)

    # === Procedure ===#
    procedure = fields.Html(
        "Working Text", translate=True, help="Work follows it once a manager has approved it."
    )
    procedure_ids = fields.One2many("after.sales.service.procedure", "service_id", "Versions")
    approved_procedure = fields.Html(
        compute="_compute_approved_procedure", help="The last approved version: what calls and visits follow."
    )
    procedure_version = fields.Integer(default=0, readonly=True, copy=False)
    procedure_approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    procedure_approved_on = fields.Date(readonly=True, copy=False)

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL", "Codes must differ."
    )
    _duration_positive = models.Constraint("CHECK (duration >= 0)", "Planned hours cannot be negative.")

    @api.depends("name", "code")
    def _compute_display_name(self):
        for service in self:
            service.display_name = f"[{service.code}] {service.name}" if service.code else service.name

    def write(self, vals):
        """A changed procedure has to be approved anew."""
        if "procedure" in vals and "procedure_approved_on" not in vals:
            vals = {**vals, "procedure_approved_by_id": False, "procedure_approved_on": False}
        return super().write(vals)

    @api.depends("procedure_ids.version")
    @api.depends_context("lang")
    def _compute_approved_procedure(self):
        for service in self:
            service.approved_procedure = service.procedure_ids.sorted("version", reverse=True)[:1].procedure

    def action_approve_procedure(self):
        """Make the working text the next version, in all its languages (HD-32).

        :raise AccessError: for whoever may not manage services
        :raise UserError: when there is nothing to approve
        """
        self.check_access("write")
        for service in self:
            if is_html_empty(service.procedure) or service.procedure_approved_on:
                raise UserError(
                    self.env._("%s: write or change the procedure before you approve it.", service.name)
                )
            service.write(
                {
                    "procedure_version": service.procedure_version + 1,
                    "procedure_approved_by_id": self.env.uid,
                    "procedure_approved_on": fields.Date.context_today(service),
                }
            )
        self._keep_versions()

    def _keep_versions(self):
        """Write down what was approved: versions are made here only."""
        # sudo: nobody may write versions, not even a manager
        versions_sudo = self.env["after.sales.service.procedure"].sudo().with_context(lang="en_US")
        for service in self:
            version = versions_sudo.create(
                {
                    "service_id": service.id,
                    "version": service.procedure_version,
                    "procedure": service.with_context(lang="en_US").procedure,
                    "approved_by_id": service.procedure_approved_by_id.id,
                    "approved_on": service.procedure_approved_on,
                }
            )
            translations = defaultdict(dict)
            for term in service.get_field_translations("procedure")[0]:
                if term["value"] and term["lang"] != "en_US":
                    translations[term["lang"]][term["source"]] = term["value"]
            version.update_field_translations("procedure", translations)

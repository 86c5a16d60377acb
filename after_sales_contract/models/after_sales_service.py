from odoo import api, fields, models


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
        domain="[('type', '=', 'service'), ('company_id', 'in', [False, company_id])]",
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

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL", "Codes must differ."
    )
    _duration_positive = models.Constraint("CHECK (duration >= 0)", "Planned hours cannot be negative.")

    @api.depends("name", "code")
    def _compute_display_name(self):
        for service in self:
            service.display_name = f"[{service.code}] {service.name}" if service.code else service.name

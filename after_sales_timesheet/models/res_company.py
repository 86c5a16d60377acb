from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    after_sales_project_id = fields.Many2one(
        "project.project",
        "Project of Interventions",
        domain="[('allow_timesheets', '=', True), ('company_id', 'in', (id, False))]",
        check_company=True,
        help="Sessions of finished interventions go to the timesheets of this project. They are billed by the "
        "charges of the intervention and by nothing else. Empty: no timesheets.",
    )

from odoo import fields, models


class AfterSalesServiceProcedure(models.Model):
    """A version of a service's procedure as a manager approved it. Nobody changes it: a new text is a new version."""

    _name = "after.sales.service.procedure"
    _description = "Approved Procedure of a Service"
    _order = "service_id, version desc"
    _rec_name = "version"

    service_id = fields.Many2one("after.sales.service", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="service_id.company_id", store=True)
    version = fields.Integer(required=True)
    procedure = fields.Html(translate=True)
    author_id = fields.Many2one("res.users", "Text by")
    approved_by_id = fields.Many2one("res.users", required=True)
    approved_on = fields.Date(required=True)

    _version_uniq = models.Constraint("UNIQUE (service_id, version)", "A version of a procedure exists once.")

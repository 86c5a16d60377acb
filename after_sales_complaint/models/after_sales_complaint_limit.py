from odoo import fields, models


class AfterSalesComplaintLimit(models.Model):
    """Up to which value a role may grant a remedy alone; the amount is in the company's currency."""

    _name = "after.sales.complaint.limit"
    _description = "Complaint Remedy Limit"
    _order = "remedy_id, company_id, amount"

    remedy_id = fields.Many2one("after.sales.complaint.remedy", required=True, index=True, ondelete="cascade")
    role = fields.Selection(
        [
            ("technician", "Technician"),
            ("agent", "Agent"),
            ("reviewer", "Complaint Reviewer"),
            ("manager", "Manager"),
        ],
        required=True,
    )
    amount = fields.Float(
        string="Up To", digits="Product Price", help="In the currency of the company, taxes included."
    )
    is_unlimited = fields.Boolean(string="No Limit")
    company_id = fields.Many2one(
        "res.company", index=True, help="Rows of a company replace the shared rows in that company."
    )

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A limit cannot be negative.")
    _role_unique = models.UniqueIndex(
        "(remedy_id, role, COALESCE(company_id, 0))", "A role has one limit per remedy and company."
    )

from math import inf

from odoo import api, fields, models

from ..tools.limits import Limit


class AfterSalesComplaintRemedy(models.Model):
    """A remedy the company decided in advance that it may grant, what document carries it out, and who may grant it."""

    _name = "after.sales.complaint.remedy"
    _description = "Complaint Remedy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    kind = fields.Selection(
        [
            ("price_reduction", "Price Reduction"),
            ("refund", "Refund"),
            ("replacement", "Replacement"),
            ("repair", "Repair"),
            ("voucher", "Voucher"),
            ("apology", "Apology or Explanation"),
            ("other", "Other"),
        ],
        required=True,
        default="price_reduction",
    )
    execution = fields.Selection(
        [
            ("credit_note", "Credit Note"),
            ("ticket", "Call"),
            ("voucher", "Voucher"),
            ("order", "Free Sales Order"),
            ("manual", "By Hand"),
        ],
        string="Carried Out by",
        compute="_compute_execution",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    post_credit_note = fields.Boolean(
        string="Post the Credit Note", help="Otherwise it stays in draft for the accountant."
    )
    program_id = fields.Many2one(
        "loyalty.program",
        string="Voucher Program",
        domain="[('program_type', 'in', ('gift_card', 'ewallet'))]",
        help="The program of the voucher; one point is worth one unit of its currency.",
    )
    validity_days = fields.Integer(string="Valid for (days)", help="0: the voucher does not expire.")
    service_id = fields.Many2one("after.sales.service", help="Service of the call that is opened.")
    limit_ids = fields.One2many("after.sales.complaint.limit", "remedy_id", string="Limits", copy=True)
    letter_text = fields.Html(
        string="Text for the Letter", translate=True, help="What the customer is told about this remedy."
    )

    @api.depends("kind")
    def _compute_execution(self):
        usual = {
            "price_reduction": "credit_note",
            "refund": "credit_note",
            "replacement": "order",
            "repair": "ticket",
            "voucher": "voucher",
        }
        for remedy in self:
            remedy.execution = usual.get(remedy.kind, "manual")

    def _get_limits(self, company):
        """Limits that hold in a company: its own rows if it has any, else the shared ones."""
        self.ensure_one()
        rows = self.limit_ids.filtered(lambda row: row.company_id == company) or self.limit_ids.filtered(
            lambda row: not row.company_id
        )
        return [Limit(row.role, inf if row.is_unlimited else row.amount) for row in rows]

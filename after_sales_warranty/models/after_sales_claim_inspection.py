from odoo import api, fields, models
from odoo.exceptions import UserError

from .after_sales_claim_evidence import DECIDED


class AfterSalesClaimInspection(models.Model):
    """What somebody saw when he looked at the goods: their condition on receipt, and what he found."""

    _name = "after.sales.claim.inspection"
    _description = "Inspection of Claimed Goods"
    _order = "date desc, id desc"
    _rec_name = "date"

    claim_id = fields.Many2one("after.sales.claim", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True, precompute=True)
    date = fields.Datetime("Inspected On", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Inspected By", required=True, default=lambda self: self.env.user, index=True
    )
    condition = fields.Selection(
        [
            ("intact", "Intact"),
            ("worn", "Worn by use"),
            ("damaged", "Damaged"),
            ("opened", "Opened or repaired by others"),
            ("incomplete", "Incomplete"),
            ("other_goods", "Not the goods claimed"),
        ],
        "Received",
        required=True,
    )
    serial_read = fields.Char("Serial Number Read")
    note = fields.Text("Findings")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "after_sales_claim_inspection_attachment_rel",
        "inspection_id",
        "attachment_id",
        string="Photos",
    )

    @api.model_create_multi
    def create(self, vals_list):
        inspections = super().create(vals_list)
        inspections.claim_id._own_evidence()
        return inspections

    def write(self, vals):
        self._ensure_undecided()
        res = super().write(vals)
        self.claim_id._own_evidence()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._ensure_undecided()

    def _ensure_undecided(self):
        for claim in self.claim_id.filtered(lambda c: c.state in DECIDED):
            raise UserError(self.env._("%s is decided: its inspections stay as they are.", claim.name))

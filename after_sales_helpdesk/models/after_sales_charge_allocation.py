from odoo import api, fields, models

from ..tools.amounts import split_amount
from .after_sales_ticket_coverage import PAYERS


class AfterSalesChargeAllocation(models.Model):
    """Who pays which share of a charge, and why. Overridden shares are archived: the original stays."""

    _name = "after.sales.charge.allocation"
    _description = "Payer of a Charge"
    _order = "charge_id, sequence, id"

    charge_id = fields.Many2one("after.sales.charge", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="charge_id.currency_id", store=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    payer = fields.Selection(PAYERS, required=True, index=True)
    share = fields.Float(required=True, digits=(9, 6))
    quantity = fields.Float(digits="Product Unit")
    amount = fields.Monetary(compute="_compute_amount", store=True)
    res_model = fields.Char("Paid By (Model)")
    res_id = fields.Many2oneReference("Paid By", model_field="res_model", index="btree_not_null")
    rule = fields.Char()
    reason = fields.Char()

    _share_range = models.Constraint("CHECK (share > 0 AND share <= 1)", "A share lies between 0 and 100 %.")

    @api.depends("payer")
    def _compute_sequence(self):
        """The customer first: his part is rounded by itself, what is left of a cent is the others'."""
        for allocation in self:
            allocation.sequence = 0 if allocation.payer == "customer" else 10

    @api.depends("share", "active", "charge_id.amount", "charge_id.allocation_ids.share")
    def _compute_amount(self):
        (self - self.filtered("active")).amount = 0.0
        for charge, allocations in self.filtered("active").grouped("charge_id").items():
            # in a form a row that is edited stands beside its original, which counts once and is not written
            others = charge.allocation_ids - allocations - allocations._origin
            everybody = (allocations | others).filtered("active").sorted(lambda a: (a.sequence, a.id))
            rounding = charge.currency_id.rounding or 0.01
            parts = split_amount(charge.amount, everybody.mapped("share"), rounding)
            for allocation, amount in zip(everybody, parts, strict=True):
                if allocation in allocations:
                    allocation.amount = amount

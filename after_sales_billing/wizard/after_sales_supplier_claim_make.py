from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesSupplierClaimMake(models.TransientModel):
    """Which claims the chosen charges make, and what stands against them, before anything is made."""

    _name = "after.sales.supplier.claim.make"
    _description = "Claim From Suppliers"

    charge_ids = fields.Many2many("after.sales.charge", string="Charges", required=True)
    line_ids = fields.One2many(
        "after.sales.supplier.claim.make.line",
        "make_id",
        "Claims",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )
    ready_count = fields.Integer("Claims to Make", compute="_compute_ready_count")
    problem_count = fields.Integer("Charges Held Up", compute="_compute_ready_count")

    @api.depends("charge_ids")
    def _compute_line_ids(self):
        for wizard in self:
            claims = self.env["after.sales.supplier.claim"]
            charges = wizard.charge_ids._origin
            problems = {charge: claims._get_problem(charge) for charge in charges}
            ready = charges.filtered(lambda charge, known=problems: not known[charge])
            rows = [(group, False) for group in claims._get_groups(ready)]
            rows += [(charge, problem) for charge, problem in problems.items() if problem]
            wizard.line_ids = [Command.clear()] + [
                Command.create(self._prepare_line_vals(group, problem)) for group, problem in rows
            ]

    @api.model
    def _prepare_line_vals(self, charges, problem):
        return {
            "partner_id": charges.recovery_supplier_id.id,
            "unit_id": charges.recovery_unit_id.id if len(charges.recovery_unit_id) == 1 else False,
            "charge_ids": [Command.set(charges.ids)],
            "company_id": charges.company_id.id,
            "amount": sum(charges.mapped("amount_recoverable")),
            "problem": problem,
        }

    @api.depends("line_ids.problem")
    def _compute_ready_count(self):
        for wizard in self:
            held_up = wizard.line_ids.filtered("problem")
            wizard.problem_count = len(held_up)
            wizard.ready_count = len(wizard.line_ids - held_up)

    def action_make(self):
        self.ensure_one()
        claims = self.env["after.sales.supplier.claim"]._make(self.charge_ids)
        if not claims:
            raise UserError(
                self.line_ids[:1].problem or self.env._("Somebody else has just claimed these charges.")
            )
        return claims._get_action()

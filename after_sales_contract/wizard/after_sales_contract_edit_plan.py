from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class AfterSalesContractEditPlan(models.TransientModel):
    """CT-05: agree on other instalments than the computed ones, while they are not billed."""

    _name = "after.sales.contract.edit.plan"
    _description = "Edit the Instalments of a Service Contract"

    contract_id = fields.Many2one("after.sales.contract", required=True, ondelete="cascade", readonly=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    row_ids = fields.One2many(
        "after.sales.contract.edit.plan.row",
        "wizard_id",
        compute="_compute_row_ids",
        store=True,
        readonly=False,
    )
    amount_before = fields.Monetary("Planned so Far", compute="_compute_difference")
    amount_after = fields.Monetary("Planned Now", compute="_compute_difference")
    difference = fields.Monetary(compute="_compute_difference")
    settle = fields.Selection(
        [
            ("spread", "Spread it over the instalments I did not touch: the price stays"),
            ("accept", "Accept it: the price of the contract changes"),
        ],
        "The Difference",
        default="spread",
        required=True,
    )
    reason = fields.Char(help="Why the price changes; it is kept in the contract's history.")

    @api.depends("contract_id")
    def _compute_row_ids(self):
        for wizard in self:
            rows = wizard.contract_id.instalment_ids.filtered(
                lambda row: row.state == "planned" and not row.is_billed and not row.credit_reason
            )
            wizard.row_ids = [
                Command.clear(),
                *(
                    Command.create({"instalment_id": row.id, "date_due": row.date_due, "amount": row.amount})
                    for row in rows.sorted(lambda row: (row.date_due, row.line_id.sequence, row.id))
                ),
            ]

    @api.depends("row_ids.amount", "row_ids.instalment_id")
    def _compute_difference(self):
        for wizard in self:
            wizard.amount_before = sum(wizard.row_ids.instalment_id.mapped("amount"))
            wizard.amount_after = sum(wizard.row_ids.mapped("amount"))
            wizard.difference = wizard.amount_after - wizard.amount_before

    def action_apply(self):
        """Write what was agreed; the sum stays the price, or the price changes by the difference that was accepted.

        :raises UserError: without a reason for a changed price, or when nothing is left to take the difference
        """
        self.ensure_one()
        contract = self.contract_id
        contract._ensure_state("proposed", "running", "notice")
        changed = self.row_ids.filtered("is_changed")
        if not changed:
            raise UserError(self.env._("No instalment was changed."))
        if not self.currency_id.is_zero(self.difference) and self.settle == "accept":
            self._accept_difference(changed)
        for row in changed:
            row.instalment_id.write({"amount": row.amount, "date_due": row.date_due, "is_manual": True})
        self._ensure_spread(changed)
        contract._sync_plan()
        contract.message_post(body=self.env._("Instalments agreed by hand: %s", len(changed)))
        return {"type": "ir.actions.act_window_close"}

    def action_reset(self):
        """Forget what was agreed by hand: the instalments are the computed ones again."""
        self.ensure_one()
        self.contract_id._ensure_state("proposed", "running", "notice")
        rows = self.row_ids.instalment_id.filtered("is_manual")
        rows.write({"is_manual": False})
        for line, mine in rows.grouped("line_id").items():
            billed = line.instalment_ids.filtered(lambda row: row.state == "planned" and row.is_billed)
            mine.agreed_difference = 0.0
            line.agreed_difference = sum(billed.mapped("agreed_difference"))
        self.contract_id._sync_plan()
        return {"type": "ir.actions.act_window_close"}

    def _accept_difference(self, changed):
        if not self.reason:
            raise UserError(
                self.env._(
                    "The price changes by %s: enter the reason.",
                    format_amount(self.env, self.difference, self.currency_id),
                )
            )
        for line, rows in changed.grouped(lambda row: row.instalment_id.line_id).items():
            line.agreed_difference += sum(row.amount - row.instalment_id.amount for row in rows)
            for row in rows:
                row.instalment_id.agreed_difference += row.amount - row.instalment_id.amount
        self.contract_id.message_post(
            body=self.env._(
                "The price changes by %(amount)s: %(reason)s",
                amount=format_amount(self.env, self.difference, self.currency_id),
                reason=self.reason,
            )
        )

    def _ensure_spread(self, changed):
        """Every price needs an instalment that takes up its difference."""
        for line in changed.instalment_id.line_id:
            open_rows = line._get_open_instalments().filtered(lambda row: not row.correction)
            left = line._get_price() - line._get_fixed_amount()
            if not open_rows and not self.currency_id.is_zero(float(left)):
                raise UserError(
                    self.env._(
                        "%(line)s: all its instalments were changed, none is left to take the difference of %(amount)s. "
                        "Change one back, or accept the difference.",
                        line=line.display_name,
                        amount=format_amount(self.env, float(left), self.currency_id),
                    )
                )

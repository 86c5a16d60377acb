from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import costs


class AfterSalesCharge(models.Model):
    """The real cost of what the customer does not pay, and how much of it the cost accounts know already (BI-17).

    What is posted is the sum of the ledger's rows of side ``cost``: a cost that becomes better known, another payer, a
    cancelled charge leave a difference, and the next entry posts it.
    """

    _inherit = "after.sales.charge"

    cost_to_post = fields.Monetary(
        "Cost to Post",
        compute="_compute_cost_to_post",
        store=True,
        currency_field="company_currency_id",
        help="Real cost of what the customer does not pay that no entry has brought to the cost accounts yet.",
    )
    cost_state = fields.Selection(
        [("to_post", "To post"), ("posted", "Posted")],
        "Covered Cost",
        compute="_compute_cost_to_post",
        store=True,
        index="btree_not_null",
    )
    cost_move_count = fields.Integer("Cost Entries", compute="_compute_cost_move_count", compute_sudo=True)

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends(
        "state",
        "kind",
        "cost",
        "allocation_ids.active",
        "allocation_ids.payer",
        "allocation_ids.share",
        "entry_ids.active",
        "entry_ids.amount",
    )
    def _compute_cost_to_post(self):
        posted = self._get_posted_costs()
        for charge in self:
            rows = charge._get_costs_to_post(posted)
            charge.cost_to_post = sum(rows.values())
            charge.cost_state = (
                "to_post" if rows else "posted" if any(posted.get(charge._origin, {}).values()) else False
            )

    def _get_posted_costs(self):
        """What the ledger says is posted, by payer: {charge: {payer: amount}}."""
        charges = self._origin.filtered(lambda charge: charge.kind != "instalment")  # nothing covers a price
        posted = {}
        if charges:
            rows = self.env["after.sales.billing.entry"].sudo()
            for charge, payer, amount in rows._read_group(
                [("charge_id", "in", charges.ids), ("side", "=", "cost")],
                ["charge_id", "payer"],
                ["amount:sum"],
            ):
                posted.setdefault(charge.with_env(self.env), {})[payer] = amount
        return posted

    def _get_costs_to_post(self, posted):
        """What must still be posted of this charge, by payer."""
        self.ensure_one()
        unit = self.company_currency_id.rounding or 0.01
        borne = {}
        if self.state == "confirmed" and self.kind != "instalment":
            shares = self.allocation_ids.filtered("active").sorted(lambda row: (row.sequence, row.id))
            borne = costs.borne(self.cost or 0.0, [(row.payer, row.share) for row in shares], unit)
        return costs.left(borne, posted.get(self._origin, {}), unit)

    @api.depends("entry_ids.move_id")
    def _compute_cost_move_count(self):
        for charge in self:
            charge.cost_move_count = len(charge._get_cost_entries().move_id)

    def _get_cost_entries(self):
        """The rows of the ledger that brought the cost to the accounts; sudo: for who may read the charge."""
        return self.sudo().entry_ids.filtered(lambda entry: entry.side == "cost")

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_post_cost(self):
        """Draft the entries that bring the cost of these charges to the accounts."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants post the cost of covered work."))
        moves = self.env["after.sales.cost.posting"]._make_moves(self)
        if not moves:
            raise UserError(self.env._("Nothing of it is to post: the cost accounts know it already."))
        return moves._after_sales_get_cost_action()

    def action_view_cost_moves(self):
        return self._get_cost_entries().move_id.sudo(False)._after_sales_get_cost_action()

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

MODES = [("percent", "By percent"), ("amount", "By an amount"), ("price", "To a new price")]


class AfterSalesContractChangePrices(models.TransientModel):
    """D10: prices of a contract that change on a day known in advance, with a preview."""

    _name = "after.sales.contract.change.prices"
    _description = "Change Prices of a Service Contract from a Day on"

    contract_id = fields.Many2one("after.sales.contract", required=True, ondelete="cascade", readonly=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date = fields.Date(
        "From", compute="_compute_date", store=True, readonly=False, precompute=True, required=True
    )
    mode = fields.Selection(MODES, "Change", default="percent", required=True)
    value = fields.Float("Percent or Amount", digits="Product Price", help="Below zero it lowers the prices.")
    row_ids = fields.One2many(
        "after.sales.contract.change.prices.row",
        "wizard_id",
        compute="_compute_row_ids",
        store=True,
        readonly=False,
    )

    @api.depends("contract_id")
    def _compute_date(self):
        """Today, or the first day of a contract that is still to begin."""
        for wizard in self:
            today = wizard.contract_id._get_today()
            wizard.date = wizard.date or max(today, wizard.contract_id.date_start or today)

    @api.depends("contract_id", "date", "mode", "value")
    def _compute_row_ids(self):
        """D09: only prices in force on that day; each new price may be corrected, or its row removed."""
        for wizard in self:
            lines = wizard.contract_id.line_ids.filtered(lambda line, w=wizard: line._is_in_force(w.date))
            wizard.row_ids = [
                Command.clear(),
                *(
                    Command.create({"line_id": line.id, "price_unit": wizard._get_new_price(line.price_unit)})
                    for line in lines
                ),
            ]

    def _get_new_price(self, price):
        if self.mode == "percent":
            return price * (1 + self.value / 100)
        return price + self.value if self.mode == "amount" else self.value

    def action_apply(self):
        """Plan the changes: the instalments from that day on show the new prices at once.

        :raises UserError: when nothing is left to change or a period from that day on is billed
        """
        self.ensure_one()
        contract = self.contract_id
        contract._ensure_state("draft", "proposed", "running", "notice")
        changed = self.row_ids.filtered(lambda row: row.price_unit != row.line_id.price_unit)
        if not changed:
            raise UserError(self.env._("No price would change on %s.", format_date(self.env, self.date)))
        for row in changed:
            row.line_id._change_price(self.date, row.price_unit)
        if contract.state != "draft":
            contract._sync_plan()
        contract.message_post(
            body=self.env._("Prices change on %(day)s.", day=format_date(self.env, self.date)),
        )
        return {"type": "ir.actions.act_window_close"}

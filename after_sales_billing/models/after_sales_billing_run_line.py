from odoo import fields, models


class AfterSalesBillingRunLine(models.Model):
    _name = "after.sales.billing.run.line"
    _description = "Billing Run Line"
    _order = "run_id desc, group_number, id"
    _rec_name = "charge_id"

    run_id = fields.Many2one("after.sales.billing.run", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    charge_id = fields.Many2one("after.sales.charge", required=True, ondelete="cascade", index=True)
    group_number = fields.Integer(
        "Invoice No.", aggregator="count_distinct", help="Charges of one number share an invoice."
    )
    partner_id = fields.Many2one(related="charge_id.partner_id", store=True)
    kind = fields.Selection(related="charge_id.kind", store=True)
    contract_id = fields.Many2one(related="charge_id.contract_id")
    ticket_id = fields.Many2one(related="charge_id.ticket_id")
    intervention_id = fields.Many2one(related="charge_id.intervention_id")
    date = fields.Date(related="charge_id.date")
    currency_id = fields.Many2one(related="charge_id.currency_id")
    amount = fields.Monetary(readonly=True, aggregator=None)
    company_currency_id = fields.Many2one(related="run_id.company_currency_id", string="Company Currency")
    amount_company = fields.Monetary(
        "Amount in Company Currency", currency_field="company_currency_id", readonly=True
    )
    state = fields.Selection(
        [
            ("ready", "Ready"),
            ("problem", "Problem"),
            ("billed", "Billed"),
            ("freed", "Set Free Again"),
            ("skipped", "Skipped"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Text(readonly=True)
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _mark_billed(self, move):
        """Write down the invoice, and the amount too where it has changed since the preview: in its rate, as the others."""
        self.write({"state": "billed", "move_id": move.id})
        for line in self:
            amount = line.charge_id.amount_customer
            if line.currency_id.compare_amounts(line.amount, amount):
                line.amount = amount
                line.amount_company = line.currency_id._convert(
                    amount, line.company_currency_id, line.company_id, line.run_id.date_to
                )

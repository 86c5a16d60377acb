from odoo import fields, models


class AfterSalesContractCredit(models.Model):
    """What a customer gets back: billed days of a price on which the contract owed him nothing.

    One row per cause, written when a contract is stopped, paused or transferred. The credit note itself is made by who
    bills (:meth:`_after_credited`); without such an addon the responsible person gets a thing to do.
    """

    _name = "after.sales.contract.credit"
    _description = "Credit of a Service Contract"
    _order = "contract_id, date_from, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    line_id = fields.Many2one(
        "after.sales.contract.line", "Price", required=True, index=True, check_company=True
    )
    instalment_id = fields.Many2one(
        "after.sales.contract.instalment",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: the line was billed by the document that sold it.",
    )
    reason = fields.Selection(
        [("stop", "Early End"), ("pause", "Pause"), ("transfer", "Transfer to Another Customer")],
        required=True,
    )
    date_from = fields.Date("First Day Credited", required=True)
    date_to = fields.Date("Last Day Credited", required=True)
    days = fields.Integer(aggregator=None)
    amount = fields.Monetary(help="Without taxes.")

    _cause_uniq = models.UniqueIndex(
        "(line_id, COALESCE(instalment_id, 0), date_from)", "These days were credited already."
    )
    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A credit ends after it begins.")
    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A credit cannot be negative.")

    def _after_credited(self):
        """Hook: make the credit note. Here nobody bills, so the responsible person is told what to credit."""
        for contract, credits in self.grouped("contract_id").items():
            contract._warn_responsible(
                self.env._("Credit note to make"),
                self.env._(
                    "%(contract)s: %(amount)s without taxes for billed days that are not used.",
                    contract=contract.name,
                    amount=contract.currency_id.format(sum(credits.mapped("amount"))),
                ),
            )

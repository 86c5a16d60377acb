from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    after_sales_contract_id = fields.Many2one(
        "after.sales.contract",
        string="Service Contract",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    after_sales_date_from = fields.Date(string="Service From", copy=False)
    after_sales_date_to = fields.Date(string="Service To", copy=False)
    after_sales_origin_id = fields.Many2one(
        "account.move.line",
        string="Reversed Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The invoice line that this line of a credit note takes back.",
    )
    after_sales_entry_ids = fields.One2many("after.sales.billing.entry", "move_line_id", readonly=True)

    def _related_analytic_distribution(self):
        distribution = super()._related_analytic_distribution()
        contract_sudo = (
            self.sudo().after_sales_contract_id
        )  # the account only, for who may not read contracts
        if contract_sudo.analytic_account_id and not distribution:
            return {str(contract_sudo.analytic_account_id.id): 100.0}
        return distribution

    @api.depends("after_sales_contract_id")
    def _compute_analytic_distribution(self):
        return super()._compute_analytic_distribution()

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        # sudo: whether it bills anything, for who may not read the ledger
        if self.display_type == "product" and (
            self.move_id.is_sale_document() or self.sudo().after_sales_entry_ids
        ):
            values.update(
                {
                    "after_sales_contract_id": self.after_sales_contract_id.id,
                    "after_sales_date_from": self.after_sales_date_from,
                    "after_sales_date_to": self.after_sales_date_to,
                    "after_sales_origin_id": self.id,
                }
            )
        return result

    def unlink(self):
        if not self:  # so Odoo calls it for each line that it creates
            return super().unlink()
        # who may delete the line frees its source; the ledger itself nobody writes by hand
        entries_sudo = self.env["after.sales.billing.entry"].sudo().search([("move_line_id", "in", self.ids)])
        entries_sudo._free(self.env._("Document or line deleted"))
        entries_sudo._reopen_claims()
        return super().unlink()

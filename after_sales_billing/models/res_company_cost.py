from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

EXPENSES = [("internal_group", "=", "expense")]


class ResCompany(models.Model):
    """Where the real cost of covered work goes (BI-17)."""

    _inherit = "res.company"

    after_sales_cost_journal_id = fields.Many2one(
        "account.journal", "Journal of Covered Cost", domain=[("type", "=", "general")], check_company=True
    )
    after_sales_warranty_cost_account_id = fields.Many2one(
        "account.account", "Warranty Cost Account", domain=EXPENSES, check_company=True
    )
    after_sales_contract_cost_account_id = fields.Many2one(
        "account.account",
        "Contract Cost Account",
        domain=EXPENSES,
        check_company=True,
        help="For what a contract covers, and for hours of a pool.",
    )
    after_sales_goodwill_cost_account_id = fields.Many2one(
        "account.account",
        "Goodwill Cost Account",
        domain=EXPENSES,
        check_company=True,
        help="When empty, goodwill goes to the account of warranties.",
    )
    after_sales_absorbed_account_id = fields.Many2one(
        "account.account",
        "Absorbed Costs Account",
        domain=EXPENSES,
        check_company=True,
        help="The other side: wages, parts and bills are posted by Odoo already, so that the result stays the same.",
    )
    after_sales_cost_auto = fields.Boolean(
        "Scheduled Posting of Covered Cost", help="A scheduled job posts the months that have ended."
    )

    @api.constrains(
        "after_sales_warranty_cost_account_id",
        "after_sales_contract_cost_account_id",
        "after_sales_goodwill_cost_account_id",
        "after_sales_absorbed_account_id",
    )
    def _check_after_sales_cost_accounts(self):
        """The result of a contract reads its analytic entries: both sides count in it as cost, and add up to nothing."""
        for company in self:
            wrong = company._get_after_sales_cost_accounts().filtered(
                lambda account: account.internal_group != "expense"
            )
            if wrong:
                raise ValidationError(
                    self.env._("%s is no expense account: covered cost needs one.", wrong[0].display_name)
                )

    def _get_after_sales_cost_accounts(self):
        return (
            self.after_sales_warranty_cost_account_id
            | self.after_sales_contract_cost_account_id
            | self.after_sales_goodwill_cost_account_id
            | self.after_sales_absorbed_account_id
        )

    def _get_after_sales_cost_account(self, payer):
        """The account that bears what a payer covers."""
        self.ensure_one()
        if payer in ("contract", "pool"):
            return self.after_sales_contract_cost_account_id
        warranty = self.after_sales_warranty_cost_account_id
        return (self.after_sales_goodwill_cost_account_id or warranty) if payer == "goodwill" else warranty

    def _get_after_sales_cost_problem(self):
        """Why no covered cost can be posted in this company, in words; False when all is set up."""
        self.ensure_one()
        needed = (
            "after_sales_cost_journal_id",
            "after_sales_warranty_cost_account_id",
            "after_sales_contract_cost_account_id",
            "after_sales_absorbed_account_id",
        )
        missing = [name for name in needed if not self[name].filtered("active")]
        if not missing:
            return False
        labels = self.fields_get(missing, ["string"])
        return self.env._(
            "%(company)s: choose first, in the settings of Invoicing, where covered cost goes: %(fields)s.",
            company=self.display_name,
            fields=", ".join(labels[name]["string"] for name in missing),
        )

    def _ensure_after_sales_cost_accounts(self):
        for company in self:
            problem = company._get_after_sales_cost_problem()
            if problem:
                raise UserError(problem)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    after_sales_billing_grouping = fields.Selection(
        related="company_id.after_sales_billing_grouping", readonly=False
    )
    after_sales_billing_auto = fields.Boolean(related="company_id.after_sales_billing_auto", readonly=False)
    after_sales_billing_post = fields.Boolean(related="company_id.after_sales_billing_post", readonly=False)
    after_sales_billing_send = fields.Boolean(related="company_id.after_sales_billing_send", readonly=False)
    after_sales_billing_user_id = fields.Many2one(
        related="company_id.after_sales_billing_user_id", readonly=False
    )
    after_sales_statement = fields.Boolean(related="company_id.after_sales_statement", readonly=False)
    after_sales_claim_days = fields.Integer(related="company_id.after_sales_claim_days", readonly=False)
    after_sales_recovery_product_id = fields.Many2one(
        related="company_id.after_sales_recovery_product_id", readonly=False
    )
    after_sales_cost_journal_id = fields.Many2one(
        related="company_id.after_sales_cost_journal_id", readonly=False, check_company=True
    )
    after_sales_warranty_cost_account_id = fields.Many2one(
        related="company_id.after_sales_warranty_cost_account_id", readonly=False, check_company=True
    )
    after_sales_contract_cost_account_id = fields.Many2one(
        related="company_id.after_sales_contract_cost_account_id", readonly=False, check_company=True
    )
    after_sales_goodwill_cost_account_id = fields.Many2one(
        related="company_id.after_sales_goodwill_cost_account_id", readonly=False, check_company=True
    )
    after_sales_absorbed_account_id = fields.Many2one(
        related="company_id.after_sales_absorbed_account_id", readonly=False, check_company=True
    )
    after_sales_cost_auto = fields.Boolean(related="company_id.after_sales_cost_auto", readonly=False)

    # here and not on the company, to which settings write one field after the other
    @api.constrains("after_sales_billing_auto", "after_sales_billing_user_id")
    def _check_after_sales_billing_user(self):
        for settings in self:
            if settings.after_sales_billing_auto and not settings.after_sales_billing_user_id:
                raise ValidationError(
                    self.env._(
                        "%s: choose who is responsible for scheduled billing. What cannot be billed calls him.",
                        settings.company_id.display_name,
                    )
                )

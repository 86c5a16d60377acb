import logging

from odoo import fields, models

from .after_sales_billing_run import GROUPING

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    after_sales_billing_grouping = fields.Selection(
        GROUPING,
        "After-Sales Invoice Grouping",
        default="contract",
        help="For customers without a rule of their own.",
    )
    after_sales_billing_auto = fields.Boolean(
        "Scheduled Billing", help="The scheduled job opens a billing run for what is due."
    )
    after_sales_billing_post = fields.Boolean("Post Invoices of Billing Runs")
    after_sales_billing_send = fields.Boolean("Send Invoices of Billing Runs")
    after_sales_billing_user_id = fields.Many2one(
        "res.users",
        "Responsible for Scheduled Billing",
        ondelete="restrict",
        help="Salesperson of the invoices; gets the activities of what could not be billed.",
    )
    after_sales_statement = fields.Boolean(
        "Send the Statement of Work",
        default=True,
        help="Attach the list of work, parts and who pays for them when an invoice is sent.",
    )
    after_sales_claim_days = fields.Integer(
        "Days for Suppliers to Answer",
        default=30,
        help="A claim that its supplier has not answered by then reminds its responsible.",
    )
    after_sales_recovery_product_id = fields.Many2one(
        "product.product",
        "Product of Supplier Recovery",
        domain=[("type", "=", "service")],
        check_company=True,
        help="Gives account and taxes to the lines of what suppliers give back.",
    )

    def _get_billing_user(self):
        """Who answers for what jobs bill and post: he who was chosen; when he has left, or nobody was, an accountant."""
        self.ensure_one()
        chosen = self.after_sales_billing_user_id
        if chosen.active:
            return chosen
        accountants = self.env.ref("account.group_account_manager")
        user = chosen.search(
            [("company_ids", "in", self.ids), ("all_group_ids", "in", accountants.ids)], order="id", limit=1
        )
        if not user:
            _logger.warning("Nobody answers for scheduled billing of %s, and it has no accountant", self.name)
        return user

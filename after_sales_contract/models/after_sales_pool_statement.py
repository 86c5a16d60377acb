from odoo import api, fields, models
from odoo.tools import format_date


class AfterSalesPoolStatement(models.Model):
    """What a month did to a pool. It always says how many hours there are in all, how many are used and how many are
    left (D29). Each entry is on one statement; what was taken back after its statement shows as a correction."""

    _name = "after.sales.pool.statement"
    _description = "Hour Pool Statement"
    _order = "date_to desc, id desc"

    pool_id = fields.Many2one("after.sales.pool", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="pool_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="pool_id.partner_id")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    opening = fields.Float("Left Before", digits="Product Unit")
    bought = fields.Float("Total", digits="Product Unit", help="All hours bought until then.")
    used = fields.Float(digits="Product Unit", help="All hours used until then.")
    overage = fields.Float(
        "Beyond the Pool", digits="Product Unit", help="Hours charged beside the pool until then."
    )
    expired = fields.Float(digits="Product Unit", help="Hours left that were lost until then.")
    passed_on = fields.Float(
        "Carried over", digits="Product Unit", help="Hours left that were given to another pool until then."
    )
    balance = fields.Float("Left", digits="Product Unit")
    correction = fields.Float(digits="Product Unit", help="What was taken back of earlier statements.")
    entry_ids = fields.One2many("after.sales.pool.entry", "statement_id", "Entries")
    sent_on = fields.Datetime(readonly=True)
    email = fields.Char("Sent to", readonly=True)

    _month_uniq = models.Constraint(
        "UNIQUE (pool_id, date_to)", "There is already a statement of that pool and day."
    )
    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A statement ends after it begins.")

    @api.depends("pool_id", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            day = format_date(self.env, statement.date_to)
            statement.display_name = f"{statement.pool_id.name} {day}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.display_name.replace("/", "_")

    def _send(self):
        """Send the customer his statement, once; who has no address gets none and finds it on the portal."""
        template = self.env.ref("after_sales_contract.mail_template_pool_statement", raise_if_not_found=False)
        for statement in self.filtered(lambda s: template and not s.sent_on and s.partner_id.email):
            template.send_mail(statement.id, email_layout_xmlid="mail.mail_notification_light")
            statement.write({"sent_on": fields.Datetime.now(), "email": statement.partner_id.email})

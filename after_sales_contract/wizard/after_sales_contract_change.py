from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesContractChange(models.TransientModel):
    """Ask how a contract ends by notice or early, pauses, goes on or passes to another customer, and show what follows from it.

    Nothing is written before the person applies it (D22).
    """

    _name = "after.sales.contract.change"
    _description = "Change the Life of a Service Contract"

    contract_id = fields.Many2one("after.sales.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    kind = fields.Selection(
        [
            ("notice", "Notice received"),
            ("stop", "End early"),
            ("pause", "Pause"),
            ("resume", "Resume"),
            ("transfer", "Transfer to Another Customer"),
        ],
        required=True,
        readonly=True,
        default="stop",
    )
    date = fields.Date(required=True, compute="_compute_date", store=True, readonly=False)
    date_until = fields.Date("Last Day of the Pause", help="Empty: until somebody resumes the contract.")
    settlement = fields.Selection(
        [("credit", "Credit them"), ("keep", "Keep them: each price goes on as long as it is billed")],
        "Billed Days after It",
        required=True,
        default="credit",
    )
    partner_id = fields.Many2one("res.partner", "New Customer", check_company=True)
    reference = fields.Char(
        "New Customer's Reference",
        help="His own order number, which his invoices show; that of the old customer does not pass on.",
    )
    with_units = fields.Boolean("Units Change Their Owner Too", default=True)
    reason = fields.Char()
    send_mail = fields.Boolean("Confirm to the Customer by E-Mail", default=True)
    effects = fields.Html("What Follows", compute="_compute_effects", sanitize=False)

    @api.depends("contract_id", "kind")
    def _compute_date(self):
        for wizard in self:
            contract = wizard.contract_id
            today = contract._get_today()
            if wizard.kind == "transfer":
                wizard.date = today + timedelta(days=1)
            elif wizard.kind == "notice":
                wizard.date = contract.notice_date or today
            else:
                wizard.date = max(min(today, contract.date_end or today), contract.date_start or today)

    @api.depends("contract_id", "kind", "date", "date_until", "settlement", "partner_id", "with_units")
    def _compute_effects(self):
        for wizard in self:
            texts = []
            if wizard.contract_id and wizard.date:
                try:
                    texts = getattr(wizard, f"_get_effects_{wizard.kind}")()
                except UserError as error:
                    wizard.effects = Markup(
                        '<div class="alert alert-danger mb-0" role="alert">%s</div>'
                    ) % str(error)
                    continue
            items = Markup().join(Markup("<li>%s</li>") % text for text in texts)
            wizard.effects = Markup("<ul>%s</ul>") % items if items else False

    # === APPLY ===#

    def action_apply(self):
        """Do it, with the rights of the person who asks.

        :raise UserError: when the contract is not in force or a day does not fit
        """
        self.ensure_one()
        self.contract_id.check_access("write")
        return getattr(self, f"_apply_{self.kind}")() or {"type": "ir.actions.act_window_close"}

    def _apply_notice(self):
        contract = self.contract_id
        contract._ensure_state("running")
        contract._check_notice_day(self.date)
        contract._give_notice(self.date)
        contract.close_reason = self.reason or contract.close_reason
        if self.send_mail:
            contract._send_mail("after_sales_contract.mail_template_contract_notice")

    def _apply_stop(self):
        contract = self.contract_id
        contract._stop(self.date, self.settlement == "credit", self.reason)
        if self.send_mail:
            contract._send_mail("after_sales_contract.mail_template_contract_stop")

    def _apply_pause(self):
        self.contract_id._pause(self.date, self.date_until, self.reason)

    def _apply_resume(self):
        self.contract_id._resume(self.date, self.reason)

    def _apply_transfer(self):
        if not self.partner_id:
            raise UserError(self.env._("Choose the new customer."))
        contract = self.contract_id._transfer(
            self.partner_id, self.date, self.settlement == "credit", self.with_units, self.reference
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": contract._name,
            "res_id": contract.id,
            "view_mode": "form",
        }

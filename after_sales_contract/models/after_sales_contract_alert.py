import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, format_date

_logger = logging.getLogger(__name__)

KINDS = [
    ("consumer", "Warning before tacit renewal"),
    ("ending", "Contract ends: customer"),
    ("notice", "Notice day comes near: responsible"),
    ("end", "Contract ends: responsible"),
    ("letter", "Renewal letter"),
]
#: What is written to the customer, by mail; the other alerts are activities of the responsible person.
TEMPLATES = {
    "consumer": "after_sales_contract.mail_template_contract_consumer",
    "ending": "after_sales_contract.mail_template_contract_ending",
    "letter": "after_sales_contract.mail_template_renewal_letter",
}
#: The warning of law leaves so many days before its last day, so that a night without job does no harm.
LEAD_DAYS = 10


class AfterSalesContractAlert(models.Model):
    """Log of what was announced about the end of a contract: to whom, where, when (D17, law L15)."""

    _name = "after.sales.contract.alert"
    _description = "Alert of a Service Contract"
    _order = "id desc"
    _rec_name = "contract_id"
    _check_company_auto = True

    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    contract_id = fields.Many2one(
        "after.sales.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    renewal_line_id = fields.Many2one(
        "after.sales.renewal.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one("res.partner", "Recipient", readonly=True, index=True)
    email = fields.Char("E-mail Used", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    date_end = fields.Date("End Announced", required=True, readonly=True)
    date_notice = fields.Date("Notice by", readonly=True)
    date_limit = fields.Date(
        "To Be Sent by", readonly=True, help="Last day on which law allows it to be sent."
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late", store=True)
    state = fields.Selection(
        [("sent", "Sent"), ("skipped", "Not Sent"), ("failed", "Failed")],
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)

    _once = models.UniqueIndex("(contract_id, kind, date_end)", "This end was announced already.")

    @api.depends("date", "date_limit")
    def _compute_is_late(self):
        for alert in self:
            alert.is_late = bool(alert.date_limit and alert.date and alert.date.date() > alert.date_limit)

    # === THE DAILY JOB ===#

    @api.model
    def _cron_send(self, batch_size=50):
        """Announce what comes near, each end once; a run that was killed is taken up where it stopped."""
        today = fields.Date.today()
        for company in self.env["res.company"].search([]):
            model = self.with_company(company)
            for kind, domain in self._get_due_domains(company, today).items():
                if not model._send_due(kind, domain, batch_size):
                    return
        self._send_letters(batch_size=10)

    @api.model
    def _get_due_domains(self, company, today):
        """Contracts to announce by kind, for the kinds that the company wants. Only those that are due."""

        def until(days):
            return today + timedelta(days=days)

        domain = self.env["after.sales.contract"]._get_to_renew_domain() & Domain(
            "company_id", "=", company.id
        )
        tacit, ends = Domain("tacit_renewal", "=", True), Domain("tacit_renewal", "=", False)
        person = Domain("commercial_partner_id.is_company", "=", False)
        domains = {}
        if law_days := company.after_sales_consumer_days:
            reach = Domain("date_notice", "<=", until(law_days + LEAD_DAYS)) & Domain("date_end", ">=", today)
            # A run may have renewed the contract already: it can be stopped by notice all the same.
            renewed = self.env["after.sales.contract"]._get_renewed_domain() & Domain(
                "date_notice", ">=", today
            )
            of_company = Domain("company_id", "=", company.id)
            domains["consumer"] = (domain | (renewed & of_company)) & tacit & person & reach
        if days := company.after_sales_ending_days:
            domains["ending"] = (
                domain & ends & Domain("date_end", ">=", today) & Domain("date_end", "<=", until(days))
            )
        if days := company.after_sales_responsible_days:
            notice, end = (
                Domain(name, ">=", today) & Domain(name, "<=", until(days))
                for name in ("date_notice", "date_end")
            )
            domains["notice"] = domain & tacit & notice
            domains["end"] = domain & ends & end
        return {
            kind: due & Domain("alert_ids", "not any", [("kind", "=", kind)]) for kind, due in domains.items()
        }

    @api.model
    def _send_due(self, kind, domain, batch_size):
        contracts = self.env["after.sales.contract"].search(domain, order="date_end, id")
        cron = self.env["ir.cron"]
        for start in range(0, len(contracts), batch_size):
            batch = contracts[start : start + batch_size]
            self._announce(kind, batch)
            if not cron._commit_progress(len(batch), remaining=len(contracts) - start - len(batch)):
                return False
        return True

    @api.model
    def _send_letters(self, batch_size):
        """Letters of the renewal runs whose manager asked for them; few at a time, each draws a PDF."""
        rows = self.env["after.sales.renewal.line"].search(
            [
                ("renewal_id.letters_on", "!=", False),
                ("state", "=", "done"),
                ("alert_ids", "=", False),
            ],
            order="id",
        )
        cron = self.env["ir.cron"]
        for start in range(0, len(rows), batch_size):
            batch = rows[start : start + batch_size]
            self._announce("letter", batch.contract_id, {row.contract_id: row for row in batch})
            if not cron._commit_progress(len(batch), remaining=len(rows) - start - len(batch)):
                return

    # === ONE BATCH ===#

    @api.model
    def _announce(self, kind, contracts, rows=None):
        """Log the alerts of the contracts and send them. What cannot be sent is kept with its reason."""
        rows = rows or {}
        alerts = self.create(
            [self._prepare_alert(kind, contract, rows.get(contract)) for contract in contracts]
        )
        for alert in alerts.filtered(lambda alert: alert.state == "sent"):
            alert._deliver()
        return alerts

    @api.model
    def _prepare_alert(self, kind, contract, row=None):
        user = contract._get_responsible()
        partner = contract.partner_id if kind in TEMPLATES else user.partner_id
        email = email_normalize(partner.email or "")
        vals = {
            "kind": kind,
            "contract_id": contract.id,
            "renewal_line_id": row.id if row else False,
            "partner_id": partner.id,
            "email": email or partner.email,
            "date_end": contract.date_end,
            "date_notice": contract.date_notice,
            "state": "sent",
        }
        if kind == "consumer":
            days = contract.company_id.after_sales_consumer_days
            vals["date_limit"] = contract.date_notice - timedelta(days=days)
        if kind in TEMPLATES and not email:
            reason = self.env._("The customer has no valid e-mail address: write him a letter.")
            vals.update(state="skipped", reason=reason)
        elif kind not in TEMPLATES and not user:
            vals.update(state="skipped", reason=self.env._("The contract has no responsible person."))
        return vals

    def _deliver(self):
        """The mail or the activity of one row; a failure stays on it and stops nobody else's."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                if self.kind in TEMPLATES:
                    self._send_mail()
                else:
                    self._schedule()
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
            _logger.info("No alert about contract %s", self.contract_id.ids, exc_info=True)
            self._set_failed(str(error))

    def _set_failed(self, reason):
        """What was to be sent was not: the row says why, and can be sent again."""
        self.write({"state": "failed", "reason": reason[:500]})

    def _send_mail(self):
        # A template may be closed to the user of the job; what it shows is this customer's own.
        template_sudo = self.env.ref(TEMPLATES[self.kind]).sudo()
        row = self.renewal_line_id
        template_sudo.send_mail(row.id if self.kind == "letter" else self.id)
        if self.kind == "letter":
            row.successor_id._mark_sent()

    def _schedule(self):
        """An activity of the responsible person, in his language."""
        contract, user = self.contract_id, self.contract_id.user_id
        env = self.with_context(lang=user.lang).env
        if self.kind == "notice":
            day = self.date_notice
            summary = env._("Notice possible until %s", format_date(env, day))
        else:
            day = self.date_end
            summary = env._("The contract ends on %s", format_date(env, day))
        # Many of these are a list to work through, not many mails.
        contract.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=day, summary=summary, user_id=user.id
        )

    def action_send_again(self):
        """Try failed and skipped rows again, with the address the customer has now."""
        self.check_access("write")
        for alert in self.filtered(lambda a: a.state != "sent" and a.kind in TEMPLATES):
            if email := email_normalize(alert.partner_id.email or ""):
                alert.write({"state": "sent", "email": email, "reason": False, "date": fields.Datetime.now()})
                alert._deliver()

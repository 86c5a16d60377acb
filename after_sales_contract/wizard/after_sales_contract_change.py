from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesContractChange(models.TransientModel):
    """Ask how a contract ends early, pauses, goes on or passes to another customer, and show what follows from it.

    Nothing is written before the person applies it (D22).
    """

    _name = "after.sales.contract.change"
    _description = "Change the Life of a Service Contract"

    contract_id = fields.Many2one("after.sales.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    kind = fields.Selection(
        [
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
    with_units = fields.Boolean("Units Change Their Owner Too", default=True)
    reason = fields.Char()
    send_mail = fields.Boolean("Confirm to the Customer by E-Mail", default=True)
    effects = fields.Html("What Follows", compute="_compute_effects", sanitize=False)

    @api.depends("contract_id", "kind")
    def _compute_date(self):
        for wizard in self:
            contract = wizard.contract_id
            today = contract._get_today() if contract else fields.Date.context_today(wizard)
            if wizard.kind == "transfer":
                wizard.date = today + timedelta(days=1)
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
                    texts = [str(error)]
            items = Markup().join(Markup("<li>%s</li>") % text for text in texts)
            wizard.effects = Markup("<ul>%s</ul>") % items if items else False

    # === WHAT FOLLOWS ===#

    def _get_effects_stop(self):
        contract = self.contract_id
        contract._check_stop_day(self.date)
        texts = self._describe_stop(self.date)
        if contract.pool_balance:
            texts.append(self.env._("Hours left in the pool: %(hours)s.", hours=f"{contract.pool_balance:g}"))
        return texts

    def _get_effects_transfer(self):
        contract, partner = self.contract_id, self.partner_id
        if not partner:
            return []
        contract._check_transfer(partner, self.date)
        texts = [
            self.env._(
                "%(partner)s gets a contract of his own from %(start)s to %(stop)s, with the same prices and terms.",
                partner=partner.display_name,
                start=format_date(self.env, self.date),
                stop=format_date(self.env, contract.date_end),
            )
        ]
        units = contract.cover_ids.filtered(lambda c: not c.date_to or c.date_to >= self.date).unit_id
        if units and self.with_units:
            texts.append(self.env._("Units that change their owner: %(count)s.", count=len(units)))
        texts += self._describe_stop(self.date - timedelta(days=1))
        return texts + self._describe_transferred_hours()

    def _describe_transferred_hours(self):
        """Which hours go along and which do not: what is left on the first day counts."""
        contract, texts = self.contract_id, []
        passing = contract._get_transferable_pools()
        if hours := sum(passing.mapped("balance")):
            texts.append(
                self.env._(
                    "Hours that go along to %(partner)s, as far as they are still left on that day: %(hours)s (%(pools)s).",
                    partner=self.partner_id.display_name,
                    hours=f"{hours:g}",
                    pools=", ".join(passing.mapped("name")),
                )
            )
        staying = (contract.pool_ids - passing).filtered(lambda pool: pool.date_from <= self.date)
        if hours := sum(staying.mapped("balance")):
            texts.append(
                self.env._(
                    "Hours of the present period that stay with %(partner)s and lapse with his contract: %(hours)s. The new "
                    "contract has its own from its first day, by days.",
                    partner=contract.partner_id.display_name,
                    hours=f"{hours:g}",
                )
            )
        return texts

    def _describe_stop(self, day):
        contract = self.contract_id
        rows = contract._get_stop_rows(day, self.settlement == "credit")
        closed = max((row["stop"] for row in rows), default=day)
        texts = [self.env._("Last day under contract: %(day)s.", day=format_date(self.env, closed))]
        if closed > day:
            texts.append(self.env._("Prices are billed until then: nothing is credited."))
        for row in rows:
            texts += [self._describe_credit(vals) for vals in row["credits"]]
            if row["due"]:
                texts.append(self._describe_due(row["line"], row["due"]))
        last_of = {row["line"]: row["stop"] for row in rows}
        gone = contract.instalment_ids.filtered(
            lambda r: r.state == "planned" and not r.is_billed and r.date_to > last_of.get(r.line_id, closed)
        )
        texts += self._describe_instalments(gone)
        return texts + self._describe_visits(contract.visit_ids.filtered(lambda visit: visit.date > closed))

    def _get_effects_pause(self):
        contract = self.contract_id
        contract._check_stop_day(self.date)
        texts = [
            self.env._(
                "On paused days nothing is covered and no price runs; the end of the contract stays as it is."
            ),
        ]
        until = self.date_until
        touched = contract.instalment_ids.filtered(
            lambda r: r.state == "planned" and r.date_to >= self.date and (not until or r.date_from <= until)
        )
        if touched.filtered("is_billed"):
            texts.append(
                self.env._(
                    "Some of these days are billed: they lower the instalments to come; where none is to come they are credited."
                )
            )
        texts += self._describe_instalments(touched.filtered(lambda r: not r.is_billed))
        if ahead := not until and contract._get_paused_renewal():
            texts.append(self.env._("The next term, %(contract)s, is paused too.", contract=ahead.name))
        texts += self._describe_visits(contract._get_visits_of_pause(self.date, until))
        if contract.pool_balance:
            texts.append(
                self.env._("Hours of the pool cannot be used meanwhile; their expiry does not move.")
            )
        if contract.pool_hours and contract.pool_period != "term":
            texts.append(self.env._("Paused days bring no hours: a period has its part of them by days."))
        return texts

    def _get_effects_resume(self):
        contract = self.contract_id
        pauses = contract.pause_ids.filtered(lambda pause: pause._get_gap()[1] >= self.date)
        if not pauses:
            return [self.env._("%(contract)s is not paused.", contract=contract.name)]
        back = pauses.visit_ids.filtered(lambda visit: visit.date >= self.date)
        return [
            self.env._(
                "In force again from %(day)s; prices run from that day.", day=format_date(self.env, self.date)
            ),
            self.env._("Visits that were called off and are planned again: %(count)s.", count=len(back)),
        ]

    def _describe_credit(self, vals):
        line = self.env["after.sales.contract.line"].browse(vals["line_id"])
        return self.env._(
            "Credit of %(amount)s for %(line)s: %(days)s days from %(start)s to %(stop)s.",
            amount=self.contract_id.currency_id.format(-vals["amount"]),
            line=line.display_name,
            days=vals["days"],
            start=format_date(self.env, vals["date_from"]),
            stop=format_date(self.env, vals["date_to"]),
        )

    def _describe_due(self, line, amount):
        return self.env._(
            "Still to be paid for %(line)s: %(amount)s, because less was billed than its days cost.",
            line=line.display_name,
            amount=self.contract_id.currency_id.format(float(amount)),
        )

    def _describe_instalments(self, rows):
        if not rows:
            return []
        return [
            self.env._(
                "Planned instalments that fall out or shrink to their days: %(count)s, together %(amount)s.",
                count=len(rows),
                amount=self.contract_id.currency_id.format(sum(rows.mapped("amount"))),
            )
        ]

    def _describe_visits(self, visits):
        texts = []
        if planned := visits.filtered(lambda visit: visit.state == "planned"):
            texts.append(self.env._("Planned visits that are called off: %(count)s.", count=len(planned)))
        if scheduled := visits.filtered(lambda visit: visit.state == "scheduled"):
            texts.append(
                self.env._(
                    "Visits that are scheduled already, to be called off by hand: %(count)s.",
                    count=len(scheduled),
                )
            )
        return texts

    # === APPLY ===#

    def action_apply(self):
        """Do it, with the rights of the person who asks.

        :raise UserError: when the contract is not in force or a day does not fit
        """
        self.ensure_one()
        self.contract_id.check_access("write")
        return getattr(self, f"_apply_{self.kind}")() or {"type": "ir.actions.act_window_close"}

    def _apply_stop(self):
        contract = self.contract_id
        contract._stop(self.date, self.settlement == "credit", self.reason)
        if self.send_mail:
            contract._send_mail("after_sales_contract.mail_template_contract_stop")

    def _apply_pause(self):
        self.contract_id._pause(self.date, self.date_until, self.reason)

    def _apply_resume(self):
        self.contract_id._resume(self.date)

    def _apply_transfer(self):
        if not self.partner_id:
            raise UserError(self.env._("Choose the new customer."))
        contract = self.contract_id._transfer(
            self.partner_id, self.date, self.settlement == "credit", self.with_units
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": contract._name,
            "res_id": contract.id,
            "view_mode": "form",
        }

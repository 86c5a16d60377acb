from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class AfterSalesCharge(models.Model):
    _inherit = "after.sales.charge"

    entry_ids = fields.One2many(
        "after.sales.billing.entry", "charge_id", string="Billing Ledger", readonly=True
    )
    billing_state = fields.Selection(
        [
            ("to_bill", "To bill"),
            ("nothing", "Nothing to bill"),
            ("billed", "Billed"),
        ],
        string="Billing",
        compute="_compute_billing_state",
        store=True,
        index=True,
    )
    service_from = fields.Date(
        help="First day of the service, when it lasts longer than the day of the charge."
    )
    service_to = fields.Date(help="Last day of the service.")
    amount_credited = fields.Monetary(compute="_compute_amount_credited")
    billing_error = fields.Text(
        string="Why It Is Not Billed", readonly=True, copy=False, help="What stopped the last billing run."
    )
    billing_error_date = fields.Datetime(string="Stopped On", readonly=True, copy=False)
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("state", "amount_customer", "entry_ids.active", "entry_ids.kind", "entry_ids.side")
    def _compute_billing_state(self):
        billed_ids = {
            charge.id
            for (charge,) in self.env["after.sales.billing.entry"]
            .sudo()
            ._read_group(
                [
                    ("active", "=", True),  # whoever looks at freed rows too
                    ("charge_id", "in", self.ids),
                    ("kind", "=", "bill"),
                    ("side", "=", "customer"),
                ],
                ["charge_id"],
            )
        }
        for charge in self:
            if charge._origin.id in billed_ids:
                charge.billing_state = "billed"
            elif charge.state != "confirmed":
                charge.billing_state = False
            elif charge.currency_id and charge.currency_id.is_zero(charge.amount_customer):
                charge.billing_state = "nothing"
            else:
                charge.billing_state = "to_bill"

    @api.depends("entry_ids.amount", "entry_ids.kind", "entry_ids.active", "entry_ids.move_id.state")
    def _compute_amount_credited(self):
        amounts = self.sudo()._get_ledger_amounts()
        for charge in self:
            charge.amount_credited = -amounts.get(charge._origin, {}).get("credit", 0.0)

    @api.depends("entry_ids.move_id")
    def _compute_invoice_count(self):
        counts = dict(
            self.env["after.sales.billing.entry"]._read_group(
                [("charge_id", "in", self.ids), ("move_id", "!=", False), ("side", "=", "customer")],
                ["charge_id"],
                ["move_id:count_distinct"],
            )
        )
        for charge in self:
            charge.invoice_count = counts.get(charge._origin, 0)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    @api.constrains("state")
    def _check_cancel_billed(self):
        billed = self.filtered(
            lambda charge: charge.state == "cancelled" and charge.billing_state == "billed"
        )
        if billed:
            raise UserError(
                self.env._("%s is billed: delete or credit its invoice first.", billed[0].display_name)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if self.sudo().with_context(active_test=False).entry_ids:
            raise UserError(
                self.env._("What was billed once stays: cancel the charge instead of deleting it.")
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_invoices(self):
        return self._get_customer_entries().move_id.sudo(False)._after_sales_get_action()

    def action_bill_again(self):
        """Set credited charges free, so that the next run bills them anew."""
        self.check_access("read")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants set what is billed free again."))
        charges_sudo = self.sudo()  # accountants read charges, the ledger is written by our own methods only
        billed = charges_sudo._get_amounts_billed()
        for charge in self:
            if charge.billing_state != "billed":
                raise UserError(self.env._("%s is not billed.", charge.display_name))
            left = billed[charge] if charge.amount_customer >= 0 else -billed[charge]
            if charge.currency_id.compare_amounts(left, 0.0) > 0:
                raise UserError(
                    self.env._(
                        "%s can be billed again once its invoice is deleted, cancelled or credited in full.",
                        charge.display_name,
                    )
                )
        charges_sudo._get_customer_entries()._free(
            self.env._("Billed again on request of %s", self.env.user.name)
        )
        for charge_sudo in charges_sudo:
            charge_sudo.message_post(body=self.env._("Free to be billed again."))

    # ------------------------------------------------------------------
    # Business
    # ------------------------------------------------------------------

    def _get_customer_entries(self):
        """The rows of the ledger that say what the customer was billed; sudo: for who may read the charge."""
        return self.sudo().entry_ids.filtered(lambda entry: entry.side == "customer")

    def _get_amounts_billed(self):
        """What the ledger says was billed to the customer and not credited since: {charge: amount}, billed ones only."""
        return {
            charge: sum(amounts.values())
            for charge, amounts in self._get_ledger_amounts().items()
            if "bill" in amounts
        }

    def _get_ledger_amounts(self):
        """What the ledger says was billed to the customer and credited: {charge: {kind: amount}}.

        What a draft said before somebody edited it counts no more than what the charge expected; a credit note that is
        still a draft credits nothing.
        """
        drafted = Domain("kind", "=", "credit") & Domain("move_id", "any", [("state", "=", "draft")])
        valid = Domain("active", "=", True) & Domain("side", "=", "customer") & ~drafted
        rows = self.env["after.sales.billing.entry"]._read_group(
            Domain("charge_id", "in", self._origin.ids) & valid,
            ["charge_id", "kind", "currency_id"],
            ["amount:sum"],
        )
        found = {}
        for charge, kind, currency, amount in rows:
            amounts = found.setdefault(charge, {})
            amounts[kind] = amounts.get(kind, 0.0) + currency._convert(
                amount, charge.currency_id, charge.company_id, charge.date
            )
        return found

    def _prepare_entry_source(self):
        """What a row of the ledger stands for: the charge, and the source that must not be billed twice."""
        self.ensure_one()
        return {
            "charge_id": self.id,
            "source_model": self.source_model or self._name,
            "source_id": self.source_id or self.id,
            "source_key": (self.source_key or "") if self.source_model else "",
        }

    def _get_unbilled(self):
        return super()._get_unbilled().filtered(lambda charge: charge.billing_state != "billed")

    @api.model
    def _get_to_bill_domain(self, company, date_to, unchecked=False):
        """What a run up to ``date_to`` bills for a company; ``unchecked``: what it cannot bill yet."""
        domain = Domain("state", "=", "draft") if unchecked else Domain("billing_state", "=", "to_bill")
        return domain & Domain("company_id", "=", company.id) & Domain("date", "<=", date_to)

    def _is_due(self):
        """Whether there is anything among these charges that the customer owes or is owed."""
        return "to_bill" in self.sudo().mapped("billing_state")

    @api.model
    def _get_covered_domain(self, due):
        """What was free for the customer in the visits and calls of due charges.

        :param Query due: the charges that are due, of customers who want to read the rest too
        """
        work = due.subselect(SQL.identifier(due.table, "intervention_id"))
        customers = due.subselect(SQL.identifier(due.table, "partner_id"))
        loose = self.sudo()._search(Domain("id", "in", due) & Domain("intervention_id", "=", False))
        calls = loose.subselect(SQL.identifier(loose.table, "ticket_id"))
        occasion = Domain("intervention_id", "in", work)
        occasion |= Domain("ticket_id", "in", calls) & Domain("intervention_id", "=", False)
        covered = Domain("billing_state", "=", "nothing") & Domain("amount", "!=", 0)
        return covered & occasion & Domain("partner_id", "in", customers)

    def _differs(self, name, value):
        """Whether a field says something else than a value as it is written."""
        self.ensure_one()
        field = self._fields[name]
        if field.type == "many2many":
            return set(self[name].ids) != {record_id for command in value for record_id in command[2]}
        if field.type == "many2one":
            return self[name].id != value
        return (self[name] or False) != (value or False)

    def _get_billing_rate(self):
        """What must be equal for charges to share an invoice line: one line per rate, never an average."""
        self.ensure_one()
        own = (self.id,) if self.kind == "instalment" else ()
        return (
            self.kind,
            self.product_id.id,
            self.uom_id.id,
            tuple(self.tax_ids.ids),
            self.contract_id.id,
            self.ticket_id.id,
            self.intervention_id.id,
            self.unit_id.id,
            self._get_billing_title(),
            self._get_billing_payer(),
            tuple(self._get_pool_allocations().mapped("res_id")),
            *own,
        )

    def _get_billing_title(self):
        """First words of the invoice line, in the language of the environment: the customer's."""
        self.ensure_one()
        if self.kind == "instalment" or not self.product_id:
            return self.name
        title = self.product_id.with_context(display_default_code=False).display_name
        if self.kind in ("expense", "subcontract") or self._is_described_by_hand():
            return f"{title}: {self.name}"
        # A band is named where it made the price: the only price of an activity is that of every hour.
        band = self.band_id & self.tariff_line_id.band_id
        return title if self.kind == "overtime" else self._name_with_band(title, band)

    def _is_described_by_hand(self):
        """Whether somebody typed what it is, and not just the name of the product, in whatever language."""
        names = {
            self.product_id.with_context(lang=lang).name
            for lang in (self.env.lang, self.env.user.lang, self.create_uid.lang)
        }
        return not self.source_model and self.name not in names

    def _get_billing_references(self):
        """What the customer knows the work by: call, report, serial, contract."""
        tickets, visits, units = self.ticket_id, self.intervention_id, self.unit_id
        references = []
        if tickets:
            references.append(self.env._("Call %s", ", ".join(tickets.mapped("name"))))
        if visits:
            references.append(self.env._("Report %s", ", ".join(visits.mapped("name"))))
        serials = [unit.serial for unit in units if unit.serial]
        if serials:
            references.append(self.env._("Serial %s", ", ".join(serials)))
        if self.contract_id:
            references.append(self.env._("Contract %s", ", ".join(self.contract_id.mapped("name"))))
        return references

    def _get_billing_period(self):
        """First and last day of the service."""
        starts = [charge.service_from or charge.date for charge in self]
        ends = [charge.service_to or charge.date for charge in self]
        return min(starts), max(ends)

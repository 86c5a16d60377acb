from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.periods import to_unit
from .after_sales_contract_life_mixin import EFFECTIVE_STATES

#: Whoever may agree on other instalments than the computed ones.
PLANNERS = "after_sales_contract.group_after_sales_planner"
#: What the plan computes and a planner may agree otherwise.
PLAN_FIELDS = {"amount", "date_due", "is_manual"}


class AfterSalesContractInstalment(models.Model):
    """One price line of one period, made ahead. What was billed, and where, is billing's to know."""

    _name = "after.sales.contract.instalment"
    _description = "Contract Instalment"
    _order = "date_due, contract_id, line_id, id"

    # The company is that of the contract, the line is one of it: comparing them on every row would cost more than the row.
    line_id = fields.Many2one("after.sales.contract.line", required=True, index=True, ondelete="cascade")
    contract_id = fields.Many2one("after.sales.contract", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    invoice_partner_id = fields.Many2one(related="contract_id.invoice_partner_id")
    user_id = fields.Many2one(related="contract_id.user_id")
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    contract_state = fields.Selection(related="contract_id.state", string="Contract State")
    description = fields.Text()
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    date_due = fields.Date("Due", required=True, index=True)
    days = fields.Integer(aggregator=None)
    is_partial = fields.Boolean("Pro Rata", help="Shorter than a whole period: priced by its days.")
    unit_days = fields.Float(
        readonly=True,
        aggregator=None,
        help="Quantity times days that the amount is for: two units for 31 days are 62.",
    )
    day_quantities = fields.Json(
        readonly=True,
        copy=False,
        help="How the quantity changes within the period, as days and quantities; empty: it is the same on all days.",
    )
    correction = fields.Integer(
        readonly=True,
        default=0,
        aggregator=None,
        help="Corrects a period that was fixed already, because units came or went in it; 0 = the regular instalment.",
    )
    is_manual = fields.Boolean(
        "Agreed by Hand",
        readonly=True,
        copy=False,
        help="Amount and due date were agreed; the plan leaves them alone.",
    )
    credit_reason = fields.Selection(
        [("stop", "Early End"), ("pause", "Pause"), ("transfer", "Transfer to Another Customer")],
        readonly=True,
        copy=False,
        help="Why the customer gets this amount back: billed days on which the contract owed him nothing.",
    )
    credited_id = fields.Many2one(
        "after.sales.contract.instalment",
        "Credited Instalment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty on a credit: the price was billed by the document that sold it.",
    )
    amount = fields.Monetary(help="Without taxes.")
    amount_billed = fields.Monetary(
        "Still Invoiced",
        compute="_compute_amount_billed",
        compute_sudo=True,
        help="Without taxes: what its invoice came to, less what credit notes made by hand took back of it.",
    )
    amount_owed = fields.Monetary(
        "Owed",
        compute="_compute_amount_owed",
        store=True,
        precompute=True,
        help="Without taxes; a cancelled instalment is owed by nobody.",
    )
    agreed_difference = fields.Monetary(
        readonly=True,
        copy=False,
        help="What was accepted beside the computed amount: the price of the contract changed by it.",
    )
    state = fields.Selection(
        [("planned", "Planned"), ("cancelled", "No Longer Owed")],
        default="planned",
        required=True,
        readonly=True,
        index=True,
    )
    is_billed = fields.Boolean(
        "Invoiced", compute="_compute_is_billed", search="_search_is_billed", compute_sudo=True
    )
    status = fields.Selection(
        [
            ("planned", "Planned"),
            ("due", "To Be Invoiced"),
            ("billed", "Invoiced"),
            ("cancelled", "No Longer Owed"),
        ],
        compute="_compute_status",
        help="What a reader wants to know, here and on the portal: still to come, its day has come, invoiced, or not owed "
        "any more.",
    )

    _line_period_uniq = models.UniqueIndex(
        "(line_id, date_from, correction) WHERE state <> 'cancelled'",
        "A price has one instalment per period.",
    )
    _credit_uniq = models.UniqueIndex(
        "(line_id, COALESCE(credited_id, 0), date_from) WHERE credit_reason IS NOT NULL AND state <> 'cancelled'",
        "These days were credited already.",
    )
    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A period ends after it begins.")
    _credit_negative = models.Constraint(
        "CHECK (credit_reason IS NULL OR amount <= 0)", "A credit is no demand."
    )

    @api.depends("amount", "state")
    def _compute_amount_owed(self):
        for row in self:
            row.amount_owed = row.amount if row.state == "planned" else 0.0

    def _compute_is_billed(self):
        """Nothing bills instalments here; the addon that does overrides this and the search."""
        self.is_billed = False

    def _search_is_billed(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(False in value)

    @api.depends("amount", "is_billed")
    def _compute_amount_billed(self):
        """Whoever bills knows better: what is credited by hand is billed no more."""
        for row in self:
            row.amount_billed = row.amount if row.is_billed else 0.0

    @api.depends("state", "is_billed", "date_due", "contract_id.state")
    def _compute_status(self):
        for row in self:
            if row.state == "planned" and row.is_billed:
                row.status = "billed"
            elif row.state == "planned" and row._is_due():
                row.status = "due"
            else:
                row.status = row.state

    def _is_due(self):
        """Whether its day has come, in a contract that is or was in force."""
        self.ensure_one()
        contract = self.contract_id
        return contract.state in EFFECTIVE_STATES and self.date_due <= contract._get_today()

    @api.depends("contract_id", "partner_id", "date_from", "date_to", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """The amount first: in a calendar the rest may be cut."""
        for row in self:
            days = " - ".join(format_date(self.env, day) for day in (row.date_from, row.date_to))
            amount = row.currency_id.format(row.amount) if row.currency_id else row.amount
            row.display_name = f"{amount}, {row.partner_id.display_name}, {row.contract_id.name}, {days}"

    def write(self, vals):
        """Amounts and due dates are the plan's; a planner may agree on others until they are billed.

        :raises AccessError: for anybody else; :raises UserError: the instalment is billed
        """
        if (PLAN_FIELDS | {"agreed_difference"}) & vals.keys():
            if not self.env.su and not self.env.user.has_group(PLANNERS):
                raise AccessError(self.env._("Only a planner may change instalments."))
        if PLAN_FIELDS & vals.keys():
            if billed := self.filtered("is_billed"):
                raise UserError(
                    self.env._(
                        "%(instalment)s is billed: credit its invoice, then change it.",
                        instalment=billed[0].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if any(row.is_billed for row in self):
            raise UserError(self.env._("An instalment that is billed cannot be deleted."))

    @api.model
    def _get_due_domain(self, date):
        """Instalments to bill up to a date: of contracts in force or ended, not of drafts, proposals, cancelled."""
        domain = Domain("state", "=", "planned") & Domain("date_due", "<=", date)
        domain &= Domain("contract_id.state", "in", EFFECTIVE_STATES)
        return domain & Domain("is_billed", "=", False)

    def _cap_credit(self, worth):
        """A credit of the instalment gives no more than what is still billed and no other credit gives back; a Decimal."""
        if not self.is_billed:
            return worth  # the document that sold the contract has billed it, or it was agreed and will be billed
        given = self.line_id.instalment_ids.filtered(
            lambda back: back.state == "planned" and back.credited_id == self
        )
        left = Decimal(str(self.amount_billed)) + sum(Decimal(str(back.amount)) for back in given)
        return max(min(worth, left), Decimal(0))

    def _get_taken_back(self):
        """How much less of it is billed by now than its amount: credited, or taken off its invoice, by hand."""
        self.ensure_one()
        if self.credit_reason or not self.is_billed or self.amount <= 0:
            return 0.0
        return max(self.currency_id.round(self.amount - self.amount_billed), 0.0)

    def _is_fixed(self):
        """Billed, agreed by hand or credited: the plan works around it."""
        self.ensure_one()
        return bool(self.is_billed or self.is_manual or self.credit_reason)

    def _is_kept(self, day):
        """Agreed by hand, for a period that an early end on a day leaves whole."""
        self.ensure_one()
        return self.is_manual and self.date_to <= day

    def _get_difference(self, day):
        """The part of the accepted difference that belongs to the days until an early end; a Decimal."""
        self.ensure_one()
        agreed = Decimal(str(self.agreed_difference))
        stop = min(self.date_to, self.contract_id.date_closed or self.date_to)
        if not agreed or day >= stop:
            return agreed
        if day < self.date_from:
            return Decimal(0)
        share = Fraction((day - self.date_from).days + 1, (stop - self.date_from).days + 1)
        return to_unit(Fraction(agreed) * share, Decimal(str(self.currency_id.rounding)))

    def _get_changes(self, vals):
        """What differs between the row and what it should be."""
        self.ensure_one()
        changes = {}
        for name, value in vals.items():
            field = self._fields[name]
            if field.type == "monetary":
                if self.currency_id.compare_amounts(self[name], value):
                    changes[name] = value
            elif field.convert_to_write(self[name], self) != value:
                changes[name] = value
        return changes

    def _write_changes(self, vals):
        if changes := self._get_changes(vals):
            # sudo: the plan follows from the contract, whoever may change that one
            self.sudo().write(changes)

    def _drop(self):
        """Not owed any more: a draft's row disappears, one that the customer may have seen is kept as cancelled."""
        # sudo: the plan follows from the contract, whoever may change that one
        rows_sudo = self.sudo()
        seen_sudo = rows_sudo.filtered(lambda row: row.contract_id.state != "draft")
        seen_sudo.state = "cancelled"
        # A period has one row that is not cancelled, and the one that may come next is inserted at once.
        seen_sudo.flush_recordset(["state"])
        (rows_sudo - seen_sudo).unlink()

    def _after_credited(self):
        """Hook: the credit note. Here nobody bills, so the responsible person is told what to credit."""
        for contract, credits in self.grouped("contract_id").items():
            words = contract._in_words_of_responsible().env
            contract._warn_responsible(
                words._("Credit note to make"),
                words._(
                    "%(contract)s: %(amount)s without taxes for billed days that are not used.",
                    contract=contract.name,
                    amount=contract.currency_id.format(-sum(credits.mapped("amount"))),
                ),
            )

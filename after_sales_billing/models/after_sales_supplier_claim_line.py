from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AfterSalesSupplierClaimLine(models.Model):
    """One charge on a claim to its supplier: what is asked, what he agrees to, what he has paid."""

    _name = "after.sales.supplier.claim.line"
    _description = "Line of a Claim to a Supplier"
    _order = "claim_id desc, unit_id, id"
    _rec_name = "charge_id"
    _check_company_auto = True

    claim_id = fields.Many2one("after.sales.supplier.claim", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(
        related="claim_id.commercial_partner_id", string="Supplier", store=True, index=True
    )
    state = fields.Selection(related="claim_id.state", store=True, index=True)
    claim_date = fields.Date(related="claim_id.date", store=True, index=True)
    currency_id = fields.Many2one(related="claim_id.currency_id", store=True, precompute=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    charge_id = fields.Many2one(
        "after.sales.charge",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    unit_id = fields.Many2one(
        related="charge_id.recovery_unit_id", string="Installed Unit", store=True, index="btree_not_null"
    )
    product_id = fields.Many2one(related="charge_id.recovery_unit_id.product_id", store=True, index=True)
    ticket_id = fields.Many2one(related="charge_id.ticket_id", string="Call")
    cost_class = fields.Selection(related="charge_id.cost_class", store=True)
    date = fields.Date(related="charge_id.date", string="Date of the Work")
    fault_date = fields.Date("Date of the Fault", readonly=True)
    origin_line_id = fields.Many2one(
        "after.sales.supplier.claim.line",
        "Rest Of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The line of an earlier claim of which the supplier left this open.",
    )
    attempt = fields.Integer(readonly=True)
    amount_recoverable = fields.Monetary(
        "Recoverable",
        readonly=True,
        currency_field="company_currency_id",
        help="As it was when it was claimed.",
    )
    amount_due = fields.Monetary(
        "Due", readonly=True, help="The recoverable amount in the supplier's currency."
    )
    amount_claimed = fields.Monetary("Claimed", required=True)
    amount_agreed = fields.Monetary("Agreed")
    answer = fields.Char("Supplier's Answer", help="Why this line is refused or paid in part.")
    is_refused = fields.Boolean("Refused", readonly=True)
    amount_settled = fields.Monetary("Settled", compute="_compute_amount_settled", store=True)
    entry_ids = fields.One2many(
        "after.sales.billing.entry", "supplier_line_id", "Billing Ledger", readonly=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", "Document Line", compute="_compute_move_line_id", compute_sudo=True
    )

    _claimed_range = models.Constraint(
        "CHECK (amount_claimed > 0 AND amount_claimed <= amount_due)",
        "What is claimed lies above zero and not above what the supplier bears.",
    )
    _agreed_range = models.Constraint(
        "CHECK (amount_agreed IS NULL OR (amount_agreed >= 0 AND amount_agreed <= amount_claimed))",
        "A supplier agrees to what was claimed at most.",
    )

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("entry_ids.active", "entry_ids.kind", "entry_ids.amount", "entry_ids.move_id.state")
    def _compute_amount_settled(self):
        for line in self:
            posted = line._get_entries().filtered(
                lambda entry: entry.kind != "claim" and entry.move_id.state == "posted"
            )
            line.amount_settled = sum(
                entry.currency_id._convert(
                    entry.amount,
                    line.currency_id,
                    line.company_id,
                    entry.move_id.invoice_date or entry.move_id.date,
                )
                for entry in posted
            )

    @api.depends("entry_ids.move_line_id", "entry_ids.kind")
    def _compute_move_line_id(self):
        for line in self:
            line.move_line_id = line._get_entries("bill").move_line_id[:1]

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A line takes its charge for itself: the ledger refuses a second one."""
        vals_list = [self._complete_vals(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._check_open()
        lines._reserve()
        return lines

    @api.model
    def _complete_vals(self, vals):
        """Add what is due, in the supplier's currency: nobody says that by hand."""
        claim = self.env["after.sales.supplier.claim"].browse(vals["claim_id"])
        charge = self.env["after.sales.charge"].browse(vals["charge_id"])
        origin = self.browse(vals.get("origin_line_id"))
        if origin:
            due = origin.amount_claimed - origin.amount_agreed
            recoverable = origin.amount_recoverable * due / origin.amount_due
            attempt = origin.attempt + (not origin.is_refused)
        else:
            recoverable, attempt = charge.amount_recoverable, 0
            due = charge.company_currency_id._convert(
                recoverable, claim.currency_id, claim.company_id, claim.date
            )
        return {
            "amount_claimed": due,
            **vals,
            "amount_recoverable": recoverable,
            "amount_due": due,
            "amount_agreed": 0.0,
            "attempt": attempt,
            "fault_date": charge._get_fault_date(),
        }

    @api.constrains("amount_claimed", "charge_id", "claim_id")
    def _check_open(self):
        for line in self:
            if line.claim_id.state != "draft":
                raise ValidationError(self.env._("%s is sent: what it claims is fixed.", line.claim_id.name))

    @api.constrains("amount_agreed")
    def _check_answer(self):
        """What a supplier agrees to is entered while the claim waits for it, and fixed by his answer."""
        for line in self:
            claim = line.claim_id
            if claim.state == "draft" and line.amount_agreed:
                raise ValidationError(
                    self.env._("%s is not sent yet: the supplier cannot have agreed.", claim.name)
                )
            if claim.state != "sent" and (line.amount_agreed or claim._is_answered()):
                raise ValidationError(
                    self.env._("%s is answered: withdraw the answer to change what was agreed.", claim.name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(line.claim_id.state not in ("draft", "cancelled") for line in self):
            raise UserError(self.env._("Only lines of a new claim can be taken off it."))
        self._release(self.env._("Taken off the claim"))

    # ------------------------------------------------------------------
    # Ledger
    # ------------------------------------------------------------------

    def _get_entries(self, *kinds):
        """The rows of the ledger that hold now; sudo: for who may read the claim."""
        return self.sudo().entry_ids.filtered(
            lambda entry: entry.active and (not kinds or entry.kind in kinds)
        )

    def _reserve(self):
        """Hold the charges of these lines: until they are free again nobody else claims them."""
        # the ledger belongs to the addon: nobody writes it by hand, so nobody has the right to
        self.env["after.sales.billing.entry"].sudo().create([line._prepare_entry_vals() for line in self])

    def _prepare_entry_vals(self):
        self.ensure_one()
        return {
            **self.charge_id._prepare_entry_source(),
            "side": "supplier",
            "kind": "claim",
            "attempt": self.attempt,
            "supplier_line_id": self.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_agreed or self.amount_claimed,
        }

    def _release(self, reason):
        """Set the charges free: they can be claimed again."""
        self._get_entries()._free(reason)

    def _ensure_free(self):
        """Refuse when one of the charges was claimed elsewhere meanwhile."""
        held = self.env["after.sales.billing.entry"].sudo()  # as in _reserve
        for line in self:
            rival = held.search(
                [
                    ("charge_id", "=", line.charge_id.id),
                    ("side", "=", "supplier"),
                    ("kind", "!=", "credit"),
                    ("attempt", "=", line.attempt),
                ],
                limit=1,
            )
            if rival:
                raise UserError(
                    self.env._(
                        "%(charge)s is claimed on %(claim)s meanwhile.",
                        charge=line.charge_id.display_name,
                        claim=rival.supplier_line_id.claim_id.name,
                    )
                )

from dataclasses import asdict, replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.after_sales_warranty.tools.coverage import COST_CLASSES, Allocation

PAYERS = [
    ("warranty", "Warranty"),
    ("contract", "Contract"),
    ("pool", "Hour Pool"),
    ("goodwill", "Goodwill"),
    ("customer", "Customer"),
]

KIND_OF_CLASS = {
    "call_out": "call_out",
    "travel": "travel_time",
    "labour": "labour",
}
"""What can be quoted before a visit: per-diem and expenses are known only after it."""


class AfterSalesTicketCoverage(models.Model):
    """Who pays for one kind of work, or one part, of a call, and why.

    What the engine decided is stored with its evidence and never changed by a person: an override stands beside it.
    """

    _name = "after.sales.ticket.coverage"
    _description = "Coverage of a Call"
    _order = "ticket_id, sequence, id"
    _rec_name = "cost_class"

    ticket_id = fields.Many2one(
        "after.sales.ticket", string="Call", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, precompute=True, index=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    cost_class = fields.Selection(
        [
            ("part", "Parts"),
            ("labour", "Labour"),
            ("travel", "Travel"),
            ("call_out", "Call-Out Fee"),
            ("per_diem", "Per-Diem"),
            ("expense", "Expenses"),
        ],
        required=True,
        default="part",
    )
    product_id = fields.Many2one(
        "product.product", string="Part", index="btree_not_null", ondelete="restrict"
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)

    # What the engine decided ----------------------------------------------------------------------------------------
    date_checked = fields.Datetime(readonly=True)
    regime_id = fields.Many2one("after.sales.regime", readonly=True, ondelete="restrict")
    decided_payer = fields.Selection(PAYERS, readonly=True)
    decided_share = fields.Float(string="Customer's Share (Decided)", readonly=True, digits=(16, 6))
    decided_reason = fields.Text(readonly=True, translate=True)
    rule = fields.Char(readonly=True)
    evidence = fields.Json(readonly=True, help="The decision as it was taken: payers, shares, sources.")
    tariff_id = fields.Many2one("after.sales.tariff", readonly=True, ondelete="restrict")

    # What a person decided instead ----------------------------------------------------------------------------------
    override_payer = fields.Selection(PAYERS, readonly=True)
    override_share = fields.Float(string="Customer's Share (Override)", readonly=True, digits=(16, 6))
    override_reason = fields.Text(readonly=True)
    override_user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    override_date = fields.Datetime(readonly=True)

    # What holds -----------------------------------------------------------------------------------------------------
    payer = fields.Selection(PAYERS, compute="_compute_effective", store=True, precompute=True)
    customer_share = fields.Float(
        string="Customer's Share", compute="_compute_effective", store=True, precompute=True, digits=(16, 6)
    )
    reason = fields.Text(compute="_compute_reason", help="In the language of the reader.")

    _one_per_class = models.UniqueIndex(
        "(ticket_id, cost_class, COALESCE(product_id, 0))",
        "This kind of work is already checked on this call.",
    )
    _override_has_reason = models.Constraint(
        "CHECK (override_payer IS NULL OR override_reason IS NOT NULL)", "An override needs its reason."
    )
    _share_is_part = models.Constraint(
        "CHECK (override_share IS NULL OR (override_share >= 0 AND override_share <= 1))",
        "A share lies between 0 and 100 %.",
    )

    @api.depends("cost_class", "product_id")
    def _compute_sequence(self):
        for row in self:
            row.sequence = COST_CLASSES.index(row.cost_class) * 10 + bool(row.product_id)

    @api.depends(
        "decided_payer",
        "decided_share",
        "override_payer",
        "override_share",
    )
    def _compute_effective(self):
        for row in self:
            if row.override_payer:
                row.payer, row.customer_share = row.override_payer, row.override_share
            else:
                row.payer, row.customer_share = row.decided_payer, row.decided_share

    @api.depends("decided_reason", "override_payer", "override_reason")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = row.override_reason if row.override_payer else row.decided_reason

    @api.depends("cost_class", "product_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["cost_class"]._description_selection(self.env))
        for row in self:
            row.display_name = row.product_id.display_name or labels[row.cost_class]

    @api.model_create_multi
    def create(self, vals_list):
        """A person may add a part to be checked; the decision itself always comes from the engine."""
        if not self.env.su:
            free = {"ticket_id", "cost_class", "product_id", "quantity"}
            vals_list = [{key: value for key, value in vals.items() if key in free} for vals in vals_list]
        rows = super().create(vals_list)
        rows._decide()
        return rows

    # Decision -------------------------------------------------------------------------------------------------------

    def _prepare_request(self):
        self.ensure_one()
        ticket = self.ticket_id
        vals = {"quantity": self.quantity, "contract_id": ticket.contract_id.id}
        if self.product_id:
            vals["product_id"] = self.product_id.id
        return ticket._prepare_coverage_request(self.id, self.cost_class, **vals)

    def _decide(self):
        """Ask the engine about all rows at once and store what it says, with its evidence."""
        rows_sudo = self.sudo()  # the engine reads warranties and contracts that an agent may not see in full
        requests = [row._prepare_request() for row in rows_sudo]
        decisions = self.env["after.sales.coverage"].sudo()._resolve(requests)
        regimes = {regime.code: regime.id for regime in self.env["after.sales.regime"].sudo().search([])}
        for row in rows_sudo:
            row.write(row._prepare_decision_vals(decisions[row.id], regimes))
        for language, reasons in self.env["after.sales.coverage"].sudo()._explain(requests).items():
            for row in rows_sudo.with_context(lang=language):
                row.decided_reason = reasons[row.id]

    def _prepare_decision_vals(self, decision, regimes):
        tariff_model, tariff_id = decision.tariff or (False, False)
        return {
            "date_checked": fields.Datetime.now(),
            "regime_id": regimes.get(decision.regime, False),
            "decided_payer": decision.main_payer,
            "decided_share": decision.customer_share,
            "decided_reason": decision.reason,
            "rule": decision.rule,
            "evidence": [asdict(allocation) for allocation in decision.allocations],
            "tariff_id": tariff_id if tariff_model == "after.sales.tariff" else False,
        }

    def _get_shares(self):
        """[(payer, share)] of what holds."""
        self.ensure_one()
        if self.evidence and not self.override_payer:
            return [(part["payer"], part["share"]) for part in self.evidence]
        return [(self.payer, 1.0 - self.customer_share), ("customer", self.customer_share)]

    # Override -------------------------------------------------------------------------------------------------------

    def action_override(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override Coverage"),
            "res_model": "after.sales.ticket.coverage.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_coverage_id": self.id, "default_payer": self.payer},
        }

    def _override(self, payer, customer_share, reason):
        """Let a person's decision hold instead of the engine's; the right is checked here, whoever calls."""
        if not self.env.user.has_group("after_sales_warranty.group_after_sales_manager"):
            raise UserError(self.env._("Only an after-sales manager may override the coverage."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the coverage is overridden."))
        self.ticket_id.check_access("write")
        self.sudo().write(
            {
                "override_payer": payer,
                "override_share": customer_share,
                "override_reason": reason,
                "override_user_id": self.env.uid,
                "override_date": fields.Datetime.now(),
            }
        )
        # sudo: planned visits of anybody take the hours of pools, or no longer take them
        self.ticket_id.sudo().intervention_ids._reserve_pool_hours()
        for row in self:
            row.ticket_id.message_post(
                body=self.env._(
                    "Coverage of %(what)s overridden: %(payer)s. %(reason)s",
                    what=row.display_name,
                    payer=dict(self._fields["payer"]._description_selection(self.env))[payer],
                    reason=reason,
                ),
                subtype_xmlid="mail.mt_note",
            )

    def _apply_override(self, decision, request):
        """Return the decision with this row's override in the place of what the engine allocated."""
        self.ensure_one()
        shares = [(self.override_payer, 1.0 - self.override_share), ("customer", self.override_share)]
        if self.override_payer == "customer":
            shares = [("customer", 1.0)]
        allocations = tuple(
            Allocation(
                payer=payer,
                share=share,
                quantity=share * request.quantity,
                source=(self._name, self.id),
                rule="override",
                reason=self.override_reason,
            )
            for payer, share in shares
            if share
        )
        return replace(decision, allocations=allocations, rule="override", reason=self.override_reason)

    def _get_main_regime(self):
        """The regime the call runs under: that of the labour, which every intervention has."""
        return (self.filtered(lambda row: row.cost_class == "labour") or self)[:1].regime_id

    # Quotation ------------------------------------------------------------------------------------------------------

    def _prepare_part_line(self):
        self.ensure_one()
        return {"product_id": self.product_id.id, "product_uom_qty": self.quantity}

    def _prepare_tariff_line(self, tariff):
        self.ensure_one()
        kind, tariff = KIND_OF_CLASS.get(self.cost_class), self.tariff_id or tariff
        line = tariff._get_line(kind) or tariff.line_ids.filtered(lambda line: line.kind == kind)[:1]
        if not line:
            return None
        hours = self.ticket_id.service_id.duration or 1.0
        quantity = hours if self.cost_class == "labour" else self.quantity
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.uom_id.id,
            "product_uom_qty": line._get_billable_quantity(quantity),
            "price_unit": line.price,
        }

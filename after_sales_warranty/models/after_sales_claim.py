from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.coverage import CoverageRequest
from .after_sales_unit_service import GONE

CLASSES = ("part", "labour", "travel")


class AfterSalesClaim(models.Model):
    """What a customer asks of his warranty: checked by rule, decided by a person, with reasons."""

    _name = "after.sales.claim"
    _description = "Warranty Claim"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    product_id = fields.Many2one(related="unit_id.product_id", store=True, index=True, precompute=True)
    serial = fields.Char(related="unit_id.serial")
    fault_id = fields.Many2one("after.sales.fault", index="btree_not_null", tracking=True)
    date = fields.Date("Reported On", required=True, default=fields.Date.context_today, index=True)
    description = fields.Text()
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Registered"),
            ("checked", "Checked"),
            ("authorised", "Authorised"),
            ("refused", "Refused"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
        copy=False,
    )

    # === THE CHECK: what the rules say, kept as evidence === #
    warranty_id = fields.Many2one(
        "after.sales.warranty",
        index="btree_not_null",
        check_company=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    regime = fields.Selection(selection="_get_regimes", readonly=True, copy=False)
    part_share = fields.Float("Parts Covered", digits=(5, 4), readonly=True, copy=False, aggregator="avg")
    labour_share = fields.Float("Labour Covered", digits=(5, 4), readonly=True, copy=False, aggregator="avg")
    travel_share = fields.Float("Travel Covered", digits=(5, 4), readonly=True, copy=False, aggregator="avg")
    decision = fields.Text(readonly=True, copy=False, translate=True)
    date_checked = fields.Datetime("Checked On", readonly=True, copy=False)

    # === THE DECISION: what was granted, by whom and why === #
    part_granted = fields.Float("Parts Granted", digits=(5, 4), copy=False, aggregator="avg")
    labour_granted = fields.Float(digits=(5, 4), copy=False, aggregator="avg")
    travel_granted = fields.Float(digits=(5, 4), copy=False, aggregator="avg")
    is_override = fields.Boolean("Overridden", compute="_compute_is_override", store=True)
    reason = fields.Text(copy=False, tracking=True, help="Why the claim was authorised or refused.")
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_decided = fields.Datetime("Decided On", readonly=True, copy=False)
    outcome = fields.Selection(
        [("repair", "Repair"), ("exchange", "Exchange"), ("refund", "Refund")], tracking=True, copy=False
    )
    replacement_unit_id = fields.Many2one(
        "after.sales.unit",
        index="btree_not_null",
        check_company=True,
        copy=False,
        domain="[('id', '!=', unit_id), ('product_id', '!=', False)]",
    )
    date_closed = fields.Date("Closed On", readonly=True, copy=False)

    _shares_whole = models.Constraint(
        "CHECK (part_granted BETWEEN 0 AND 1 AND labour_granted BETWEEN 0 AND 1"
        " AND travel_granted BETWEEN 0 AND 1)",
        "A granted share lies between 0 and 100 percent.",
    )

    # === COMPUTE === #

    @api.model
    def _get_regimes(self):
        names = {
            "warranty": self.env._("In warranty"),
            "contract": self.env._("Under contract"),
            "post_warranty": self.env._("After the warranty"),
            "on_demand": self.env._("On demand"),
        }
        return list(names.items())

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for claim in self:
            claim.partner_id = claim.unit_id.partner_id

    @api.depends(
        "part_share", "labour_share", "travel_share", "part_granted", "labour_granted", "travel_granted"
    )
    def _compute_is_override(self):
        for claim in self:
            claim.is_override = any(
                abs(claim[f"{name}_share"] - claim[f"{name}_granted"]) > 0.00005 for name in CLASSES
            )

    # === CRUD === #

    def write(self, vals):
        granted = {f"{name}_granted" for name in CLASSES}
        if granted & vals.keys() and not self.env.su and not self.env.user.has_group(self._manager_group()):
            raise UserError(self.env._("Only a manager grants other shares than the check found."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.filtered(lambda c: c.state not in ("draft", "cancelled")):
            raise UserError(self.env._("A decided claim is evidence and is not deleted."))

    # === ACTIONS === #

    @api.model
    def _manager_group(self):
        return "after_sales_warranty.group_after_sales_manager"

    def action_check(self):
        self.check_access("write")
        self._ensure_state("draft", "checked")
        self._check_coverage()

    def _prepare_coverage_requests(self):
        self.ensure_one()
        return [
            CoverageRequest(
                key=(self.id, name),
                company_id=self.company_id.id,
                partner_id=self.partner_id.id,
                unit_id=self.unit_id.id,
                product_id=False,
                cost_class=name,
                date=self.date,
                fault_id=self.fault_id.id,
                claim_id=self.id,
            )
            for name in CLASSES
        ]

    def _check_coverage(self):
        """Ask the rules, once for all claims, and keep the answer."""
        requests = [request for claim in self for request in claim._prepare_coverage_requests()]
        decisions = self.env["after.sales.coverage"]._resolve(requests)
        for claim in self:
            # The agent may check but not choose the shares.
            claim.sudo().write(claim._prepare_check_vals({n: decisions[claim.id, n] for n in CLASSES}))
        for language, reasons in self.env["after.sales.coverage"]._explain(requests).items():
            for claim in self.with_context(lang=language).sudo():  # as above
                claim.decision = claim._join_reasons(reasons[claim.id, n] for n in CLASSES)

    @api.model
    def _join_reasons(self, reasons):
        """Each reason once, in the order of the cost classes."""
        return "\n".join(dict.fromkeys(reasons))

    def _prepare_check_vals(self, decisions):
        self.ensure_one()
        sources = [
            allocation.source
            for decision in decisions.values()
            for allocation in decision.allocations
            if allocation.source and allocation.source[0] == "after.sales.warranty"
        ]
        regimes = [decision.regime for decision in decisions.values()]
        vals = {
            "state": "checked",
            "warranty_id": sources[0][1] if sources else False,
            "regime": min(regimes, key=[code for code, __ in self._get_regimes()].index),
            "decision": self._join_reasons(decision.reason for decision in decisions.values()),
            "date_checked": fields.Datetime.now(),
        }
        for name, decision in decisions.items():
            vals[f"{name}_share"] = vals[f"{name}_granted"] = decision.covered_share
        return vals

    def action_authorise(self):
        self.check_access("write")
        self._ensure_state("checked")
        is_manager = self.env.user.has_group(self._manager_group())
        for claim in self:
            if claim.unit_id.custody in GONE and not (is_manager and claim.reason):
                raise UserError(
                    self.env._(
                        "%s was reported lost, stolen or scrapped. Put it back into service, or let a manager"
                        " decide and say why.",
                        claim.unit_id.display_name,
                    )
                )
            uncovered = not any(claim[f"{name}_share"] for name in CLASSES)
            if uncovered and not is_manager:
                raise UserError(self.env._("Only a manager authorises what no warranty covers."))
            if (uncovered or claim.is_override) and not claim.reason:
                raise UserError(self.env._("Say why: the decision differs from the check."))
        self._decide("authorised")

    def action_refuse(self):
        self.check_access("write")
        self._ensure_state("checked", "authorised")
        for claim in self.filtered(lambda c: not c.reason):
            raise UserError(self.env._("Say why %s is refused: the customer will ask.", claim.name))
        self._decide("refused")

    def _decide(self, state):
        self._record(state, decided_by_id=self.env.user.id, date_decided=fields.Datetime.now())

    def action_cancel(self):
        self.check_access("write")
        self._ensure_state("draft", "checked")
        self._record("cancelled")

    def action_draft(self):
        self.check_access("write")
        self._ensure_state("checked", "cancelled")
        self._record("draft")

    def _record(self, state, **vals):
        """Write what an action decides, which nobody writes by hand."""
        self.sudo().write({"state": state, **vals})

    def action_view_unit(self):
        self.ensure_one()
        return self.unit_id._get_record_action_for(self.unit_id)

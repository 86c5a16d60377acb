from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import periods
from .after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContractCandidate(models.Model):
    """CT-10: a unit that a customer bought after his contract began, proposed for inclusion with its price pro rata."""

    _name = "after.sales.contract.candidate"
    _description = "Unit Proposed for Inclusion in a Contract"
    _inherit = ["mail.thread"]
    _order = "state desc, id desc"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "after.sales.contract",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('company_id', '=', company_id), ('commercial_partner_id', '=', commercial_partner_id),"
        " ('state', 'in', ['running', 'notice'])]",
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    user_id = fields.Many2one(related="contract_id.user_id")
    unit_id = fields.Many2one(
        "after.sales.unit", required=True, index=True, ondelete="cascade", check_company=True
    )
    partner_id = fields.Many2one(related="unit_id.partner_id", store=True, index=True, precompute=True)
    commercial_partner_id = fields.Many2one(related="unit_id.commercial_partner_id")
    product_id = fields.Many2one(related="unit_id.product_id", store=True, precompute=True)
    delivery_date = fields.Date(related="unit_id.delivery_date")
    warranty_end = fields.Date(related="unit_id.warranty_end")
    date_from = fields.Date(
        "Covered from",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        help="By default after the warranty.",
    )
    days = fields.Integer(compute="_compute_amount", help="From then until the end of the contract.")
    amount = fields.Monetary(
        "Price pro Rata", compute="_compute_amount", help="What the contract's price rises by, without taxes."
    )
    state = fields.Selection(
        [("proposed", "To Decide"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    reason = fields.Char(tracking=True, help="Why the unit stays outside of the contract.")
    cover_id = fields.Many2one(
        "after.sales.contract.cover", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _open_uniq = models.UniqueIndex(
        "(contract_id, unit_id) WHERE state = 'proposed'", "This unit is proposed for this contract already."
    )

    @api.depends("contract_id", "unit_id.warranty_end", "unit_id.delivery_date")
    def _compute_date_from(self):
        """The day after the warranty by the contract's policy, never before the contract or the delivery."""
        for candidate in self.filtered(lambda row: row.state == "proposed"):
            day = self._get_unit_day(candidate.contract_id, candidate.unit_id)
            candidate.date_from = max(filter(None, (candidate.contract_id.date_start, day)))

    @api.model
    def _get_unit_day(self, contract, unit):
        """The first day on which a unit wants to be covered: since the customer owns it, or after the warranty by policy."""
        day = unit._get_owned_since() or unit.delivery_date or fields.Date.context_today(self)
        if contract.cover_policy == "warranty_end" and unit.warranty_end:
            return max(day, periods.add(unit.warranty_end, 1, "day"))
        return day

    @api.depends("contract_id.line_ids", "date_from", "unit_id.quantity", "product_id")
    def _compute_amount(self):
        for candidate in self:
            contract, start = candidate.contract_id, candidate.date_from
            stop = contract.date_closed or contract.date_end
            candidate.days = max((stop - start).days + 1, 0) if start and stop else 0
            lines = contract.line_ids.filtered(
                lambda line, c=candidate: line._counts(c.product_id, c.product_id.categ_id)
            )
            quantity = candidate.unit_id.quantity
            candidate.amount = (
                sum(float(line._get_price_of_unit(quantity, start)) for line in lines) if start else 0.0
            )

    @api.depends("unit_id", "contract_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for candidate in self:
            candidate.display_name = f"{candidate.contract_id.name}: {candidate.unit_id.display_name}"

    # === ACTIONS ===#

    def action_accept(self):
        """Cover the units from the dates proposed and add their price pro rata to the plan.

        :raises UserError: when one is decided already, or its contract is not in force
        """
        self._ensure_open()
        for candidate in self:
            if candidate.contract_id.state not in LIVE_STATES:
                raise UserError(
                    self.env._("%(contract)s is not in force any more.", contract=candidate.contract_id.name)
                )
            if not candidate.days:
                raise UserError(
                    self.env._(
                        "%(unit)s would be covered from a day after the end of %(contract)s: take an earlier one.",
                        unit=candidate.unit_id.display_name,
                        contract=candidate.contract_id.name,
                    )
                )
        for candidate in self:
            candidate.cover_id = self.env["after.sales.contract.cover"].create(
                candidate._prepare_cover_vals()
            )
        self.state = "accepted"
        self.contract_id._sync_plan()
        self._close_activities()

    def action_refuse(self):
        """Leave the units outside, with the reason that was entered.

        :raises UserError: without a reason, or when one is decided already
        """
        self._ensure_open()
        if silent := self.filtered(lambda candidate: not candidate.reason):
            raise UserError(
                self.env._(
                    "Enter the reason why %(unit)s stays outside.", unit=silent[0].unit_id.display_name
                )
            )
        self.state = "refused"
        self._close_activities()

    def _ensure_open(self):
        self.check_access("write")
        if decided := self.filtered(lambda candidate: candidate.state != "proposed"):
            raise UserError(
                self.env._("%(candidate)s is decided already.", candidate=decided[0].display_name)
            )

    def _prepare_cover_vals(self):
        self.ensure_one()
        return {"contract_id": self.contract_id.id, "unit_id": self.unit_id.id, "date_from": self.date_from}

    def _close_activities(self):
        """The activity of a contract is done with its last candidate."""
        contracts = self.contract_id
        waiting = self.search([("contract_id", "in", contracts.ids), ("state", "=", "proposed")]).contract_id
        (contracts - waiting).activity_unlink(["after_sales_contract.mail_activity_type_inclusion"])

    # === PROPOSING ===#

    @api.model
    def _propose(self, units):
        """Propose units for the contracts of their customers, one contract each: rather one that is in force on the
        unit's day than a later one, then that with units like it. One that ends before that day gets none."""
        units = units.filtered(
            lambda unit: unit.partner_id and not unit.parent_id and unit.state == "in_service"
        )
        known = self.env["after.sales.contract.cover"].search(
            Domain("unit_id", "in", units.ids) & Domain("contract_id.state", "not in", ["ended", "cancelled"])
        )
        units -= known.unit_id
        contracts = self.env["after.sales.contract"].search(self._get_contract_domain(units)) if units else []
        vals_list = []
        for unit in units:
            fitting = [
                contract
                for contract in contracts
                if contract.commercial_partner_id == unit.commercial_partner_id
                and contract.company_id == unit.company_id
                and self._get_unit_day(contract, unit) <= contract.date_end
            ]

            def get_fit(contract, unit=unit):
                is_in_force = contract.date_start <= self._get_unit_day(contract, unit)
                return is_in_force, contract._get_likeness(unit.product_id)

            if fitting:
                vals_list.append({"unit_id": unit.id, "contract_id": max(fitting, key=get_fit).id})
        candidates = self.create(vals_list)
        included = candidates.filtered(lambda row: row.contract_id.inclusion_policy == "include")
        included.action_accept()
        (candidates - included).contract_id._ask_inclusion()
        return candidates

    @api.model
    def _get_contract_domain(self, units):
        domain = Domain("state", "=", "running") & Domain("scope", "=", "listed")
        domain &= Domain("inclusion_policy", "!=", "ignore") & Domain(
            "company_id", "in", units.company_id.ids
        )
        domain &= Domain("commercial_partner_id", "in", units.commercial_partner_id.ids)
        return (
            domain
            & Domain("date_closed", "=", False)
            & Domain("date_end", ">", fields.Date.context_today(self))
        )

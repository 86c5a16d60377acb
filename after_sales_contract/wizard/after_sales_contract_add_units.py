from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..models.after_sales_contract_life_mixin import LIVE_STATES


class AfterSalesContractAddUnits(models.TransientModel):
    """Look-up of what the customer has, to add it to a contract."""

    _name = "after.sales.contract.add.units"
    _description = "Add Units to a Service Contract"

    contract_id = fields.Many2one("after.sales.contract", required=True, ondelete="cascade")
    commercial_partner_id = fields.Many2one(related="contract_id.commercial_partner_id")
    company_id = fields.Many2one(related="contract_id.company_id")
    date_from = fields.Date(
        "Covered from",
        compute="_compute_date_from",
        store=True,
        readonly=False,
        help="Also the first day of a price by unit. Empty: with the contract, or after the warranty where so agreed.",
    )
    covered_unit_ids = fields.Many2many("after.sales.unit", compute="_compute_covered_unit_ids")
    unit_ids = fields.Many2many(
        "after.sales.unit",
        string="Units",
        compute="_compute_unit_ids",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('commercial_partner_id', '=', commercial_partner_id),"
        " ('state', '!=', 'ended'), ('id', 'not in', covered_unit_ids)]",
    )

    @api.depends("contract_id")
    def _compute_date_from(self):
        """What joins a contract in force does not pay for the days before."""
        for wizard in self:
            contract = wizard.contract_id
            today = contract._get_today() if contract else False
            joins = contract.state in LIVE_STATES and contract.date_start and contract.date_start < today
            wizard.date_from = today if joins else False

    @api.depends("contract_id")
    def _compute_covered_unit_ids(self):
        for wizard in self:
            today = wizard.contract_id._get_today()
            covers = wizard.contract_id.cover_ids.filtered_domain(
                Domain("date_to", "=", False) | Domain("date_to", ">=", today)
            )
            wizard.covered_unit_ids = covers.unit_id

    @api.depends("contract_id", "covered_unit_ids")
    def _compute_unit_ids(self):
        """Proposed: units of the customer that no other contract covers on a day that is left of this one."""
        for wizard in self:
            contract = wizard.contract_id
            today = wizard.contract_id._get_today()
            day = max(contract.date_start or today, today)
            last = max(contract.date_end or day, day)
            covered = Domain("date_from", "<=", last) & (
                Domain("date_to", "=", False) | Domain("date_to", ">=", day)
            )
            covered &= Domain("contract_id", "any", contract._get_effective_domain(day, last))
            wizard.unit_ids = self.env["after.sales.unit"].search(
                Domain("company_id", "=", contract.company_id.id)
                & Domain("commercial_partner_id", "=", contract.commercial_partner_id.id)
                & Domain("state", "!=", "ended")
                & Domain("parent_id", "=", False)
                & Domain("id", "not in", wizard.covered_unit_ids.ids)
                & ~Domain("cover_ids", "any", covered)
            )

    def action_add(self):
        """Cover the units; in a contract in force their price is planned at once."""
        self.ensure_one()
        contract = self.contract_id
        known = contract.cover_ids
        contract.cover_ids = [Command.create(self._prepare_cover(unit)) for unit in self.unit_ids]
        contract._after_covered(contract.cover_ids - known)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_cover(self, unit):
        """A warranty that lasts longer is waited for, where the contract says so; nothing is covered for a customer before
        it is his."""
        vals = {"unit_id": unit.id}
        waits = self.contract_id.cover_policy == "warranty_end" and unit.warranty_end
        if self.date_from and not (waits and unit.warranty_end >= self.date_from):
            vals["date_from"] = max(filter(None, (self.date_from, unit._get_owned_since())))
        return vals

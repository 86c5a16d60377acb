from odoo import Command, api, fields, models

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
            wizard.covered_unit_ids = wizard.contract_id.cover_ids.unit_id

    @api.depends("contract_id")
    def _compute_unit_ids(self):
        """Proposed: units of the customer that no contract in force covers."""
        for wizard in self:
            contract = wizard.contract_id
            wizard.unit_ids = self.env["after.sales.unit"].search(
                [
                    ("company_id", "=", contract.company_id.id),
                    ("commercial_partner_id", "=", contract.commercial_partner_id.id),
                    ("state", "!=", "ended"),
                    ("parent_id", "=", False),
                    ("id", "not in", contract.cover_ids.unit_id.ids),
                    "!",
                    ("cover_ids.contract_id.state", "in", ["running", "notice"]),
                ]
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
        """A warranty that lasts longer is waited for, where the contract says so."""
        vals = {"unit_id": unit.id}
        waits = self.contract_id.cover_policy == "warranty_end" and unit.warranty_end
        if self.date_from and not (waits and unit.warranty_end >= self.date_from):
            vals["date_from"] = self.date_from
        return vals

from odoo import Command, api, fields, models


class AfterSalesContractAddUnits(models.TransientModel):
    """Look-up of what the customer has, to add it to a contract."""

    _name = "after.sales.contract.add.units"
    _description = "Add Units to a Service Contract"

    contract_id = fields.Many2one("after.sales.contract", required=True, ondelete="cascade")
    commercial_partner_id = fields.Many2one(related="contract_id.commercial_partner_id")
    company_id = fields.Many2one(related="contract_id.company_id")
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
        self.ensure_one()
        self.contract_id.cover_ids = [Command.create({"unit_id": unit.id}) for unit in self.unit_ids]
        return {"type": "ir.actions.act_window_close"}

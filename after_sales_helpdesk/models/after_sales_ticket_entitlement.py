from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.after_sales_warranty.tools.coverage import COST_CLASSES, CoverageRequest


class AfterSalesTicket(models.Model):
    """What the customer is entitled to: warranty, contract, and who pays for what by the engine's decision."""

    _inherit = "after.sales.ticket"

    warranty_state = fields.Selection(related="unit_id.warranty_state")
    warranty_end = fields.Date(related="unit_id.warranty_end")
    contract_id = fields.Many2one(
        "after.sales.contract",
        compute="_compute_contract_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    contract_hint = fields.Char(compute="_compute_contract_hint")
    contract_warning = fields.Char(compute="_compute_contract_warning")
    regime_id = fields.Many2one(
        "after.sales.regime",
        compute="_compute_regime_id",
        store=True,
        precompute=True,
        copy=False,
        tracking=True,
        help="As the unit and the contract tell at intake; from the coverage check on, as it decided.",
    )
    coverage_ids = fields.One2many("after.sales.ticket.coverage", "ticket_id", copy=False)
    is_uncovered = fields.Boolean(
        string="Customer Pays",
        compute="_compute_is_uncovered",
        store=True,
        help="Some of the work is the customer's.",
    )
    claim_id = fields.Many2one(
        "after.sales.claim", string="Warranty Claim", copy=False, index="btree_not_null", check_company=True
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    # Contract -----------------------------------------------------------------------------------------------------------

    @api.depends("unit_id", "partner_id", "company_id", "product_id")
    def _compute_contract_id(self):
        """The contract in force for the unit, or for the customer when it covers all he has."""
        found = self._find_contracts()
        for ticket in self:
            kept = ticket.contract_id.filtered(
                lambda contract, t=ticket: (
                    contract.commercial_partner_id == t.partner_id.commercial_partner_id
                )
            )
            ticket.contract_id = found.get(ticket, kept)

    def _find_contracts(self):
        """Ask the engine that decides coverage, so that the call never names a contract it would not accept."""
        tickets = dict(enumerate(self.filtered("partner_id")))
        matches = self.env["after.sales.coverage"]._match_contracts(
            [ticket._prepare_coverage_request(key, "labour") for key, ticket in tickets.items()]
        )
        Contract = self.env["after.sales.contract"]
        return {
            ticket: Contract.browse(matches[key][:1].id)
            for key, ticket in tickets.items()
            if matches.get(key)
        }

    def _prepare_coverage_request(self, key, cost_class, **more):
        self.ensure_one()
        reported = self.date_reported or fields.Datetime.now()
        vals = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id._origin.id,
            "unit_id": self.unit_id._origin.id,
            "product_id": self.product_id._origin.id,
            "date": fields.Datetime.context_timestamp(self, reported).date(),
            "fault_id": self.fault_id._origin.id,
            "claim_id": self.claim_id._origin.id,
        }
        return CoverageRequest(key=key, cost_class=cost_class, **dict(vals, **more))

    # Regime -------------------------------------------------------------------------------------------------------------

    @api.depends("unit_id", "contract_id", "fault_id", "date_reported", "claim_id")
    def _compute_regime_id(self):
        """What the engine says of the labour; without a unit and a contract nobody knows, and the check decides."""
        checked = self.filtered("coverage_ids")
        for ticket in checked:
            ticket.regime_id = ticket.regime_id
        known = (self - checked).filtered(lambda ticket: ticket.unit_id or ticket.contract_id)
        (self - checked - known).regime_id = False
        requests = {
            ticket: ticket._prepare_coverage_request(key, "labour", contract_id=ticket.contract_id._origin.id)
            for key, ticket in enumerate(known)
        }
        decisions = self.env["after.sales.coverage"]._resolve(requests.values())
        Regime = self.env["after.sales.regime"]
        for ticket, request in requests.items():
            ticket.regime_id = Regime._get_by_code(decisions[request.key].regime)

    # Coming contract ----------------------------------------------------------------------------------------------------

    @api.depends("unit_id", "contract_id")
    @api.depends_context("lang")
    def _compute_contract_hint(self):
        """What will cover the unit later, e.g. a contract that begins when the warranty ends."""
        today = fields.Date.context_today(self)
        for ticket in self:
            later = ticket.unit_id.cover_ids.filtered(
                lambda cover: (
                    cover.contract_state in ("running", "notice")
                    and cover.date_from
                    and cover.date_from > today
                )
            ).sorted("date_from")[:1]
            ticket.contract_hint = False
            if later and not ticket.contract_id:
                ticket.contract_hint = self.env._(
                    "Contract %(contract)s covers it from %(date)s.",
                    contract=later.contract_id.name,
                    date=format_date(self.env, later.date_from),
                )

    # Ended contract -----------------------------------------------------------------------------------------------------

    @api.depends("unit_id", "contract_id", "date_reported")
    def _compute_contract_warning(self):
        """That the contract, of the call or else of its unit, ended before it was reported."""
        for ticket in self:
            reported = ticket.date_reported or fields.Datetime.now()
            day = fields.Datetime.context_timestamp(ticket, reported).date()
            contract = ticket.unit_id._get_ended_contract(ticket.contract_id)
            ticket.contract_warning = contract._get_end_warning(day)

    # Coverage -----------------------------------------------------------------------------------------------------------

    @api.depends("coverage_ids.customer_share")
    def _compute_is_uncovered(self):
        for ticket in self:
            ticket.is_uncovered = any(row.customer_share for row in ticket.coverage_ids)

    def action_check_coverage(self):
        self.check_access("write")
        for ticket in self:
            ticket._check_checked()
        self._check_coverage()
        self.filtered(lambda ticket: ticket.state == "registered")._move_to("checked")

    def _check_coverage(self):
        """Decide every cost class and every part named so far, for all calls in one request to the engine."""
        rows_sudo = self.sudo().coverage_ids  # written by the system only
        missing = [
            {"ticket_id": ticket.id, "cost_class": cost_class}
            for ticket in self
            for cost_class in COST_CLASSES
            if not ticket.coverage_ids.filtered(
                lambda row, c=cost_class: row.cost_class == c and not row.product_id
            )
        ]
        rows_sudo._decide()
        rows_sudo.create(missing)
        for regime, tickets in self.grouped(lambda ticket: ticket.coverage_ids._get_main_regime()).items():
            tickets.write({"regime_id": regime.id})

    # Warranty claim -----------------------------------------------------------------------------------------------------

    def action_open_claim(self):
        """Open the warranty claim of the call, or a new one about its unit."""
        self.ensure_one()
        if not self.claim_id:
            if not self.unit_id:
                raise UserError(self.env._("%s: a warranty claim needs an installed unit.", self.name))
            self.claim_id = self.env["after.sales.claim"].create(self._prepare_claim_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": "after.sales.claim",
            "view_mode": "form",
            "res_id": self.claim_id.id,
        }

    def _prepare_claim_vals(self):
        self.ensure_one()
        return {
            "unit_id": self.unit_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "fault_id": self.fault_id.id,
            "date": fields.Datetime.context_timestamp(self, self.date_reported).date(),
            "description": self.subject,
        }

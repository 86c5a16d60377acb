from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import plan, renewal
from .after_sales_contract_template import DURATION_UNITS


class AfterSalesContract(models.Model):
    """The terms of an agreement: each renewal is a contract of its own, linked to the one before (D14)."""

    _inherit = "after.sales.contract"

    renewal_duration = fields.Integer(
        "Renewal Term",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="How long each renewal lasts. 0: as long as this term.",
    )
    renewal_duration_unit = fields.Selection(
        DURATION_UNITS, compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    adjustment_id = fields.Many2one(
        "after.sales.adjustment",
        "Adjustment on Renewal",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        help="How prices change on renewal. Empty: they stay.",
    )
    index_base_month = fields.Date(
        "Index Base", help="Month whose figure the prices of this term rest on. Empty: that of its start."
    )
    predecessor_id = fields.Many2one(
        "after.sales.contract",
        "Renewal Of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    successor_ids = fields.One2many("after.sales.contract", "predecessor_id", "Renewals")
    successor_id = fields.Many2one(
        "after.sales.contract",
        "Renewed By",
        compute="_compute_successor_id",
        store=True,
        index="btree_not_null",
    )
    origin_id = fields.Many2one(
        "after.sales.contract",
        "First Term",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    renewal_number = fields.Integer("Renewals before", copy=False, readonly=True, aggregator=None)
    renewal_row_ids = fields.One2many("after.sales.renewal.line", "contract_id", "Renewal Runs")

    origin_row_ids = fields.One2many(
        "after.sales.renewal.line",
        "successor_id",
        "Made by",
        help="Rows of renewal runs that made this term.",
    )

    _renewed_once = models.UniqueIndex(
        "(predecessor_id) WHERE predecessor_id IS NOT NULL AND state <> 'cancelled'",
        "This contract is renewed already.",
    )
    _renewal_positive = models.Constraint(
        "CHECK (renewal_duration >= 0)", "A renewal term cannot be negative."
    )
    _state_end = models.Index("(state, date_end)")
    _to_renew = models.Index("(state, date_notice) WHERE successor_id IS NULL")

    @api.depends("successor_ids.state")
    def _compute_successor_id(self):
        for contract in self:
            contract.successor_id = contract.successor_ids.filtered(lambda c: c.state != "cancelled")[:1]

    # === ACTIONS ===#

    def action_renew(self):
        """Open a new renewal run of these contracts: it is stored, with their prices, when the person saves it."""
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose the contracts to renew."))
        if len(self.company_id) > 1:
            raise UserError(
                self.env._("A renewal run is of one company: choose contracts of the same company.")
            )
        for contract in self if len(self) == 1 else ():
            if obstacle := contract._get_renewal_obstacle():
                raise UserError(obstacle)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renewal Run"),
            "res_model": "after.sales.renewal",
            "view_mode": "form",
            "context": {"default_company_id": self.company_id.id, "default_contract_ids": self.ids},
        }

    def action_view_terms(self):
        """All terms of the agreement, from the first one on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_action"
        )
        first = self.origin_id or self
        action["domain"] = ["|", ("id", "=", first.id), ("origin_id", "=", first.id)]
        action["context"] = {"create": False}
        return action

    # === RULES ===#

    @api.model
    def _get_to_renew_domain(self):
        """Contracts whose renewal is still open: what is renewed, closed or ended is in no such list (D15)."""
        domain = Domain("state", "=", "running") & Domain("successor_id", "=", False)
        return domain & Domain("date_closed", "=", False)

    @api.model
    def _get_renewed_domain(self):
        """Contracts whose term runs and has its next one."""
        domain = Domain("state", "=", "running") & Domain("successor_id", "!=", False)
        return domain & Domain("date_closed", "=", False)

    def _get_renewal_obstacle(self):
        """Why the contract cannot be renewed, in words; False when it can."""
        self.ensure_one()
        names = {"contract": self.name}
        if self.state != "running":
            state = dict(self._fields["state"]._description_selection(self.env))[self.state]
            return self.env._(
                "%(contract)s is in state %(state)s: only a running one is renewed.", **names, state=state
            )
        if self.date_closed:
            return self.env._("%(contract)s ends early: withdraw that before it is renewed.", **names)
        if self.successor_id:
            return self.env._(
                "%(contract)s is renewed already by %(successor)s.", **names, successor=self.successor_id.name
            )
        if not self._get_renewed_lines():
            return self.env._("%(contract)s has no price that is valid at its end.", **names)
        return False

    def _get_renewed_lines(self):
        """Lines that are valid on the last day, when prices are revised: the others have ended (D09), and what was due
        once is not due again."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: line.price_basis != "once" and (not line.date_to or line.date_to >= self.date_end)
        )

    def _get_renewed_covers(self):
        """What goes on being covered: not what has left the contract or is out of service."""
        self.ensure_one()
        return self.cover_ids.filtered(
            lambda cover: (
                (not cover.date_to or cover.date_to >= self.date_end)
                and (not cover.unit_id or cover.unit_id.state != "ended")
            )
        )

    def _get_next_term(self):
        """The days of the next term: end = first start + initial term + k x renewal term (D16)."""
        self.ensure_one()
        first = self.origin_id or self
        duration, unit = self._get_renewal_duration()
        start, stop = renewal.next_term(
            first.date_start,
            first.duration,
            first.duration_unit,
            duration,
            unit,
            self.renewal_number,
            self.date_end,
        )
        return plan.Stretch(start, stop)

    def _get_renewal_duration(self):
        self.ensure_one()
        if self.renewal_duration:
            return self.renewal_duration, self.renewal_duration_unit
        return self.duration, self.duration_unit

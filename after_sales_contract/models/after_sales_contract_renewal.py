from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import adjust, plan, renewal
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
        """Prepare a renewal run of these contracts: prices are looked at and approved there."""
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
        run = self.env["after.sales.renewal"].create({"company_id": self.company_id.id})
        run._add_contracts(self)
        return run._get_records_action()

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

    # === THE NEXT TERM ===#

    def _renew(self, prices=None, months=None):
        """Make the next term of each contract and start it where the renewal is tacit.

        An explicit renewal is proposed and waits for the customer's acceptance. Ends nothing: the term that
        runs goes on to its last day.

        :param prices: ``{line id: unit price}`` of the next term; a line that is not in it keeps its price
        :param months: ``{contract id: month}`` of the index the new prices rest on
        :return: the successors, in the order of the contracts
        """
        prices, months = prices or {}, months or {}
        successors = self.with_context(mail_create_nolog=True).create(
            [contract._prepare_successor_vals(prices, months.get(contract.id)) for contract in self]
        )
        successors = successors.with_env(self.env)
        successors._message_log_batch(
            {
                after.id: self.env._("Renewal of %(contract)s.", contract=before.name)
                for before, after in zip(self, successors, strict=True)
            }
        )
        tacit = successors.filtered(lambda contract: contract.predecessor_id.tacit_renewal)
        tacit._start()
        (successors - tacit)._ask_acceptance()
        return successors

    def _prepare_renewal_row(self, rule, memo):
        """Values of the contract's row in a run: the next term and its prices by ``rule``, which may be empty.

        :raise UserError: the contract cannot be renewed, or its prices cannot be worked out
        """
        self.ensure_one()
        if obstacle := self._get_renewal_obstacle():
            raise UserError(obstacle)
        term = self._get_next_term()
        priced = {
            line: adjust.Priced(line._get_renewal_price(term), line._get_renewal_units(term))
            for line in self._get_renewed_lines()
        }
        stay = self.env._("Prices stay")
        new = {line: (row.price, stay) for line, row in priced.items()}
        month = False
        if rule:
            new.update(rule._get_new_prices(self, priced, term.start, memo))
            month = "index" in rule._get_methods() and rule._get_index_months(self, term.start)[1]
        return {
            "date_start": term.start,
            "date_end": term.stop,
            "index_month": month,
            "reason": " · ".join(dict.fromkeys(reason for __, reason in new.values())),
            "price_ids": [
                Command.create(
                    {
                        "contract_line_id": line.id,
                        "units": float(row.units),
                        "old_price": float(row.price),
                        "new_price": float(new[line][0]),
                        "reason": new[line][1],
                    }
                )
                for line, row in priced.items()
            ],
        }

    def _give_notice(self, day):
        """Notice ends the agreement with this term: a renewal that has not begun is called off."""
        super()._give_notice(day)
        self._call_off_renewal()

    def _end(self):
        """Nor does what ends early go on."""
        super()._end()
        self.filtered(
            lambda contract: contract.date_closed and contract.date_closed < contract.date_end
        )._call_off_renewal()

    def _call_off_renewal(self):
        today = fields.Date.context_today(self)
        ahead = self.successor_id.filtered(
            lambda c: c.date_start > today and c.state in ("draft", "proposed", "running")
        )
        ahead._cancel()

    def _ask_acceptance(self):
        """An explicit renewal goes the way of every proposal."""
        for contract in self:
            contract.action_propose()

    def _prepare_successor_vals(self, prices, month=None):
        """Values of the next term: every price, cover, inclusion and visit plan that is valid at the end (D14)."""
        self.ensure_one()
        term = self._get_next_term()
        duration, unit = self._get_renewal_duration()
        return self.copy_data(
            {
                "predecessor_id": self.id,
                "origin_id": (self.origin_id or self).id,
                "renewal_number": self.renewal_number + 1,
                "reference": self.reference,
                "analytic_account_id": self.analytic_account_id.id,
                "date_start": term.start,
                "date_end": term.stop,
                "duration": duration,
                "duration_unit": unit,
                "index_base_month": month or self.index_base_month,
                "cover_order_units": False,
                "line_ids": [
                    Command.create(line._prepare_successor_line_vals(term, prices))
                    for line in self._get_renewed_lines()
                ],
                "cover_ids": [
                    Command.create(cover._prepare_successor_cover_vals(term))
                    for cover in self._get_renewed_covers()
                ],
                "visit_plan_ids": [
                    Command.create(row._prepare_successor_plan_vals(self.date_start, term.start))
                    for row in self.visit_plan_ids
                ],
            }
        )[0]

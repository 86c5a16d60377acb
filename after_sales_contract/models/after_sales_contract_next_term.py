from odoo import Command, models
from odoo.exceptions import UserError

from ..tools import adjust


class AfterSalesContract(models.Model):
    """The next term: what it costs, how it is made, and when it is called off."""

    _inherit = "after.sales.contract"

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
        successors._carry_pauses()
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
        result = super()._give_notice(day)
        self._call_off_renewal()
        return result

    def _end(self):
        """Nor does what ends early go on."""
        result = super()._end()
        early = self.filtered(
            lambda contract: contract.date_closed and contract.date_closed < contract.date_end
        )
        early._call_off_renewal()
        return result

    def _cancel(self):
        result = super()._cancel()
        self.origin_row_ids._call_off()
        return result

    def action_draft(self):
        result = super().action_draft()
        rows_sudo = self.origin_row_ids.sudo()  # sudo: the row says what became of the contract
        rows_sudo.filtered(lambda row: row.state == "called_off").state = "done"
        return result

    def _get_renewal_ahead(self):
        """The next terms that have not begun."""
        return self.successor_id.filtered(
            lambda c: c.date_start > c._get_today() and c.state in ("draft", "proposed", "running")
        )

    def _call_off_renewal(self):
        self._get_renewal_ahead()._cancel()

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

    def _get_next_pool(self, pool):
        """Hours of the last pool go on to the first one of the next term."""
        return (
            super()._get_next_pool(pool)
            or self.successor_id.pool_ids.filtered(
                lambda other: other.date_period and not other.closed_on
            ).sorted("date_period")[:1]
        )

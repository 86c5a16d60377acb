from collections import defaultdict

from odoo import api, models


class AfterSalesCoverage(models.AbstractModel):
    """Limits that begin anew with each month or year of the contract (D30)."""

    _inherit = "after.sales.coverage"

    @api.model
    def _get_left(self, contracts):
        """Beside what is left of the term's limits: what was used of each renewing limit, by day."""
        left = super()._get_left(contracts)
        renewing = contracts.inclusion_ids.filtered(
            lambda row: row.limit_quantity and row.limit_period != "term"
        )
        used = defaultdict(list)
        if renewing:
            rows = (
                self.env["after.sales.contract.usage"]
                .sudo()
                ._read_group(
                    [("inclusion_id", "in", renewing.ids)], ["inclusion_id", "date:day"], ["quantity:sum"]
                )
            )
            for inclusion, day, quantity in rows:
                used[inclusion.id].append((day, quantity))
        left.update({("used by day", inclusion.id): used[inclusion.id] for inclusion in renewing})
        return left

    @api.model
    def _get_contract_candidate(self, request, contract, rest, left):
        inclusion = contract.inclusion_ids.filtered(lambda row: row.cost_class == request.cost_class)[:1]
        if not inclusion.limit_quantity or inclusion.limit_period == "term":
            return super()._get_contract_candidate(request, contract, rest, left)
        first, last = inclusion._get_limit_days(request.date)
        key = (inclusion._name, inclusion.id, first)
        if key not in left:
            days = left["used by day", inclusion.id]
            left[key] = inclusion.limit_quantity - sum(used for day, used in days if first <= day <= last)
        # What the others see as the limit of the term is here that of the period of the request.
        of_period = {**left, (inclusion._name, inclusion.id): left[key]}
        candidate = super()._get_contract_candidate(request, contract, rest, of_period)
        left[key] = of_period[inclusion._name, inclusion.id]
        return candidate

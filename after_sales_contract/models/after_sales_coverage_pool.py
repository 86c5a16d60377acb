from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.after_sales_warranty.tools.coverage import Candidate

from ..tools import pools
from .after_sales_pool import TAKEN_KINDS


class AfterSalesCoverage(models.AbstractModel):
    """Hour pools as payers of what warranty and contract leave, and the ledger of what was taken of them.

    The pools of a customer are one payer: they are used in the order in which they end, his own before those that
    another customer shares with him.
    """

    _inherit = "after.sales.coverage"

    @api.model
    def _candidates(self, requests):
        candidates = super()._candidates(requests)
        left, overage = {}, {}
        for request, found, rest in self._get_draws(requests, candidates):
            candidate = self._get_pool_candidate(request, found, rest, left)
            candidates.append(candidate)
            if candidate.tariff:
                overage[request.key] = candidate.tariff
        # What goes beyond the pool is charged at its overage tariff, not at the one of the contract.
        return [
            replace(c, tariff=None) if c.payer == "contract" and c.key in overage else c for c in candidates
        ]

    # === WHICH POOLS === #

    @api.model
    def _get_draws(self, requests, candidates):
        """What requests ask of pools after warranty and contract: [(request, pools, share)], of those that have pools."""
        work = [request for request in requests if self._get_work_kind(request)]
        if not work:
            return []
        by_key = defaultdict(list)
        for candidate in candidates:
            by_key[candidate.key].append(candidate)
        ids_of = {key: [c.source[1] for c in rows if c.payer == "contract"] for key, rows in by_key.items()}
        every_sudo = (
            self.env["after.sales.contract"].sudo().browse({id_ for ids in ids_of.values() for id_ in ids})
        )
        contracts = {key: every_sudo.browse(ids).with_prefetch(every_sudo.ids) for key, ids in ids_of.items()}
        find = self._get_pool_finder(work, contracts)
        return [
            (request, found, self._get_unpaid_share(by_key[request.key], request))
            for request in work
            if (found := find(request))
        ]

    @api.model
    def _get_work_kind(self, request):
        """The activity whose hours a pool may pay; None for what is not counted in hours."""
        return getattr(request, "kind", None) or ("labour" if request.cost_class == "labour" else None)

    @api.model
    def _find_pools(self, requests):
        """The pools that may pay for each request, by its key, in the order in which they are used."""
        find = self._get_pool_finder(requests, self._match_contracts(requests))
        return {request.key: find(request) for request in requests}

    @api.model
    def _get_pool_finder(self, requests, contracts):
        """Read all pools that any request may touch, in a constant number of statements.

        :param contracts: the contracts in force for each request, by its key
        """
        # sudo: coverage is decided alike for everybody
        partners_sudo = (
            self.env["res.partner"].sudo().browse({r.partner_id for r in requests if r.partner_id})
        )
        customer_of = {partner.id: partner.commercial_partner_id.id for partner in partners_sudo}
        shared = defaultdict(lambda: self.env["after.sales.pool"].sudo())
        shared_sudo = (
            self.env["after.sales.pool"]
            .sudo()
            .search(
                Domain("shared_partner_ids", "in", list(customer_of.values()))
                & Domain("company_id", "in", list({request.company_id for request in requests}))
            )
        )
        for pool in shared_sudo:
            for partner in pool.shared_partner_ids:
                shared[partner.id] |= pool
        ever = fields.Date.to_date("9999-12-31")

        def find(request):
            """Pools that pay for the request, in the order in which they are used.

            Who pays is decided by the day of the call, which pool by the day of the work: hours of a month are for what
            is done in it.
            """
            day = request.booked_on
            own = contracts.get(request.key, self.env["after.sales.contract"]).pool_ids
            others = shared[customer_of.get(request.partner_id)].filtered(
                lambda pool: pool.company_id.id == request.company_id and pool.contract_id._is_effective(day)
            )
            kind, band_id = self._get_work_kind(request), getattr(request, "band_id", False)
            found = (own | others).filtered(
                lambda pool: pool._is_valid(day) and pool._get_weight(kind, band_id)
            )
            return found.sorted(lambda pool: (pool not in own, pool.date_to or ever, pool.id))

        return find

    # === WHAT THEY PAY === #

    @api.model
    def _get_unpaid_share(self, candidates, request):
        """What warranty and contract leave of the request."""
        paid = {}
        for candidate in candidates:
            share = candidate.share
            if candidate.quantity is not None and request.quantity > 0:
                share = min(share, candidate.quantity / request.quantity)
            paid[candidate.payer] = max(paid.get(candidate.payer, 0.0), share)
        return max(1.0 - sum(paid.values()), 0.0)

    @api.model
    def _get_sources(self, request, found, left):
        """The pools as the pure rules want them; ``left`` remembers what other lines of the batch took."""
        kind, band_id = self._get_work_kind(request), getattr(request, "band_id", False)
        return [
            pools.Source(pool, left.setdefault(pool.id, pool.available), pool._get_weight(kind, band_id))
            for pool in found
        ]

    @api.model
    def _get_pool_candidate(self, request, found, rest, left):
        """One candidate for all pools: what they still pay of the request, and at which tariff the rest is charged."""
        sources = self._get_sources(request, found, left)
        wanted = request.quantity * rest
        fills, missing = pools.take(wanted, sources)
        taken = {fill.key: fill.taken for fill in fills}
        reason = " ".join(
            self._get_pool_reason(request, source, taken.get(source.key, 0.0)) for source in sources
        )
        for fill in fills:
            left[fill.key.id] -= fill.taken
        tariff = found.overage_tariff_id.filtered(
            lambda row: row._is_valid(self.env["res.company"].browse(request.company_id), request.booked_on)
        )[:1]
        return Candidate(
            key=request.key,
            payer="pool",
            source=(found._name, (fills[0].key if fills else found[0]).id),
            share=1.0 if fills else 0.0,
            regime="contract",
            rule="pool",
            reason=reason,
            quantity=sum(fill.hours for fill in fills),
            tariff=(tariff._name, tariff.id) if tariff and missing > pools.TINY else None,
        )

    @api.model
    def _get_pool_reason(self, request, source, taken):
        """What a pool still has for the customer who reads it: before work that is to come, after work that is done."""
        words = {
            "pool": source.key.name,
            "hours": formatLang(self.env, max(source.left, 0.0), digits=2),
            "rest": formatLang(self.env, max(source.left - taken, 0.0), digits=2),
        }
        if request.worked_on and taken:
            return self.env._("%(pool)s: %(hours)s hours before this work, %(rest)s after it.", **words)
        return self.env._("%(pool)s: %(hours)s hours left.", **words)

    # === LEDGER === #

    @api.model
    def _settle(self, rows):
        """Write down what decisions took of pools, and what went beyond them, once per cause."""
        super()._settle(rows)
        work = [row for row in rows if self._get_work_kind(row[0])]
        if not work:
            return
        requests = [row[0] for row in work]
        pools_of = self._find_pools(requests)
        left, consumed = {}, defaultdict(list)
        for request, decision, res_model, res_id, source_key, name in work:
            found = pools_of[request.key]
            cause = {
                "res_model": res_model,
                "res_id": res_id,
                "source_key": source_key,
                "date": request.booked_on,
                "name": name,
            }
            cause["partner_id"] = (
                self.env["res.partner"].sudo().browse(request.partner_id).commercial_partner_id.id
            )
            for pool, vals in self._prepare_consumption(request, decision, found, left).items():
                consumed[pool].append({**cause, **vals})
        for pool, vals_list in consumed.items():
            pool._consume(vals_list)

    @api.model
    def _prepare_consumption(self, request, decision, found, left):
        """{pool: quantity, over, hours} of one decision. Hours that the customer pays because the pools are empty go
        through the last pool, as a row beyond it."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        # Exact until it is weighed: the entries round, and what is taken and what is beyond sum to the whole.
        hours, over = (
            sum(part.quantity for part in decision.allocations if part.payer == payer)
            for payer in ("pool", "customer")
        )
        sources = self._get_sources(request, found, left)
        fills, missing = pools.take(hours, sources)
        taken = {fill.key: {"quantity": fill.taken, "hours": fill.hours} for fill in fills}
        for fill in fills:
            left[fill.key.id] -= fill.taken
        if round(missing, digits) and round(hours, digits):
            # Decided before somebody else took the last hours: the pool says how many are left.
            pool = found[-1:] or self._get_decided_pool(decision)
            vals = taken.setdefault(pool, {"quantity": 0.0, "hours": 0.0})
            vals.update(quantity=vals["quantity"] + missing, hours=vals["hours"] + missing)
        if round(over, digits) and found:
            vals = taken.setdefault(found[-1], {"quantity": 0.0, "hours": 0.0})
            beyond = over * sources[-1].weight
            vals.update(quantity=vals["quantity"] + beyond, hours=vals["hours"] + over, over=beyond)
        return taken

    @api.model
    def _get_decided_pool(self, decision):
        source = next(part.source for part in decision.allocations if part.payer == "pool")
        return self.env["after.sales.pool"].sudo().browse(source[1])

    @api.model
    def _reserve(self, rows):
        """Keep hours for work that is planned: what warranty and contract leave of it, as far as the pools have it.

        A cause has one entry in each pool that it draws on. ``_release`` gives its hours back: when the work is done and
        takes them, when it does not come, and before it is planned anew.

        :param rows: tuples (request, res_model, res_id, name), any number of requests a cause
        :return: {(res_model, res_id): (hours needed, hours missing)} of the causes that draw on pools, in pool hours
        """
        cause_of = {request.key: tuple(cause) for request, *cause in rows}
        requests = [row[0] for row in rows]
        draws = self._get_draws(requests, self._get_agreed_candidates(requests))
        self.env["after.sales.pool"].union(*(found for __, found, __ in draws))._lock()
        left, entries = {}, {}
        hours = defaultdict(lambda: (0.0, 0.0))
        for request, found, rest in draws:
            res_model, res_id, name = cause_of[request.key]
            sources = self._get_sources(request, found, left)
            fills, missing = pools.take(request.quantity * rest, sources)
            for fill in fills:
                left[fill.key.id] -= fill.taken
                cause = {"pool_id": fill.key.id, "res_model": res_model, "res_id": res_id}
                entry = entries.setdefault(
                    tuple(cause.values()),
                    {**cause, **self._prepare_reserve_vals(request, name), "quantity": 0.0, "hours": 0.0},
                )
                entry.update(
                    quantity=entry["quantity"] - fill.taken,
                    hours=entry["hours"] + fill.hours,
                    date=min(entry["date"], request.booked_on),
                )
            short = missing * sources[-1].weight
            needed = sum(fill.taken for fill in fills) + short
            before = hours[res_model, res_id]
            hours[res_model, res_id] = (before[0] + needed, before[1] + short)
        # sudo: whoever plans a visit reserves its hours, he may not edit the ledger
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        self.env["after.sales.pool.entry"].sudo().create(
            [entry for entry in entries.values() if round(entry["quantity"], digits)]
        )
        return dict(hours)

    @api.model
    def _prepare_reserve_vals(self, request, name):
        # sudo: coverage is decided alike for everybody
        partner_sudo = self.env["res.partner"].sudo().browse(request.partner_id)
        return {
            "kind": "reserve",
            "name": name,
            "date": request.booked_on,
            "source_key": "",
            "partner_id": partner_sudo.commercial_partner_id.id,
        }

    @api.model
    def _release(self, res_model, res_ids):
        """Give back what these records took or reserved: they are cancelled or decided anew."""
        cause = Domain("res_model", "=", res_model) & Domain("res_id", "in", list(res_ids))
        # sudo: a technician who cancels his work gives its hours back, he may not edit the ledger
        self.env["after.sales.pool.entry"].sudo().search(cause & Domain("kind", "in", TAKEN_KINDS)).unlink()
        return super()._release(res_model, res_ids)

from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import format_date

from ..tools import warranty as rules
from ..tools.coverage import Candidate, decide


class AfterSalesCoverage(models.AbstractModel):
    """Who pays for what, decided per line. Addons add payers in ``_candidates``."""

    _name = "after.sales.coverage"
    _description = "Coverage Decision"

    @api.model
    def _resolve(self, requests):
        """Decide every request, in a number of statements that does not grow with them.

        The reasons are in the customer's language: he reads them on reports, on the portal and beside his invoice.

        :param requests: CoverageRequest of tools/coverage.py, keys unique in the batch
        :return: dict of key to Decision
        """
        requests, by_language, decisions = list(requests), defaultdict(list), {}
        # sudo: who decides need not read the customer's card
        partners_sudo = self.env["res.partner"].sudo().browse(r.partner_id for r in requests if r.partner_id)
        languages = {partner.id: partner.lang for partner in partners_sudo}
        for request in requests:
            by_language[languages.get(request.partner_id) or self.env.lang].append(request)
        for language, group in by_language.items():
            decisions |= self.with_context(lang=language)._resolve_in_language(group)
        return decisions

    @api.model
    def _explain(self, requests):
        """The reasons for every reader: {language: {key: sentence}} of all languages that are installed.

        The customer, his colleague on the portal and the desk each read a kept decision in their own language. Empty
        where there is one language: the decision says it already.
        """
        requests = list(requests)
        languages = [code for code, __ in self.env["res.lang"].get_installed()]
        if len(languages) < 2:
            return {}
        return {
            language: {
                key: decision.reason
                for key, decision in self.with_context(lang=language)._resolve_in_language(requests).items()
            }
            for language in languages
        }

    @api.model
    def _resolve_in_language(self, requests):
        candidates = {}
        for candidate in self._candidates(requests):
            candidates.setdefault(candidate.key, []).append(candidate)
        defaults = self._get_defaults(requests)
        return {
            request.key: decide(request, candidates.get(request.key, ()), *defaults[request.key])
            for request in requests
        }

    @api.model
    def _candidates(self, requests):
        """Everything that may pay. Extend with ``super()`` and add to the list; never rank here."""
        return self._get_agreed_candidates(requests)

    @api.model
    def _get_agreed_candidates(self, requests):
        """What is owed by agreement or law, before anything that is used up by it is asked (an hour pool)."""
        return self._get_recall_candidates(requests) + self._get_warranty_candidates(requests)

    # === RECALL === #

    @api.model
    def _get_recall_candidates(self, requests):
        """The remedy of a recall is free for the owner, whatever became of the warranty of the unit (L30)."""
        claim_ids = {r.claim_id for r in requests if r.claim_id}
        if not claim_ids:
            return []
        # sudo: whoever asks who pays need not read campaigns
        rows_sudo = (
            self.env["after.sales.campaign.unit"]
            .sudo()
            .search(
                [
                    ("claim_id", "in", list(claim_ids)),
                    ("campaign_id.kind", "=", "recall"),
                    ("campaign_id.state", "in", ("running", "done")),
                ]
            )
        )
        rows = {row.claim_id.id: row for row in rows_sudo}
        candidates = []
        for request in requests:
            row = rows.get(request.claim_id)
            if row and row.unit_id.id == request.unit_id:
                reason = self.env._(
                    "%s: the remedy of a product safety recall is free of charge.",
                    row.campaign_id.display_name,
                )
                source = (row._name, row.id)
                candidates.append(
                    Candidate(request.key, "warranty", source, 1.0, "warranty", "recall", reason, priority=0)
                )
        return candidates

    # === WARRANTY === #

    @api.model
    def _get_covering(self, requests):
        """{unit id: warranties that may pay}. What covers a unit does not depend on who asks."""
        units_sudo = self.env["after.sales.unit"].sudo().browse({r.unit_id for r in requests if r.unit_id})
        covering = units_sudo._get_covering_warranties()
        return {unit.id: warranties for unit, warranties in covering.items()}

    @api.model
    def _get_defaults(self, requests):
        """Regime and reason of each request that nobody speaks for."""
        covering = self._get_covering(requests)
        return {r.key: self._get_default(r, covering.get(r.unit_id, ())) for r in requests}

    @api.model
    def _get_default(self, request, warranties):
        whole = [w for w in warranties if not w.covered_product_ids]
        once = [w for w in whole if w.date_start and w.date_start <= request.date]
        if once:
            last = max(once, key=lambda w: w.date_end)
            reason = (
                self.env._("The cover of %(warranty)s was lost after %(date)s.", **self._names(last))
                if last.ended_by
                else self.env._("%(warranty)s ended on %(date)s.", **self._names(last))
            )
            return "post_warranty", reason
        waiting = [w for w in whole if not w.ended_by]
        if waiting:
            first = min(waiting, key=lambda w: (w.date_start or date.max, w.id))
            return "on_demand", first._get_waiting_text()
        return "on_demand", self.env._("No warranty and no contract covers it.")

    @api.model
    def _get_warranty_candidates(self, requests):
        covering = self._get_covering(requests)
        claims = self._count_claims(self.env["after.sales.warranty"].sudo().union(*covering.values()))
        context = _Lookup(self.env, requests)
        candidates, elsewhere = [], {}
        for request in requests:
            if not request.unit_id:
                continue
            for warranty in covering[request.unit_id]:
                if warranty._get_state(request.date) != "active" and not warranty._covers_digital(
                    context.fault(request), request.date
                ):
                    continue
                share, rule, reason = self._judge(warranty, request, context, claims)
                source = (warranty._name, warranty.id)
                if rule == "not_this_part":
                    elsewhere.setdefault(request.key, (request, source, rule, reason))
                    continue
                candidates.append(Candidate(request.key, "warranty", source, share, "warranty", rule, reason))
        return candidates + self._explain_other_parts(candidates, elsewhere)

    @api.model
    def _explain_other_parts(self, candidates, elsewhere):
        """Why the customer pays although a warranty runs: it is on other parts. It opens no regime."""
        spoken_for = {candidate.key for candidate in candidates}
        unspoken = [found for key, found in elsewhere.items() if key not in spoken_for]
        defaults = self._get_defaults([request for request, *__ in unspoken])
        return [
            Candidate(request.key, "customer", source, 0.0, defaults[request.key][0], rule, reason)
            for request, source, rule, reason in unspoken
        ]

    @api.model
    def _count_claims(self, warranties):
        """Authorised claims of the warranties that limit them."""
        limited = warranties.filtered("claim_limit")
        if not limited:
            return {}
        groups = (
            self.env["after.sales.claim"]
            .sudo()
            ._read_group(
                [("warranty_id", "in", limited.ids), ("state", "in", ("authorised", "closed"))],
                ["warranty_id"],
                ["__count"],
            )
        )
        return {warranty.id: count for warranty, count in groups}

    @api.model
    def _judge(self, warranty, request, lookup, claims):
        """(share, rule, reason) of one warranty for one request."""
        names = {"warranty": warranty._get_title(), "cost_class": lookup.classes[request.cost_class]}
        fault, products = lookup.fault(request), lookup.products_of(request, warranty)
        if warranty.covered_product_ids and not products & warranty.covered_product_ids:
            names["product"] = ", ".join(warranty.covered_product_ids.mapped("display_name"))
            return 0.0, "not_this_part", self.env._("%(warranty)s covers only %(product)s.", **names)
        if fault and fault._is_misuse():
            names["fault"] = fault.name
            return 0.0, "misuse", self.env._("%(warranty)s does not cover misuse: %(fault)s.", **names)
        if fault and lookup.in_tree(fault, warranty.excluded_fault_ids):
            names["fault"] = fault.name
            return 0.0, "excluded_fault", self.env._("%(warranty)s excludes the fault %(fault)s.", **names)
        excluded = products.filtered(
            lambda product: (
                product in warranty.excluded_product_ids
                or lookup.in_tree(product.categ_id, warranty.excluded_categ_ids)
            )
        )
        if excluded:
            names["product"] = excluded[0].display_name
            return 0.0, "excluded_product", self.env._("%(warranty)s excludes %(product)s.", **names)
        if warranty.claim_limit and claims.get(warranty.id, 0) >= warranty.claim_limit:
            return 0.0, "claim_limit", self.env._("%(warranty)s: the number of claims is used up.", **names)
        share = warranty.promise_id._get_share(request.cost_class)
        if not share:
            return 0.0, "not_included", self.env._("%(warranty)s does not include %(cost_class)s.", **names)
        term = warranty._get_class_term(request.cost_class)
        names["date"] = lookup.day(term.end)
        if not rules.covers(term, request.date) and warranty._covers_digital(fault, request.date):
            names["date"] = lookup.day(warranty.unit_id.digital_until)
            return (
                share,
                "digital",
                self.env._(
                    "%(warranty)s covers the digital elements, which are supplied until %(date)s.", **names
                ),
            )
        if not rules.covers(term, request.date):
            return (
                0.0,
                "class_expired",
                self.env._("%(warranty)s covered %(cost_class)s until %(date)s.", **names),
            )
        names["percent"] = f"{share * 100:g}"
        return (
            share,
            "term",
            self.env._("%(warranty)s covers %(percent)s%% of %(cost_class)s until %(date)s.", **names),
        )

    @api.model
    def _names(self, warranty):
        return {"warranty": warranty._get_title(), "date": format_date(self.env, warranty.date_end)}


class _Lookup:
    """Records the requests name, read once for the batch."""

    def __init__(self, env, requests):
        self.env, self.days = env, {}
        self.faults = env["after.sales.fault"].sudo().browse({r.fault_id for r in requests if r.fault_id})
        self.products = env["product.product"].sudo().browse({r.product_id for r in requests if r.product_id})
        self.classes = {
            "part": env._("parts"),
            "labour": env._("labour"),
            "travel": env._("travel"),
            "call_out": env._("the call-out"),
            "per_diem": env._("per-diems"),
            "expense": env._("expenses"),
        }

    def day(self, value):
        """A day as the reader writes it. Many lines name the same one, and each costs as much as the decision."""
        if value not in self.days:
            self.days[value] = format_date(self.env, value)
        return self.days[value]

    def fault(self, request):
        return self.faults.browse(request.fault_id) if request.fault_id else None

    def products_of(self, request, warranty):
        """The part that is asked about, and the component it belongs to when the warranty is that of the whole."""
        products = self.products.browse(request.product_id or [])
        if warranty.unit_id.id != request.unit_id:
            products |= warranty.unit_id.browse(request.unit_id).product_id
        return products

    @staticmethod
    def in_tree(record, roots):
        """Whether the record or one of its ancestors is among the roots."""
        path = {int(part) for part in (record.parent_path or "").split("/") if part}
        return bool(path & set(roots.ids))

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.after_sales_warranty.tools.coverage import Candidate


class AfterSalesCoverage(models.AbstractModel):
    """Contracts as payers, and the ledger of what was taken of them."""

    _inherit = "after.sales.coverage"

    @api.model
    def _get_agreed_candidates(self, requests):
        candidates = super()._get_agreed_candidates(requests)
        paid = defaultdict(float)
        for candidate in candidates:
            paid[candidate.key] = max(paid[candidate.key], min(candidate.share, 1.0))
        matches = self._match_contracts(requests)
        # What a limit or a pool gives to one line of the batch is not there for the next one.
        left = self._get_left(
            self.env["after.sales.contract"].union(*matches.values())
            if matches
            else self.env["after.sales.contract"]
        )
        for request in requests:
            rest = 1.0 - paid[request.key]
            for contract in matches.get(request.key, ()):
                candidates.append(self._get_contract_candidate(request, contract, rest, left))
        return candidates

    # === WHICH CONTRACTS ===#

    @api.model
    def _match_contracts(self, requests):
        """The contracts in force for each request: the named one if it covers it, else all that do."""
        finder = self._get_contract_finder(requests)
        return {request.key: contracts for request in requests if (contracts := finder(request))}

    @api.model
    def _get_contract_finder(self, requests):
        """Read all contracts that any request may touch, in a constant number of statements."""
        Contract = self.env["after.sales.contract"]
        # sudo: coverage is decided alike for everybody; companies are compared below, request by request
        units_sudo = self.env["after.sales.unit"].sudo().browse({r.unit_id for r in requests if r.unit_id})
        lineage = self._get_lineage(units_sudo)
        partners_sudo = (
            self.env["res.partner"].sudo().browse({r.partner_id for r in requests if r.partner_id})
        )
        customer_of = {partner.id: partner.commercial_partner_id.id for partner in partners_sudo}
        owner_of = {unit.id: unit.commercial_partner_id.id for unit in units_sudo}
        product_of = {unit.id: unit.product_id.id for unit in units_sudo}
        site_of = {unit.id: unit.site_id.id for unit in units_sudo}
        families_of = self._get_families(units_sudo, requests)
        customers = set(customer_of.values()) | set(owner_of.values())

        dates = [request.date for request in requests]
        in_force = Contract._get_effective_domain(min(dates), max(dates)) if dates else Domain.FALSE
        in_force &= Domain("company_id", "in", list({request.company_id for request in requests}))
        relatives = {unit_id for line in lineage.values() for unit_id in line}
        named = {request.contract_id for request in requests if request.contract_id}
        contracts_sudo = Contract.sudo().search(
            in_force
            & (
                Domain("commercial_partner_id", "in", list(customers))
                | Domain("cover_ids.unit_id", "in", list(relatives))
                | Domain("id", "in", list(named))
            )
        )
        contracts_sudo.pause_ids.fetch(
            ["date_from", "date_to"]
        )  # which _is_effective looks at, request by request
        by_unit, by_product, by_customer = defaultdict(list), defaultdict(list), defaultdict(list)
        by_site, by_family = defaultdict(list), defaultdict(list)
        for contract in contracts_sudo:
            if contract.scope == "site":
                for site in contract.site_ids:
                    by_site[site.id, contract.commercial_partner_id.id].append(contract)
            if contract.scope == "customer":
                by_customer[contract.commercial_partner_id.id].append(contract)
            for cover in contract.cover_ids:
                if cover.unit_id:
                    by_unit[cover.unit_id.id].append(cover)
                elif not cover.product_id:
                    by_family[cover.categ_id.id, contract.commercial_partner_id.id].append(cover)
                else:
                    by_product[cover.product_id.id, contract.commercial_partner_id.id].append(cover)

        def find(request):
            customer = customer_of.get(request.partner_id) or owner_of.get(request.unit_id)
            product = product_of.get(request.unit_id) or request.product_id
            covers = [cover for unit_id in lineage.get(request.unit_id, ()) for cover in by_unit[unit_id]]
            covers += by_product[product, customer]
            covers += [
                cover for family in families_of.get(product, ()) for cover in by_family[family, customer]
            ]
            found = [c.contract_id for c in covers if self._is_covered_on(c, request.date)] + by_customer[
                customer
            ]
            found += by_site[site_of.get(request.unit_id), customer]
            if request.contract_id and not request.unit_id:
                found += [contract for contract in contracts_sudo if contract.id == request.contract_id]
            found = (
                Contract.sudo()
                .union(*found)
                .filtered(lambda c: c.company_id.id == request.company_id and c._is_effective(request.date))
            )
            return found.filtered(lambda c: c.id == request.contract_id) or found

        return find

    @api.model
    def _get_families(self, units, requests):
        """The family of each product and those above it."""
        product_ids = {request.product_id for request in requests if request.product_id}
        # sudo: coverage is decided alike for everybody
        products_sudo = units.product_id | self.env["product.product"].sudo().browse(product_ids)
        return {
            product.id: [int(part) for part in (product.categ_id.parent_path or "").split("/") if part]
            for product in products_sudo
        }

    @api.model
    def _get_lineage(self, units):
        """Each unit with those that it is part of: covering a machine covers its components."""
        lineage = {unit.id: [unit.id] for unit in units}
        frontier = {unit.id: unit.parent_id for unit in units}
        while frontier := {unit_id: parent for unit_id, parent in frontier.items() if parent}:
            for unit_id, parent in frontier.items():
                lineage[unit_id].append(parent.id)
            frontier = {unit_id: parent.parent_id for unit_id, parent in frontier.items()}
        return lineage

    @api.model
    def _is_covered_on(self, cover, date):
        return (
            bool(cover.date_from) and cover.date_from <= date and (not cover.date_to or date <= cover.date_to)
        )

    # === WHAT THEY PAY ===#

    @api.model
    def _get_left(self, contracts):
        """What is left of limited inclusions, by (model, id)."""
        limited = contracts.inclusion_ids.filtered("limit_quantity")
        return {(row._name, row.id): row.limit_quantity - row.used_quantity for row in limited}

    @api.model
    def _get_contract_candidate(self, request, contract, rest, left):
        inclusion = contract.inclusion_ids.filtered(lambda row: row.cost_class == request.cost_class)[:1]
        share, quantity, reason = self._get_inclusion_terms(request, contract, inclusion, left)
        if quantity is not None:
            left[inclusion._name, inclusion.id] -= min(
                quantity, request.quantity * min(share, max(rest, 0.0))
            )
        return Candidate(
            key=request.key,
            payer="contract",
            source=(contract._name, contract.id),
            share=share,
            regime="contract",
            rule="inclusion" if inclusion else "not_included",
            reason=reason,
            quantity=quantity,
            tariff=(contract.tariff_id._name, contract.tariff_id.id) if contract.tariff_id else None,
        )

    @api.model
    def _get_inclusion_terms(self, request, contract, inclusion, left):
        """Share, limiting quantity and the reason in words."""
        words = {
            "contract": contract.name,
            "cost_class": dict(self._get_cost_class_names())[request.cost_class],
        }
        if not inclusion.share:
            return 0.0, None, self.env._("Contract %(contract)s does not include: %(cost_class)s.", **words)
        share = inclusion.share / 100
        if inclusion.limit_quantity:
            quantity = max(left[inclusion._name, inclusion.id], 0.0)
            words.update(left=quantity, limit=inclusion.limit_quantity)
            if not quantity:
                reason = self.env._(
                    "Contract %(contract)s includes %(limit)g of: %(cost_class)s; all of it is used up.",
                    **words,
                )
                return 0.0, None, reason
            reason = self.env._(
                "Contract %(contract)s includes %(limit)g of: %(cost_class)s; %(left)g are left.", **words
            )
            return share, quantity, reason
        if share == 1.0:
            return share, None, self.env._("Contract %(contract)s includes: %(cost_class)s.", **words)
        words["percent"] = inclusion.share
        reason = self.env._("Contract %(contract)s pays %(percent)g percent of: %(cost_class)s.", **words)
        return share, None, reason

    @api.model
    def _get_cost_class_names(self):
        return (
            self.env["after.sales.contract.inclusion"]._fields["cost_class"]._description_selection(self.env)
        )

    # === LEDGER ===#

    @api.model
    def _settle(self, rows):
        """Write down what decisions took of limited inclusions, once per cause.

        :param rows: tuples (request, decision, res_model, res_id, source_key, name); the last four name the record
            that was charged and are the key by which ``_release`` finds it again
        """
        usages = []
        for request, decision, res_model, res_id, source_key, __ in rows:
            cause = {
                "res_model": res_model,
                "res_id": res_id,
                "source_key": source_key,
                "date": request.booked_on,
            }
            for allocation in decision.allocations:
                if allocation.payer == "contract":
                    usages += self._prepare_usage_vals(request, allocation, cause)
        # sudo: a technician who finishes his work books it, he may not edit the ledgers
        self.env["after.sales.contract.usage"].sudo().create(usages)

    @api.model
    def _prepare_usage_vals(self, request, allocation, cause):
        contract_sudo = self.env["after.sales.contract"].sudo().browse(allocation.source[1])
        return [
            {**cause, "inclusion_id": inclusion.id, "quantity": allocation.quantity}
            for inclusion in contract_sudo.inclusion_ids
            if inclusion.cost_class == request.cost_class and inclusion.limit_quantity
        ]

    @api.model
    def _release(self, res_model, res_ids):
        """Give back what these records took: they are cancelled or decided anew."""
        cause = Domain("res_model", "=", res_model) & Domain("res_id", "in", list(res_ids))
        self.env["after.sales.contract.usage"].sudo().search(cause).unlink()

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command, Domain

from odoo.addons.after_sales_contract.tools.pools import WorkRequest
from odoo.addons.after_sales_warranty.tools.coverage import CoverageRequest

from .after_sales_charge import COST_CLASSES

#: Kinds that are counted in hours, so that an hour pool can pay them by their activity and time band.
HOUR_KINDS = ("labour", "overtime", "travel_time")


class AfterSalesCharge(models.Model):
    """How sources become charges: what is new, who pays, at what price. One batch, one decision, one create."""

    _inherit = "after.sales.charge"

    @api.model
    def _make_from(self, sources):
        """Charge everything in ``sources`` that is ready and not charged yet.

        :param sources: recordsets of models with ``after.sales.billable.mixin``, one a model
        :return: the new charges
        """
        vals_list = []
        for records in sources:
            ready = records.filtered_domain(records._get_to_charge_domain())
            vals_list += ready._prepare_charge_vals_list()
        vals_list, requests, decisions = self._decide_and_price(self._drop_charged(vals_list))
        self._set_taxes(vals_list)
        charges = self.create(vals_list)
        charges.filtered(lambda charge: not charge.problem)._confirm()
        charges._settle(requests, decisions)
        return charges

    @api.model
    def _decide_and_price(self, vals_list):
        """Complete the values of new charges with payers and price. Writes nothing.

        :return: the values, one a rate, with the requests and decisions they rest on
        """
        vals_list = self._merge_vals(vals_list)
        requests = self._prepare_coverage_requests(vals_list)
        decisions = self._decide_payers(requests, vals_list)
        for index, vals in enumerate(vals_list):
            self._apply_decision(vals, decisions.get(index))
            self._set_price(vals)
        return vals_list, requests, decisions

    def _settle(self, requests, decisions):
        """Write down what the new charges take of hour pools and limited inclusions.

        Where a person decided instead of the engine nothing is taken: his decision names no pool.
        """
        self.env["after.sales.coverage"]._settle(
            [
                (
                    request,
                    decisions[request.key],
                    self._name,
                    self[request.key].id,
                    "",
                    self[request.key].name,
                )
                for request in requests
                if decisions[request.key].rule != "override"
            ]
        )

    def _cancel(self):
        result = super()._cancel()
        self.env["after.sales.coverage"]._release(self._name, self.ids)
        return result

    @api.model
    def _drop_charged(self, vals_list):
        """Leave out what has a live charge: making charges again never charges twice."""
        ids_by_model = defaultdict(set)
        for vals in vals_list:
            ids_by_model[vals["source_model"]].add(vals["source_id"])
        domain = Domain.OR(
            Domain("source_model", "=", model) & Domain("source_id", "in", ids)
            for model, ids in ids_by_model.items()
        )
        live = self.search(domain & Domain("state", "!=", "cancelled")) if ids_by_model else self
        charged = {
            (charge.source_model, charge.source_id, key)
            for charge in live
            for key in self._split_key(charge.source_key)
        }
        return [
            vals
            for vals in vals_list
            if (vals["source_model"], vals["source_id"], vals["source_key"]) not in charged
        ]

    @api.model
    def _split_key(self, key):
        """What a merged charge stands for: time/2026-03-11/12,13 is that day's time in bands 12 and 13."""
        head, __, tail = key.rpartition("/")
        return [f"{head}/{part}" if head else part for part in tail.split(",")]

    @api.model
    def _merge_vals(self, vals_list):
        """One charge a rate: what one session did on one day at one price is one line."""
        merged = {}
        for vals in vals_list:
            key = (vals["source_model"], vals["source_id"], vals["source_key"])
            if vals.get("band_id"):
                line = self._get_tariff(vals)._get_line(vals["kind"], self._get_band(vals))
                key = (*key[:2], vals["kind"], vals["date"], line.id or vals["band_id"])
            first = merged.setdefault(key, vals)
            if first is not vals:
                first["source_key"] += "," + vals["source_key"].rpartition("/")[2]
                first["real_quantity"] += vals["real_quantity"]
                first["date_from"] = min(first["date_from"], vals["date_from"])
                first["date_to"] = max(first["date_to"], vals["date_to"])
        return list(merged.values())

    # Who pays
    # --------

    @api.model
    def _prepare_coverage_requests(self, vals_list):
        """One request for each line that has a cost class; its key is the place in the list."""
        return [
            self._prepare_coverage_request(index, vals)
            for index, vals in enumerate(vals_list)
            if vals["kind"] in COST_CLASSES and not vals.get("is_free")
        ]

    @api.model
    def _decide_payers(self, requests, vals_list):
        """Ask the coverage engine once for all lines; what a person decided on the call goes before."""
        decisions = self.env["after.sales.coverage"].sudo()._resolve(requests) if requests else {}
        for request in requests:
            row = self._get_override(request, vals_list[request.key])
            if row:
                decisions[request.key] = row._apply_override(decisions[request.key], request)
        return decisions

    @api.model
    def _prepare_coverage_request(self, index, vals):
        ticket = self.env["after.sales.ticket"].browse(vals.get("ticket_id"))
        reported = ticket and fields.Datetime.context_timestamp(ticket, ticket.date_reported).date()
        request = {
            "key": index,
            "company_id": vals["company_id"],
            "partner_id": ticket.partner_id.id or vals["partner_id"],
            "unit_id": vals.get("unit_id"),
            "product_id": vals.get("product_id", False),
            "cost_class": COST_CLASSES[vals["kind"]],
            "date": reported or vals["date"],
            "worked_on": vals["date"],
            "fault_id": vals.get("fault_id"),
            "quantity": vals["real_quantity"],
            "contract_id": vals.get("contract_id"),
            "claim_id": ticket.claim_id.id,
        }
        if vals["kind"] in HOUR_KINDS:
            return WorkRequest(**request, kind=vals["kind"], band_id=vals.get("band_id") or False)
        return CoverageRequest(**request)

    @api.model
    def _get_override(self, request, vals):
        """What a person decided on the call instead, for this part or for this kind of work."""
        rows = (
            self.env["after.sales.ticket"]
            .browse(vals.get("ticket_id"))
            .coverage_ids.filtered(lambda row: row.override_payer and row.cost_class == request.cost_class)
        )
        part = rows.filtered(lambda row: row.product_id and row.product_id.id == request.product_id)
        return part or rows.filtered(lambda row: not row.product_id)

    @api.model
    def _apply_decision(self, vals, decision):
        if vals.pop("is_free", False):
            customer = self.env["res.partner"].browse(vals["partner_id"])
            words = self.with_context(lang=customer.lang or self.env.lang).env
            reason = (
                words._("This expense is not charged.")
                if vals["kind"] == "expense"
                else words._("Our own time: it is not charged.")
            )
            vals.update(reason=reason, rule="free")
            shares = [{"payer": "goodwill", "share": 1.0, "rule": "free", "reason": reason}]
        elif not decision:
            shares = [{"payer": "customer", "share": 1.0}]
        else:
            regime = self.env["after.sales.regime"]._get_by_code(decision.regime)
            vals.update(regime_id=regime.id, rule=decision.rule, reason=decision.reason)
            vals["tariff"] = decision.tariff
            shares = [
                {
                    "payer": part.payer,
                    "share": part.share,
                    "quantity": part.quantity,
                    "res_model": part.source[0] if part.source else False,
                    "res_id": part.source[1] if part.source else False,
                    "rule": part.rule,
                    "reason": part.reason,
                }
                for part in decision.allocations
            ]
        vals["allocation_ids"] = [Command.create(share) for share in shares]

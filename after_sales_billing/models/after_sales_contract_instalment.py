from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools import float_compare, float_round, split_every

from odoo.addons.after_sales_contract.models.after_sales_contract import EFFECTIVE_STATES

BATCH = 1000  # charges that are made at once


class AfterSalesContractInstalment(models.Model):
    """A due instalment becomes a charge of its contract's customer, in full: no coverage is asked."""

    _name = "after.sales.contract.instalment"
    _inherit = ["after.sales.contract.instalment", "after.sales.billable.mixin"]

    # ------------------------------------------------------------------
    # Billed or not: what contract asks
    # ------------------------------------------------------------------

    def _get_bill_entry_domain(self):
        return Domain(
            [
                ("source_model", "=", self._name),
                ("side", "=", "customer"),
                ("kind", "=", "bill"),
                ("active", "=", True),
            ]
        )

    @api.depends("charge_ids.entry_ids.active", "charge_ids.entry_ids.kind", "charge_ids.entry_ids.side")
    def _compute_is_billed(self):
        rows = self.env["after.sales.billing.entry"]._read_group(
            self._get_bill_entry_domain() & Domain("source_id", "in", self.ids), ["source_id"]
        )
        billed_ids = {source_id for (source_id,) in rows}
        for row in self:
            row.is_billed = row._origin.id in billed_ids

    @api.depends("charge_ids.entry_ids.amount", "charge_ids.entry_ids.move_id.state")
    def _compute_amount_billed(self):
        """What the ledger says: billed, less what posted credit notes took back."""
        result = super()._compute_amount_billed()
        rows = self.filtered(lambda row: row.is_billed and row.amount > 0)
        ledger = rows.charge_ids._get_ledger_amounts()
        for row in rows:
            found = [ledger[charge] for charge in row.charge_ids if "bill" in ledger.get(charge, ())]
            whole, left = sum(part["bill"] for part in found), sum(sum(part.values()) for part in found)
            if any(row.line_id.tax_ids.mapped("price_include")):
                # the invoice takes the tax out of the amount: by what share it was credited
                left = row.amount * left / whole if whole else 0.0
            if found:
                row.amount_billed = left
        return result

    def _search_is_billed(self, operator, value):
        if operator != "in":
            return NotImplemented
        entries_sudo = self.env["after.sales.billing.entry"].sudo()  # whether, not what: no right needed
        query = entries_sudo._search(self._get_bill_entry_domain())
        billed = Domain("id", "in", query.subselect("source_id"))
        domain = Domain.FALSE
        if True in value:
            domain |= billed
        if False in value:
            domain |= ~billed
        return domain

    def _after_credited(self):
        """The next billing run makes the credit note: nobody has anything to do."""

    # ------------------------------------------------------------------
    # after.sales.billable.mixin
    # ------------------------------------------------------------------

    @api.model
    def _get_to_charge_domain(self):
        return Domain("state", "=", "planned") & Domain("contract_id.state", "in", EFFECTIVE_STATES)

    @api.model
    def _get_run_domain(self, company, date_to):
        return Domain("company_id", "=", company.id) & Domain("date_due", "<=", date_to)

    @api.model
    def _make_due_charges(self, company, date_to, only=Domain.TRUE):
        self._sync_charges(company)
        return super()._make_due_charges(company, date_to, only)

    def _make_charges(self):
        """Many in one create: price, taxes and payer of an instalment are known from its contract.

        A first run may find a hundred thousand: a batch leaves the memory before the next one comes.
        """
        charge_ids = []
        for rows in split_every(BATCH, self.ids, self.browse):
            charge_ids += self.env["after.sales.charge"].create(rows._prepare_charge_vals_list()).ids
            if len(rows) == BATCH:
                self.env.flush_all()
                self.env.invalidate_all()
        return self.env["after.sales.charge"].browse(charge_ids)

    def _prepare_charge_vals_list(self):
        reason = self.env._("Agreed price of the contract")
        return [
            {
                "state": "confirmed",
                "source_model": self._name,
                "source_id": row.id,
                "source_key": "instalment",
                "company_id": row.company_id.id,
                "allocation_ids": [
                    Command.create(
                        {"payer": "customer", "share": 1.0, "rule": "instalment", "reason": reason}
                    )
                ],
                "reason": reason,
                **row._prepare_charge_terms(),
            }
            for row in self
        ]

    def _prepare_charge_terms(self):
        """What the contract says now; a charge that is not billed yet follows it."""
        self.ensure_one()
        contract, line = self.contract_id, self.line_id
        quantity, price, uom = self._get_charge_quantity()
        return {
            "kind": "instalment",
            "name": self._get_charge_text(),
            "date": self.date_due,
            "service_from": self.date_from,
            "service_to": self.date_to,
            "contract_id": contract.id,
            "partner_id": (contract.invoice_partner_id or contract.partner_id).id,
            "currency_id": self.currency_id.id,
            "product_id": line.product_id.id,
            "uom_id": uom.id,
            "real_quantity": quantity,
            "quantity": quantity,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "list_price": price,
            "price_unit": price,
        }

    def _get_charge_quantity(self):
        """Quantity, net price and unit of measure as the contract says them, where they make the amount to the cent; a
        part of a period is one piece at its amount (D19)."""
        self.ensure_one()
        line = self.line_id
        price = line.price_unit * (1 - line.discount / 100)
        digits = self.env["decimal.precision"].precision_get("Product Price")
        exact = not float_compare(price, float_round(price, digits), precision_digits=digits + 4)
        if exact and not self.currency_id.compare_amounts(line.quantity * price, self.amount):
            return line.quantity, float_round(price, digits), line.uom_id
        # not env.ref, which asks the database each time whether the unit is still there
        piece_id = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")
        return 1.0, self.amount, line.uom_id.browse(piece_id)

    def _get_charge_text(self):
        """What the customer reads; a credit names the invoices of the days that it gives back."""
        self.ensure_one()
        text = self.description or self.line_id.display_name
        if self.amount >= 0:
            return text
        billed = self.line_id.instalment_ids.filtered(
            lambda row: row.amount > 0 and row.date_from <= self.date_to and row.date_to >= self.date_from
        )
        entries = billed.charge_ids.entry_ids.filtered_domain(self._get_bill_entry_domain())
        numbers = entries.move_id.filtered(lambda move: move.state == "posted").sorted("id").mapped("name")
        if not numbers:
            return text
        lang = self.contract_id.invoice_partner_id.lang or self.env.lang
        env = self.with_context(lang=lang).env
        return "\n".join([text, env._("Invoice %s", ", ".join(numbers))])

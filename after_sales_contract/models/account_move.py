from odoo import Command, fields, models

from ..tools import periods
from .after_sales_contract_life_mixin import EFFECTIVE_STATES


class AccountMove(models.Model):
    """An invoice makes contracts of what it sells; it bills them itself, so they make no instalments of that price."""

    _name = "account.move"
    _inherit = ["account.move", "after.sales.contract.document.mixin"]

    def _get_after_sales_sources(self):
        return self.env["after.sales.contract.source"].search(
            [("invoice_line_id", "in", self.invoice_line_ids.ids)]
        )

    def _get_after_sales_contract_rows(self):
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.product_id and line.quantity > 0
        )
        sold = lines.filtered(lambda line: line.product_id.after_sales_contract_source == "invoice")
        prices = self._get_after_sales_contract_prices(sold.product_id)
        return [
            {
                "product": line.product_id,
                "quantity": line.quantity,
                "amount": line.price_subtotal,
                "terms": {
                    "sequence": line.sequence,
                    "name": line.name,
                    "quantity": line.quantity,
                    "uom_id": line.product_uom_id.id,
                    "price_unit": line.price_unit,
                    "discount": line.discount,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                },
                # the order line is named too: what the order made a contract of, its invoice does not
                "source": {
                    "invoice_line_id": line.id,
                    **({"sale_line_id": line.sale_line_ids.id} if len(line.sale_line_ids) == 1 else {}),
                },
                "is_prepaid": True,
                "event": "invoice" if line in sold and line.product_id not in prices else False,
            }
            for line in lines
        ]

    def _get_after_sales_contract_prices(self, products):
        """Those of the products that the instalments of a contract bill to this customer: they are not sold anew.

        What goes on after the days that a document paid is billed around its first day, not before.
        """
        if not products:
            return products
        soon = periods.add(self.invoice_date or fields.Date.context_today(self), 1, "month")
        domain = [
            "|",
            ("prepaid_line_id", "=", False),
            ("date_from", "<=", soon),
            ("product_id", "in", products.ids),
            ("is_prepaid", "=", False),
            ("contract_id.commercial_partner_id", "=", self.commercial_partner_id.id),
            ("contract_id.state", "in", EFFECTIVE_STATES),
        ]
        return self.env["after.sales.contract.line"].search(domain).product_id

    def _prepare_after_sales_contract_head(self, template):
        self.ensure_one()
        orders = self.invoice_line_ids.sale_line_ids.order_id
        return {
            "company_id": self.company_id.id,
            "partner_id": (orders[:1].partner_id or self.partner_id.commercial_partner_id).id,
            "invoice_partner_id": self.partner_id.id,
            "user_id": self.invoice_user_id.id or self.env.uid,
            "reference": self.ref,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "payment_term_id": self.invoice_payment_term_id.id or template.payment_term_id.id,
            "sale_order_id": orders.id if len(orders) == 1 else False,
        }

    def _get_after_sales_contract_dates(self):
        self.ensure_one()
        return dict.fromkeys(("order", "confirmation", "invoice"), self.invoice_date)

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        # sudo: the accountant posts, the contracts belong to after-sales
        posted_sudo = posted.sudo()
        invoices_sudo = posted_sudo.filtered(lambda move: move.move_type == "out_invoice")
        invoices_sudo._try_after_sales_contracts()
        for refund in posted_sudo.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        ):
            refund.reversed_entry_id._credit_after_sales_contracts(refund)
        return posted

    def button_cancel(self):
        result = super().button_cancel()
        for move in self:
            move._undo_after_sales_contracts(
                self.env._("Invoice %(invoice)s was cancelled", invoice=move.name or ""), live=True
            )
        return result

    def _concerns_after_sales_contracts(self):
        """Invoices of orders may start what the order made; other ones make contracts of what is sold with the invoice."""
        lines = self.invoice_line_ids
        return bool(lines.sale_line_ids) or "invoice" in lines.product_id.mapped(
            "after_sales_contract_source"
        )

    def _make_after_sales_contracts(self):
        """Called on an invoice that is posted."""
        self.ensure_one()
        self._make_after_sales_contracts_by_product("invoice")
        if orders := self.invoice_line_ids.sale_line_ids.order_id:
            orders._get_after_sales_made_contracts()._start_on("invoice", self.invoice_date)

    def _credit_after_sales_contracts(self, refund):
        """Credited in full, its contracts end with it; in part, somebody has to decide."""
        self.ensure_one()
        reason = self.env._("Invoice %(invoice)s was credited", invoice=self.name or "")
        refunds = self.reversal_move_ids.filtered(lambda move: move.state == "posted") | refund
        if self.currency_id.compare_amounts(sum(refunds.mapped("amount_total")), self.amount_total) >= 0:
            self._undo_after_sales_contracts(reason)
        else:
            contracts = self._get_after_sales_made_contracts().filtered(
                lambda c: c.state not in ("ended", "cancelled")
            )
            for contract in contracts:
                words = contract._in_words_of_responsible().env
                contract._warn_responsible(reason, words._("Decide what becomes of the contract."))

from odoo import Command, models
from odoo.tools import format_date, formatLang

from ..tools import rates


class AfterSalesBilling(models.AbstractModel):
    """What an invoice holds: a line for each rate and period, and the ledger entry that binds it to its charges."""

    _inherit = "after.sales.billing"

    def _plan(self, group, partner=None):
        """Everything about one invoice before it exists: lines by rate, sign, language.

        :param partner: who gets the invoice, if it is not the customer of the first charge
        """
        charges_sudo = group.sudo().sorted(lambda charge: (charge.date, charge.intervention_id.id, charge.id))
        first = charges_sudo[0]
        partner = (partner or first.partner_id).with_company(first.company_id)
        lang = partner.lang or self.env.lang
        digits = self.env["decimal.precision"].precision_get("Discount")
        items = [self._get_billed(charge.with_context(lang=lang)) for charge in charges_sudo]
        lines = rates.plan_lines(items, first.currency_id.rounding, digits)
        total = sum(line.amount for line in lines)
        return {
            "charges": charges_sudo,
            "partner": partner,
            "lines": lines,
            "lang": lang,
            "total": total,
            "sign": -1 if total < 0 else 1,
        }

    def _get_zero_problem(self, partner):
        return self.env._(
            "What is due from %(customer)s comes to zero; it waits until something else is due.",
            customer=partner.display_name,
        )

    def _get_billed(self, charge):
        return rates.Billed(
            key=charge.id,
            rate=charge._get_billing_rate(),
            quantity=charge.quantity,
            price=charge.price_unit,
            amount=charge.amount_customer,
            share=charge.customer_share,
            payload=charge,
            own=charge._get_billing_hours(),
        )

    def _prepare_move_vals(self, plan, run):
        charges, partner = plan["charges"], plan["partner"]
        company = charges.company_id
        contracts = charges.contract_id
        position = plan["position"]
        vals = {
            "move_type": "out_invoice" if plan["sign"] > 0 else "out_refund",
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": charges.currency_id.id,
            "fiscal_position_id": position.id,
            "invoice_date": run.invoice_date,
            "invoice_user_id": run.user_id.id,
            **self._prepare_reference_vals(charges),
            "after_sales_run_id": run.id,
            "invoice_line_ids": [
                Command.create(self._prepare_line_vals(line, plan, 10 + index))
                for index, line in enumerate(plan["lines"])
            ],
        }
        if contracts.payment_term_id:
            vals["invoice_payment_term_id"] = contracts.payment_term_id[0].id
        if contracts.preferred_payment_method_line_id:
            vals["preferred_payment_method_line_id"] = contracts.preferred_payment_method_line_id[0].id
        return vals

    def _prepare_reference_vals(self, charges):
        """Hook: the documents that charges come from, as their invoice names them."""
        return {
            "invoice_origin": ", ".join(
                charges.contract_id.mapped("name") + charges.ticket_id.mapped("name")
            ),
            "ref": ", ".join(dict.fromkeys(filter(None, charges.contract_id.mapped("reference")))) or False,
        }

    def _prepare_line_vals(self, line, plan, sequence):
        charges = line.items[0].payload.union(*(item.payload for item in line.items))
        first = charges[0]
        date_from, date_to = charges._get_billing_period()
        vals = {
            "product_id": first.product_id.id,
            "product_uom_id": first.uom_id.id or first.product_id.uom_id.id,
            "name": self._get_line_name(charges, line, date_from, date_to),
            "quantity": line.quantity,
            "price_unit": line.price * plan["sign"],
            "discount": line.discount,
            "tax_ids": [Command.set(first.tax_ids.ids)],  # as agreed: mapped when the charge was made
            "sequence": sequence,
            "after_sales_contract_id": first.contract_id.id,
            "after_sales_date_from": date_from,
            "after_sales_date_to": date_to,
        }
        if not line.exact:
            vals["product_uom_id"] = self.env.ref("uom.product_uom_unit").id
        return {**vals, **self._prepare_line_balance(line, first)}

    def _prepare_line_balance(self, line, charge):
        """What the line comes to in the accounts, where nothing but quantity, price and discount decides it.

        Odoo works it out once the line is there, and writes each line again for it: a third of the work of an invoice. What
        is said beforehand it compares only. It is left to Odoo in another currency, with taxes in the price, and for
        products that bring tags of tax reports of their own to lines without taxes.
        """
        foreign = charge.currency_id != charge.company_id.currency_id
        tagged = not charge.tax_ids and charge.product_id.account_tag_ids
        if foreign or tagged or any(charge.tax_ids.mapped("price_include")):
            return {}
        balance = 0.0 - line.amount  # income, or what a credit note takes back
        return {"balance": balance, "amount_currency": balance}

    def _get_line_name(self, charges, line, date_from, date_to):
        """Title, references and period, in the language of the charges' environment: the customer's."""
        first = charges[0]
        parts = [first._get_billing_title()]
        parts.append(not line.exact and self._get_lump_words(line, first))
        parts += [charges._get_billing_pool(), first._get_billing_payer()]
        parts.append(", ".join(charges._get_billing_references()))
        if first.kind == "instalment":
            return "\n".join(filter(None, parts))  # the contract's own text names the period
        if date_from != date_to:
            parts.append(
                first.env._(
                    "Service period: %(start)s to %(end)s",
                    start=format_date(first.env, date_from),
                    end=format_date(first.env, date_to),
                )
            )
        else:
            parts.append(first.env._("Service date: %s", format_date(first.env, date_from)))
        return "\n".join(filter(None, parts))

    def _get_lump_words(self, line, charge):
        """What a lump sum stands for: the whole quantity, or those hours that a pool left to the customer."""
        (item,) = line.items
        quantity, digits = item.quantity, 2
        if item.own is not None:
            quantity, digits = rates.quantity_of(item.amount, item.price, charge.currency_id.rounding)
        return charge.env._(
            "%(quantity)s %(uom)s at %(price)s",
            quantity=formatLang(charge.env, quantity, digits=digits),
            uom=charge.uom_id.name or "",
            price=formatLang(charge.env, item.price, currency_obj=charge.currency_id),
        )

    def _prepare_entry_vals(self, item, line):
        charge = item.payload
        return {
            **charge._prepare_entry_source(),
            "side": "customer",
            "kind": "bill",
            "move_id": line.move_id.id,
            "move_line_id": line.id,
            "currency_id": charge.currency_id.id,
            "amount": item.amount,
        }

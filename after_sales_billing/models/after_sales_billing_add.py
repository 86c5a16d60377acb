from odoo import Command, models
from odoo.exceptions import UserError


class AfterSalesBilling(models.AbstractModel):
    """What is due on an invoice that somebody else began: billed there, no run bills it again (D24)."""

    _inherit = "after.sales.billing"

    def _add_to_invoice(self, charges, move):
        """Bill charges on a draft invoice of their customer, below what it says already.

        What is free goes with the rest as in a billing run, if the customer wants to see it.

        :raise UserError: the document takes no charges, not these, or somebody else has just billed one of them
        """
        move.ensure_one()
        self._check_addable(charges, move)
        if move.commercial_partner_id.after_sales_show_covered:
            due = charges._search([("id", "in", charges.ids)])
            # sudo: what was free goes with the due work, whoever may see that
            charges |= charges.sudo().search(charges._get_covered_domain(due)).sudo(False)
        # sudo: charges follow their contract, whoever bills
        instalments_sudo = self.env["after.sales.contract.instalment"].sudo()
        stale = instalments_sudo._sync_charges(move.company_id, charges)
        if stale or self._lock_unbilled(charges) != charges:
            raise UserError(
                self.env._(
                    "Somebody else has just billed, changed or cancelled one of these charges: look again at what is due."
                )
            )
        (plan,) = self._get_plans([charges])
        plan["sign"] = 1  # what the customer gets back lowers his invoice
        before = move.invoice_line_ids
        first = max(before.mapped("sequence"), default=0) + 1
        move.invoice_line_ids = [
            Command.create(self._prepare_line_vals(line, plan, first + place))
            for place, line in enumerate(plan["lines"])
        ]
        self._enter([plan], [move.invoice_line_ids - before])
        origins = [move.invoice_origin, *self._get_origins(plan["charges"])]
        move.invoice_origin = ", ".join(dict.fromkeys(filter(None, origins)))
        self._record_success(charges)

    def _check_addable(self, charges, move):
        if not move._after_sales_takes_charges():
            raise UserError(self.env._("Charges are added to draft invoices of customers only."))
        key = (move.company_id, move.currency_id, move.commercial_partner_id)
        for charge in charges:
            if (charge.company_id, charge.currency_id, charge.partner_id.commercial_partner_id) != key:
                raise UserError(
                    self.env._(
                        "%(charge)s is not due from %(customer)s in %(currency)s: leave it out.",
                        charge=charge.display_name,
                        customer=move.commercial_partner_id.display_name,
                        currency=move.currency_id.name,
                    )
                )
        if not move.journal_id.default_account_id:
            products_sudo = charges.product_id.sudo().with_company(move.company_id)  # as in a run
            problems = list(filter(None, map(self._get_product_problem, products_sudo)))
            if problems:
                raise UserError("\n".join(problems))

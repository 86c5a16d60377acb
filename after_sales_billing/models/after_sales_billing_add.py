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
        charges |= self._get_covered(charges, move)
        self._check_addable(charges, move)
        # sudo: charges follow their contract, whoever bills
        instalments_sudo = self.env["after.sales.contract.instalment"].sudo()
        stale = instalments_sudo._sync_charges(move.company_id, charges)
        if stale or self._lock_unbilled(charges) != charges:
            raise UserError(
                self.env._(
                    "Somebody else has just billed, changed or cancelled one of these charges: look again at what is due."
                )
            )
        charges._fetch_billing_payers()
        plan = self._plan(charges, move.partner_id)
        plan["sign"] = 1  # what the customer gets back lowers his invoice
        before = move.invoice_line_ids
        move.write(self._prepare_added_vals(plan, move))
        added = move.invoice_line_ids - before
        self._enter([plan], [added.filtered(lambda line: line.display_type == "product")])
        self._record_success(charges)

    def _get_covered(self, charges, move):
        """What was free in the work of some charges, for a customer who wants to read it."""
        if not move.commercial_partner_id.after_sales_show_covered:
            return charges.browse()
        due = charges._search([("id", "in", charges.ids)])
        # sudo: what was free goes with the due work, whoever may see that
        covered_sudo = charges.sudo().search(charges._get_covered_domain(due))
        return covered_sudo.filtered(lambda charge: charge.currency_id == move.currency_id).sudo(False)

    def _prepare_added_vals(self, plan, move):
        """The lines, under a heading of their own where the draft has headings, and the documents they come from."""
        words = plan["charges"].with_context(lang=plan["lang"]).env
        lines = [self._prepare_line_vals(line, plan, 0) for line in plan["lines"]]
        if "line_section" in move.invoice_line_ids.mapped("display_type"):
            lines.insert(0, {"display_type": "line_section", "name": words._("After-sales service")})
        last = max(move.invoice_line_ids.mapped("sequence"), default=0)
        vals = self._prepare_reference_vals(plan["charges"])
        for fname in ("invoice_origin", "ref"):
            known = [part for text in (move[fname], vals[fname]) if text for part in text.split(", ")]
            vals[fname] = ", ".join(dict.fromkeys(known))
        vals["invoice_line_ids"] = [
            Command.create({**line, "sequence": last + place}) for place, line in enumerate(lines, 1)
        ]
        return vals

    # ------------------------------------------------------------------
    # What stands against it
    # ------------------------------------------------------------------

    def _check_addable(self, charges, move):
        """What would hold a charge up in a run, or part its invoice from this one."""
        move._after_sales_check_takes_charges()
        # sudo: one may bill without a right on contracts and products
        charges_sudo = charges.sudo().with_company(move.company_id)
        positions = self._get_fiscal_positions(charges_sudo)
        with_account = bool(move.journal_id.default_account_id)
        problems = [self._get_currency_problem(move.currency_id, move.company_id)]
        for charge_sudo in charges_sudo:
            position = positions[self._get_position_key(charge_sudo)]
            problems += [
                self._get_foreign_problem(charge_sudo, move),
                self._get_position_problem(charge_sudo, position, move),
                self._get_item_problem(charge_sudo.product_id, with_account),
            ]
        if texts := dict.fromkeys(filter(None, problems)):
            raise UserError("\n".join(texts))

    def _get_foreign_problem(self, charge, move):
        key = (move.company_id, move.currency_id, move.commercial_partner_id)
        if (charge.company_id, charge.currency_id, charge.commercial_partner_id) == key:
            return False
        return self.env._(
            "%(charge)s is not due from %(customer)s in %(currency)s: leave it out.",
            charge=charge.display_name,
            customer=move.commercial_partner_id.display_name,
            currency=move.currency_id.name,
        )

    def _get_position_problem(self, charge, position, move):
        """The taxes of a charge come from one fiscal position, the accounts of the invoice from another."""
        if position == move.fiscal_position_id:
            return False
        return self.env._(
            "%(charge)s is billed under another fiscal position (%(position)s): leave it to a billing run.",
            charge=charge.display_name,
            position=position.display_name or self.env._("none"),
        )

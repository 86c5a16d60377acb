from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date


class AfterSalesSupplierClaim(models.Model):
    """The debit document: a credit note of the supplier, or our invoice to him, of what he agreed to."""

    _inherit = "after.sales.supplier.claim"

    def action_settle(self):
        """Make the draft document of what is agreed; where one was credited in full, make it anew."""
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants make the document of a claim."))
        self._ensure_state("agreed", "partial")
        self.lock_for_update(allow_referencing=True)
        moves = self.env["account.move"]
        for claim in self:
            claim._free_credited()
            claim._ensure_no_document()
            moves += claim._settle()
        return moves._after_sales_get_action()

    def _free_credited(self):
        """What was taken back in full by a credit is debited anew: its rows go to history."""
        lines = self.line_ids.filtered(lambda line: line._is_taken_back())
        lines._release(self.env._("Debited again on request of %s", self.env.user.name))
        lines._reserve()

    def _settle(self):
        """One document with a line for each charge, each bound to it by the ledger."""
        self.ensure_one()
        lines = self.line_ids.filtered("amount_agreed")
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .with_context(mail_create_nosubscribe=True)
            .create(self._prepare_move_vals(lines))
        )
        for line, move_line in zip(lines, move.invoice_line_ids.sorted("sequence"), strict=True):
            line._get_entries("claim").write(
                {
                    "kind": "bill",
                    "move_id": move.id,
                    "move_line_id": move_line.id,
                    "amount": line.amount_agreed,
                }
            )
        self.message_post(body=self.env._("Debit document made: %s", move.display_name))
        return move

    def _prepare_move_vals(self, lines):
        supplier = self.commercial_partner_id
        product = self._get_product()
        # what the supplier reads is in his language
        lines = lines.with_context(lang=self.partner_id.lang or self.env.lang)
        return {
            "move_type": "out_invoice" if supplier.after_sales_claim_document == "invoice" else "in_refund",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_origin": self.name,
            "ref": self.supplier_reference or self.name,
            "invoice_line_ids": [
                Command.create(line._prepare_move_line_vals(product, 10 + index))
                for index, line in enumerate(lines)
            ],
        }

    def _get_product(self):
        """The service that gives account and taxes to what suppliers give back.

        Not the part itself: no stock moves, and its value must not change.
        """
        product = self.company_id.after_sales_recovery_product_id or self.env.ref(
            "after_sales_billing.product_supplier_recovery", raise_if_not_found=False
        )
        if not product or not product.active:
            raise UserError(
                self.env._(
                    "Choose the product of supplier recovery in the settings of Invoicing: it gives account and taxes."
                )
            )
        return product

    def _sync_settlement(self):
        """A claim is settled while posted documents debit all that was agreed; without them it is agreed again."""
        for claim in self.filtered(lambda claim: claim._is_answered()):
            lines = claim.line_ids.filtered("amount_agreed")
            if all(line._is_settled() for line in lines):
                if claim.state != "settled":
                    claim.write({"state": "settled", "date_settled": fields.Date.context_today(claim)})
            elif claim.state == "settled":
                open_amount = claim.currency_id.compare_amounts(claim.amount_claimed, claim.amount_agreed)
                claim.write({"state": "partial" if open_amount else "agreed", "date_settled": False})


class AfterSalesSupplierClaimLine(models.Model):
    _inherit = "after.sales.supplier.claim.line"

    def _is_settled(self):
        """Whether a posted document debits the line, and nothing has taken all of it back."""
        self.ensure_one()
        return self.currency_id.compare_amounts(self.amount_settled, 0.0) > 0

    def _is_taken_back(self):
        """Whether the document of the line was posted and credited in full since."""
        self.ensure_one()
        entries = self._get_entries()
        return (
            "credit" in entries.mapped("kind")
            and set(entries.move_id.mapped("state")) == {"posted"}
            and not self._is_settled()
        )

    def _prepare_move_line_vals(self, product, sequence):
        self.ensure_one()
        vals = {
            "product_id": product.id,
            "name": self._get_move_line_name(),
            "quantity": 1.0,
            "price_unit": self.amount_agreed,
            "sequence": sequence,
            "after_sales_date_from": self.date,
            "after_sales_date_to": self.date,
        }
        account_sudo = self.charge_id.sudo()._get_analytic_account()  # the account only
        if account_sudo:
            vals["analytic_distribution"] = {str(account_sudo.id): 100.0}
        return vals

    def _get_move_line_name(self):
        """What failed, what it cost for, and by which numbers the supplier knows it."""
        charge, unit = self.charge_id, self.unit_id
        labels = dict(self._fields["cost_class"]._description_selection(self.env))
        parts = [
            self.env._(
                "Claim %(claim)s: %(product)s",
                claim=self.claim_id.name,
                product=unit.product_id.with_context(display_default_code=False).display_name,
            ),
            f"{labels[self.cost_class]}: {charge.name}",
            ", ".join(
                filter(
                    None,
                    [
                        unit.serial and self.env._("Serial %s", unit.serial),
                        charge.sudo().intervention_id
                        and self.env._("Report %s", charge.sudo().intervention_id.name),
                        self.env._("Fault of %s", format_date(self.env, self.fault_date)),
                    ],
                )
            ),
        ]
        return "\n".join(parts)

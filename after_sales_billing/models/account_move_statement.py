from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountMove(models.Model):
    """The statement of work that goes with an invoice: what was done, and who pays for it."""

    _inherit = "account.move"

    def action_print_after_sales_statement(self):
        if not any(
            move.after_sales_charge_count and not move.after_sales_supplier_claim_count for move in self
        ):
            raise UserError(self.env._("There is no work behind this document."))
        return self.env.ref("after_sales_billing.action_report_statement").report_action(self)

    def _after_sales_wants_statement(self):
        self.ensure_one()
        return bool(
            self.after_sales_charge_count
            and not self.after_sales_supplier_claim_count
            and self.company_id.after_sales_statement
            and not self.commercial_partner_id.after_sales_no_statement
            and (self.after_sales_intervention_count or self.after_sales_ticket_count)
        )

    def _get_after_sales_statement_filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "_")
        return self.with_context(lang=self.partner_id.lang).env._("Statement of work %s.pdf", number)

    def _get_after_sales_statement(self):
        """The charges of the document for its statement of work, occasion by occasion, covered ones included.

        :return: list of (intervention, charges), in the order of the invoice: first what belongs to no call, then visits
            and, without intervention, what was done for a call in the workshop
        """
        self.ensure_one()
        # the reader of the invoice may read its reasons; a supplier does not read what customers pay
        entries_sudo = self.sudo().after_sales_entry_ids
        billed_sudo = entries_sudo.filtered(lambda entry: entry.side == "customer").charge_id
        loose_sudo = billed_sudo.filtered(lambda charge: not charge.intervention_id)
        occasion = Domain("intervention_id", "in", billed_sudo.intervention_id.ids)
        occasion |= (
            Domain("ticket_id", "in", loose_sudo.ticket_id.ids)
            & Domain("intervention_id", "=", False)
            & Domain("partner_id", "in", loose_sudo.partner_id.ids)
        )
        covered_sudo = billed_sudo.search(Domain("billing_state", "=", "nothing") & occasion)
        charges = (billed_sudo | covered_sudo).sorted(lambda charge: (charge.date, charge.id))
        rows = charges.grouped(lambda charge: charge.intervention_id or charge.ticket_id)
        by_day = sorted(
            rows.items(), key=lambda row: (bool(row[0]), row[1][0].date, row[0] and row[0].name or "")
        )
        return [(own.intervention_id, own) for __, own in by_day]

from odoo import models

from ..tools import rates


class AccountMove(models.Model):
    """Entries of covered cost: the ledger says what their lines say, and a reversed entry brought nothing."""

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._after_sales_reverse_costs()
        return posted

    def _reverse_moves(self, default_values_list=None, cancel=False):
        reverse_moves = super()._reverse_moves(default_values_list, cancel=cancel)
        (reverse_moves - reverse_moves.filtered("posted_before"))._after_sales_reverse_costs()
        return reverse_moves

    def _after_sales_stamp_entries(self):
        """What an accountant changed on a draft is posted as he changed it; the difference stays to be posted."""
        result = super()._after_sales_stamp_entries()
        entries_sudo = self.sudo().after_sales_entry_ids.filtered(lambda entry: entry.kind == "post")
        for line, entries in entries_sudo.grouped("move_line_id").items():
            currency = line.company_currency_id
            if currency.compare_amounts(line.balance, sum(entries.mapped("amount"))):
                parts = rates.allocate(line.balance, entries.mapped("amount"), currency.rounding)
                for entry, part in zip(entries, parts, strict=True):
                    entry.amount = part
        return result

    def _after_sales_reverse_costs(self):
        """A reversal has its rows in the ledger, line by line: what it takes back is to be posted again."""
        entry_model_sudo = self.env["after.sales.billing.entry"].sudo()  # written by our own methods only
        for move in self.filtered(lambda move: move.move_type == "entry" and move.reversed_entry_id):
            rows_sudo = entry_model_sudo.search(
                [("move_id", "=", move.reversed_entry_id.id), ("side", "=", "cost")]
            ).grouped("move_line_id")
            if not rows_sudo:
                continue
            # the draft may have been edited: the rows follow what is posted
            entry_model_sudo.with_context(active_test=False).search(
                [("move_id", "=", move.id), ("kind", "=", "credit")]
            ).unlink()
            vals_list = []
            for line in move.line_ids.filtered(lambda line: line.after_sales_origin_id):
                entries = rows_sudo.get(line.after_sales_origin_id)
                if entries:
                    vals_list += move._prepare_after_sales_credit_vals(line, entries, line.balance)
            entry_model_sudo.create(vals_list)

    def action_view_after_sales_items(self):
        """The items of entries of ours, for who may post them: the tab of the form is for full accountants only."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "views": [(self.env.ref("after_sales_billing.account_move_line_view_list_cost").id, "list")],
            "domain": [("move_id", "in", self.ids)],
        }

    def _after_sales_get_cost_action(self):
        """These entries as a client action."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        action.update({"domain": [("id", "in", self.ids)], "context": {"create": False}})
        if len(self) == 1:
            action.update({"views": [(False, "form")], "view_mode": "form", "res_id": self.id})
        return action

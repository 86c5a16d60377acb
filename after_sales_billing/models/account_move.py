from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.after_sales_warranty.tools.actions import open_records

from ..tools import rates

#: What takes money back from us: of a customer's invoice, or of what we debited to a supplier.
REVERSALS = ("out_refund", "in_invoice")


class AccountMove(models.Model):
    _inherit = "account.move"

    after_sales_run_id = fields.Many2one(
        "after.sales.billing.run",
        string="Billing Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    after_sales_entry_ids = fields.One2many(
        "after.sales.billing.entry", "move_id", string="After-Sales Ledger", readonly=True
    )
    after_sales_charge_count = fields.Integer(compute="_compute_after_sales_counts", compute_sudo=True)
    after_sales_ticket_count = fields.Integer(compute="_compute_after_sales_counts", compute_sudo=True)
    after_sales_intervention_count = fields.Integer(compute="_compute_after_sales_counts", compute_sudo=True)
    after_sales_contract_count = fields.Integer(compute="_compute_after_sales_counts", compute_sudo=True)
    after_sales_period = fields.Char(string="Service Period", compute="_compute_after_sales_period")

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("after_sales_entry_ids.charge_id")
    def _compute_after_sales_counts(self):
        counts = {
            move: rest
            for move, *rest in self.env["after.sales.billing.entry"]._read_group(
                [("move_id", "in", self.ids)],
                ["move_id"],
                [
                    "charge_id:count_distinct",
                    "charge_id:recordset",
                ],
            )
        }
        for move in self:
            number, charges = counts.get(move._origin, (0, self.env["after.sales.charge"]))
            move.after_sales_charge_count = number
            move.after_sales_ticket_count = len(charges.ticket_id)
            move.after_sales_intervention_count = len(charges.intervention_id)
            move.after_sales_contract_count = len(charges.contract_id)

    @api.depends("invoice_line_ids.after_sales_date_from", "invoice_line_ids.after_sales_date_to")
    @api.depends_context("lang")
    def _compute_after_sales_period(self):
        for move in self:
            starts = move.invoice_line_ids.filtered("after_sales_date_from").mapped("after_sales_date_from")
            ends = move.invoice_line_ids.filtered("after_sales_date_to").mapped("after_sales_date_to")
            dates = (
                [format_date(self.env, day) for day in sorted({min(starts), max(ends)})]
                if starts and ends
                else []
            )
            move.after_sales_period = " - ".join(dates) or False

    # ------------------------------------------------------------------
    # The life of an invoice and its sources
    # ------------------------------------------------------------------

    def button_cancel(self):
        result = super().button_cancel()
        # who may cancel the invoice frees its sources; the ledger itself nobody writes by hand
        entries_sudo = self.sudo().after_sales_entry_ids
        entries_sudo._free(self.env._("Document cancelled"))
        return result

    def button_draft(self):
        self._after_sales_undo_credits()  # a document that is cancelled while it is posted comes by here too
        cancelled = self.filtered(lambda move: move.state == "cancel")
        result = super().button_draft()
        cancelled._after_sales_reclaim()
        return result

    def _post(self, soft=True):
        self._after_sales_reclaim()
        posted = super()._post(soft)
        posted._after_sales_stamp_entries()
        posted.filtered(lambda move: move.move_type in REVERSALS)._after_sales_add_credits()
        return posted

    def unlink(self):
        self._after_sales_undo_credits()
        for move in self.filtered("after_sales_charge_count"):
            move._after_sales_stamp_entries()
        return super().unlink()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        reverse_moves = super()._reverse_moves(default_values_list, cancel=cancel)
        (reverse_moves - reverse_moves.filtered("posted_before"))._after_sales_add_credits()
        return reverse_moves

    def _after_sales_stamp_entries(self):
        """Keep the number of the document on the ledger, and what its lines say after they were edited by hand."""
        for move in self:
            entries_sudo = move.sudo().after_sales_entry_ids  # written by our own methods only
            if not entries_sudo:
                continue
            entries_sudo.document_name = move.name or move.display_name
            sign = -1 if move.move_type in REVERSALS else 1
            for line, entries in (
                entries_sudo.filtered(lambda entry: entry.kind == "bill").grouped("move_line_id").items()
            ):
                amount = line.price_subtotal * sign
                if line.currency_id.compare_amounts(amount, sum(entries.mapped("amount"))):
                    parts = rates.allocate(amount, entries.mapped("amount"), line.currency_id.rounding)
                    for entry, part in zip(entries, parts, strict=True):
                        entry.write({"amount": part, "currency_id": line.currency_id.id})

    def _after_sales_take_over(self):
        """A corrected invoice, made while the wrong one is reversed, takes over the sources of its lines."""
        for line in self.invoice_line_ids.filtered("after_sales_origin_id"):
            entries_sudo = line.after_sales_origin_id.sudo().after_sales_entry_ids.filtered(
                lambda entry: entry.kind == "bill"
            )
            rows = entries_sudo.copy_data({"move_id": line.move_id.id, "move_line_id": line.id})
            reversals = line.after_sales_origin_id.move_id.reversal_move_ids
            entries_sudo.charge_id.entry_ids.filtered(
                lambda entry, old=entries_sudo, refunds=reversals: entry in old or entry.move_id in refunds
            )._free(self.env._("Replaced by a corrected document"))
            entries_sudo.create(rows)

    def _after_sales_reclaim(self):
        """Take back the sources that cancelling set free; refuse when one of them is billed elsewhere."""
        if not self:  # Odoo calls the life cycle of documents on none of them for each line that it creates
            return
        self.env["after.sales.billing.entry"].sudo()._get_freed(self, "bill", "post")._reclaim()

    # ------------------------------------------------------------------
    # Credits
    # ------------------------------------------------------------------

    def _after_sales_undo_credits(self):
        """A posted credit note that set its sources free is used no more: its invoice bills them again."""
        posted = self.filtered(lambda move: move.state == "posted" and move.reversed_entry_id)
        if not posted:
            return
        freed_sudo = self.env["after.sales.billing.entry"].sudo()._get_freed(posted, "credit")
        invoices = posted.reversed_entry_id.filtered(lambda move: move.state == "posted")
        freed_sudo._get_freed_with(invoices, "bill")._reclaim()
        posted._after_sales_warn_of_undone_credits()

    def _after_sales_warn_of_undone_credits(self):
        """An early end counted with these credit notes: who answers for the contract sees what is billed again."""
        entries_sudo = self.env["after.sales.billing.entry"].sudo()
        rows_sudo = entries_sudo.search(
            [("move_id", "in", self.ids), ("kind", "=", "credit"), ("side", "=", "customer")]
        )
        for (move, contract_sudo), own in rows_sudo.grouped(
            lambda row: (row.move_id, row.charge_id.contract_id)
        ).items():
            closed = contract_sudo.date_closed
            unused = own.filtered(
                lambda row, day=closed: day and row.charge_id.service_to and row.charge_id.service_to > day
            )
            if unused:
                words = contract_sudo._in_words_of_responsible().env
                contract_sudo._warn_responsible(
                    words._("Credit note taken back"),
                    words._(
                        "%(credit)s was taken back: %(invoice)s bills %(amount)s again, with days after the end of %(contract)s. "
                        "Credit what is not owed.",
                        credit=move.name,
                        invoice=move.reversed_entry_id.name,
                        amount=unused.currency_id[:1].format(-sum(unused.mapped("amount"))),
                        contract=contract_sudo.name,
                    ),
                )

    def _after_sales_add_credits(self):
        """Each credit note of billed charges has its rows in the ledger: they say how much, and free nothing."""
        entry_model_sudo = self.env["after.sales.billing.entry"].sudo()
        for move in self.filtered(lambda move: move.move_type in REVERSALS and move.reversed_entry_id):
            billed_sudo = entry_model_sudo.search(
                [("move_id", "=", move.reversed_entry_id.id), ("kind", "=", "bill")]
            )
            if not billed_sudo:
                continue
            # the draft may have been edited: the rows follow what is posted
            entry_model_sudo.with_context(active_test=False).search(
                [("move_id", "=", move.id), ("kind", "=", "credit")]
            ).unlink()
            vals_list = []
            for line in move.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
                own = billed_sudo.filtered(
                    lambda entry, line=line: entry.move_line_id == line.after_sales_origin_id
                )
                vals_list += move._prepare_after_sales_credit_vals(
                    line, own or billed_sudo, -line.price_subtotal
                )
            entry_model_sudo.create(vals_list)

    def _prepare_after_sales_credit_vals(self, line, entries, amount):
        amounts = rates.allocate(amount, entries.mapped("amount"), line.currency_id.rounding)
        return [
            {
                "charge_id": entry.charge_id.id,
                "source_model": entry.source_model,
                "source_id": entry.source_id,
                "source_key": entry.source_key,
                "side": entry.side,
                "payer": entry.payer,
                "attempt": entry.attempt,
                "supplier_line_id": entry.supplier_line_id.id,
                "kind": "credit",
                "move_id": self.id,
                "move_line_id": line.id,
                "document_name": self.name,
                "currency_id": line.currency_id.id,
                "amount": amount,
            }
            for entry, amount in zip(entries, amounts, strict=True)
            if amount
        ]

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def _after_sales_get_action(self):
        """The invoices, or the credit notes of suppliers, as a client action."""
        kind = "in_refund" if set(self.mapped("move_type")) == {"in_refund"} else "out_invoice"
        action = self.env["ir.actions.act_window"]._for_xml_id(f"account.action_move_{kind}_type")
        # by its default type the list knows which columns it shows
        context = {"create": False, "default_move_type": kind}
        action.update({"domain": [("id", "in", self.ids)], "context": context})
        if len(self) == 1:
            action.update({"views": [(False, "form")], "view_mode": "form", "res_id": self.id})
        return action

    def _after_sales_get_charges(self):
        self.check_access("read")
        return self.sudo().after_sales_entry_ids.charge_id.sudo(False)

    def action_view_after_sales_charges(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_charge_action_billing"
        )
        action.update({"domain": [("id", "in", self._after_sales_get_charges().ids)], "context": {}})
        return action

    def action_view_after_sales_tickets(self):
        return open_records(self._after_sales_get_charges().sudo().ticket_id)

    def action_view_after_sales_interventions(self):
        return open_records(self._after_sales_get_charges().sudo().intervention_id)

    def action_view_after_sales_contracts(self):
        return open_records(self._after_sales_get_charges().sudo().contract_id)

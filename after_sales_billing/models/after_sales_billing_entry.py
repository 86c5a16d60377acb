from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.after_sales_helpdesk.models.after_sales_ticket_coverage import PAYERS


class AfterSalesBillingEntry(models.Model):
    """What is billed is a sum over these rows, never a flag: the database refuses to bill a source twice."""

    _name = "after.sales.billing.entry"
    _description = "Billing Ledger Entry"
    _order = "id desc"
    _rec_name = "charge_id"
    _check_company_auto = True

    charge_id = fields.Many2one(
        "after.sales.charge",
        required=True,
        ondelete="restrict",
        index=True,
        readonly=True,
        check_company=True,
    )
    company_id = fields.Many2one(related="charge_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="charge_id.partner_id")
    source_model = fields.Char(readonly=True, required=True)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True, required=True)
    source_key = fields.Char(readonly=True)
    side = fields.Selection(
        [("customer", "Customer"), ("supplier", "Supplier"), ("cost", "Cost Accounts")],
        default="customer",
        required=True,
        readonly=True,
    )
    kind = fields.Selection(
        [("claim", "Claimed"), ("bill", "Billed"), ("post", "Posted"), ("credit", "Credited")],
        required=True,
        readonly=True,
        help="What is claimed from a supplier is billed when a document debits it to him. What we bear ourselves is"
        " posted to the cost accounts.",
    )
    payer = fields.Selection(PAYERS, readonly=True, help="To whose cost account it is posted.")
    attempt = fields.Integer(
        required=True,
        readonly=True,
        default=0,
        help="Counts the further claims on what a supplier left open of the first one, and the further entries of a"
        " cost that changed.",
    )
    supplier_line_id = fields.Many2one(
        "after.sales.supplier.claim.line", ondelete="set null", index="btree_not_null", readonly=True
    )
    move_id = fields.Many2one(
        "account.move", string="Document", ondelete="set null", index=True, readonly=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Document Line", ondelete="set null", index=True, readonly=True
    )
    document_name = fields.Char(
        string="Document Number", readonly=True, help="Kept when the document is deleted."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True, help="Without taxes; what is credited counts below zero.")
    active = fields.Boolean(
        default=True,
        readonly=True,
        help="An entry that is not active has set its source free to be billed again.",
    )
    reason = fields.Char(readonly=True, help="Why the source was set free.")

    # One bill per source and side, by whatever way the second one comes; from a supplier, one for each attempt; to the
    # cost accounts, one for each payer and attempt.
    _source_once = models.UniqueIndex(
        "(source_model, source_id, COALESCE(source_key, ''), side, attempt, COALESCE(payer, ''))"
        " WHERE active AND kind != 'credit'",
        "This is already billed.",
    )
    _charge_once = models.UniqueIndex(
        "(charge_id, side, attempt, COALESCE(payer, '')) WHERE active AND kind != 'credit'",
        "This charge is already billed, claimed or posted.",
    )
    _customer_once = models.Constraint(
        "CHECK (side != 'customer' OR (attempt = 0 AND kind != 'claim'))",
        "Only a claim to a supplier is made again on what it left open.",
    )
    _cost_posted = models.Constraint(
        "CHECK ((side = 'cost') = (payer IS NOT NULL) AND (kind = 'credit' OR (side = 'cost') = (kind = 'post')))",
        "Only cost is posted, to the account of a payer.",
    )

    # ------------------------------------------------------------------
    # Free and reclaim
    # ------------------------------------------------------------------

    def _free(self, reason):
        """Set the sources free: they will be billed by the next run."""
        if self:
            self.write({"active": False, "reason": reason})
            self.flush_recordset(["active"])  # the unique index must see it before the next bill is inserted
            self._mark_run_lines("billed", "freed", reason)
            self.supplier_line_id.invalidate_recordset(["entry_ids"])

    def _mark_run_lines(self, old, new, reason):
        """The run that made the document says what became of its lines."""
        lines_sudo = self.env["after.sales.billing.run.line"].sudo()  # written by our own methods only
        lines_sudo.search(
            [
                ("charge_id", "in", self.charge_id.ids),
                ("move_id", "in", self.move_id.ids),
                ("state", "=", old),
            ]
        ).write({"state": new, "reason": reason})

    def _reclaim(self):
        """Take back sources that were set free, with what posted credit notes say of them.

        :raises UserError: one of them is billed elsewhere, or nobody owes it any more
        """
        if not self:
            return
        self._resume_claims()
        if rivals := self._get_rivals():
            raise UserError(
                self.env._(
                    "%(charge)s has meanwhile been billed on %(document)s: it would be billed twice. Cancel or delete that "
                    "document first.",
                    charge=rivals[0].charge_id.display_name,
                    document=rivals[0]._get_document_title(),
                )
            )
        owed = self.filtered(lambda entry: entry.side == "customer").charge_id
        if gone := owed.filtered(lambda charge: charge.state == "cancelled") | self._get_dropped().charge_ids:
            raise UserError(
                self.env._(
                    "%s has been cancelled meanwhile: nobody owes what would be billed again.",
                    gone[0].display_name,
                )
            )
        credit_notes = self.move_id.reversal_move_ids.filtered(lambda move: move.state != "cancel")
        rows = self | self._get_freed_with(credit_notes, "credit")
        rows.write({"active": True, "reason": False})
        rows.flush_recordset(["active"])
        self._mark_run_lines("freed", "billed", False)

    def _get_dropped(self):
        """The instalments among the sources that their contract owes no longer."""
        name = "after.sales.contract.instalment"
        rows = self.env[name].browse(entry.source_id for entry in self if entry.source_model == name)
        return rows.filtered(lambda row: row.state == "cancelled")

    def _get_freed(self, moves, *kinds):
        """The rows that documents lost when they were set free, and can have again: their lines are still there."""
        return self.with_context(active_test=False).search(
            [
                ("move_id", "in", moves.ids),
                ("move_line_id", "!=", False),
                ("kind", "in", kinds),
                ("active", "=", False),
            ]
        )

    def _get_freed_with(self, moves, kind):
        """Those of other documents about the same sources of the same invoices as these."""
        keys = {entry._get_invoice_key() for entry in self}
        return self._get_freed(moves, kind).filtered(lambda entry: entry._get_invoice_key() in keys)

    def _get_invoice_key(self):
        """Which source on which invoice: a credit note speaks of what it credits."""
        move = self.move_id.reversed_entry_id if self.kind == "credit" else self.move_id
        return (move, self._get_source_key())

    def _get_document_title(self):
        """How the document is recognized, a draft without a number too."""
        move = self.move_id
        if not move or move.name:
            return move.display_name or self.document_name or ""
        return f"{move.display_name} ({move.currency_id.format(move.amount_total)})"

    def _get_rivals(self):
        """The active entries by which the sources of these (freed) entries are billed elsewhere."""
        if not self:
            return self
        candidates = self.sudo().search(
            [
                ("active", "=", True),
                ("kind", "!=", "credit"),
                ("source_model", "in", self.mapped("source_model")),
                ("source_id", "in", self.mapped("source_id")),
            ]
        )
        keys = {entry._get_source_key() for entry in self}
        return (candidates - self).filtered(lambda entry: entry._get_source_key() in keys)

    def _get_source_key(self):
        key = (self.source_model, self.source_id, self.source_key or "", self.side, self.attempt)
        return (*key, self.payer)

    # ------------------------------------------------------------------
    # Claims to suppliers
    # ------------------------------------------------------------------

    def _reopen_claims(self):
        """What a supplier agreed to stays claimed when the document that debited it goes: it can be debited anew."""
        lines = self.supplier_line_id
        freed = self.filtered(lambda entry: entry.kind == "bill" and not entry.active)
        freed.supplier_line_id.filtered(lambda line: line.claim_id._is_answered())._reserve()
        lines.claim_id._sync_settlement()

    def _resume_claims(self):
        """The document is used again: its rows take the place of those that kept the claim meanwhile."""
        lines = self.supplier_line_id
        for claim in lines.claim_id:
            if not claim._is_answered():
                raise UserError(
                    self.env._(
                        "%(claim)s is no longer agreed: this document cannot be used again.", claim=claim.name
                    )
                )
        lines._get_entries("claim").unlink()

    # ------------------------------------------------------------------
    # From documents to facts and back
    # ------------------------------------------------------------------

    def _count_documents(self, fname, records):
        """How many documents bill the charges that point at each record, {id: number}."""
        rows = self.sudo()._read_group(
            [
                (f"charge_id.{fname}", "in", records.ids),
                ("move_id", "!=", False),
                ("side", "=", "customer"),
            ],
            [f"charge_id.{fname}"],
            ["move_id:count_distinct"],
        )
        return {record.id: number for record, number in rows}

    def _get_documents(self, fname, records):
        records.check_access("read")
        domain = [(f"charge_id.{fname}", "in", records.ids), ("side", "=", "customer")]
        return self.sudo().search(domain).move_id.sudo(False)

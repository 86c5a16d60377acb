import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Words that are kept in all their languages.
TEXTS = ("name", "conditions", "procedure")


class AfterSalesWarrantyPromise(models.Model):
    """What a term promised on the day it was given, word for word. It never changes: a term that does makes another
    promise, for what is given from then on. A hundred thousand warranties given with the same words share one."""

    _name = "after.sales.warranty.promise"
    _description = "Warranty Promise"
    _inherit = "after.sales.term.mixin"

    name = fields.Char("Warranty", translate=True, help="Name of the term when the warranty was given.")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    digest = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Fingerprint of the words that are shared. Empty: those of one warranty alone.",
    )
    kind = fields.Selection(selection_add=[("repair", "Repair")], ondelete={"repair": "cascade"})
    warranty_ids = fields.One2many("after.sales.warranty", "promise_id", "Warranties")
    excluded_fault_ids = fields.Many2many(
        "after.sales.fault", "after_sales_promise_fault_rel", "promise_id", "fault_id"
    )
    excluded_product_ids = fields.Many2many(
        "product.product", "after_sales_promise_excluded_product_rel", "promise_id", "product_id"
    )
    excluded_categ_ids = fields.Many2many(
        "product.category", "after_sales_promise_excluded_categ_rel", "promise_id", "categ_id"
    )
    covered_product_ids = fields.Many2many(
        "product.product", "after_sales_promise_covered_product_rel", "promise_id", "product_id"
    )

    @api.model
    def _get_word_fields(self):
        """Names of the fields that say what is promised."""
        return {"name", *self._get_promise_fields()}

    def write(self, vals):
        self.check_access("write")
        if self._get_word_fields() & vals.keys() and any(self.mapped("digest")):
            raise UserError(
                self.env._(
                    "What was promised with many units does not change: give the unit another warranty."
                )
            )
        return super().write(vals)

    # === OF A TERM === #

    @api.model
    def _get_for_terms(self, terms):
        """The promise that each term makes today, made when nothing was given with these words before."""
        digests = self._get_digests(terms)
        found = self.search([("digest", "in", list(digests.values()))], order="id desc")
        known = {promise.digest: promise for promise in found}
        for term, digest in digests.items():
            if digest not in known:
                known[digest] = self._take_over(term, digest)
        return {term: known[digest] for term, digest in digests.items()}

    @api.model
    def _get_digests(self, terms):
        """What tells the words of a term from all others: every value, every text in every language."""
        terms.flush_recordset()
        texts = {
            term_id: json.dumps(words, sort_keys=True)
            for term_id, *words in self.env.execute_query(
                SQL(
                    "SELECT id, %s FROM after_sales_warranty_term WHERE id IN %s",
                    SQL(", ").join(map(SQL.identifier, TEXTS)),
                    tuple(terms.ids),
                )
            )
        }
        digests = {}
        for term in terms:
            vals = term._prepare_snapshot_vals()
            words = sorted((name, repr(value)) for name, value in vals.items() if name not in TEXTS)
            whole = repr((term.company_id.id, words, texts[term.id]))
            digests[term] = hashlib.sha256(whole.encode()).hexdigest()
        return digests

    @api.model
    def _take_over(self, term, digest):
        promise = self.create(
            {**term._prepare_snapshot_vals(), "company_id": term.company_id.id, "digest": digest}
        )
        promise.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE after_sales_warranty_promise promise SET %s FROM after_sales_warranty_term term"
                " WHERE term.id = %s AND promise.id = %s",
                SQL(", ").join(
                    SQL("%s = term.%s", SQL.identifier(name), SQL.identifier(name)) for name in TEXTS
                ),
                term.id,
                promise.id,
            )
        )
        promise.invalidate_recordset(TEXTS)
        return promise

    def _get_own(self):
        """The promise itself when it is of one warranty alone, else a copy that may change."""
        self.ensure_one()
        return self.copy() if self.digest else self

    @api.autovacuum
    def _gc_promises(self):
        """Words that no warranty is given with any more."""
        self.search([("warranty_ids", "=", False)]).unlink()

from collections import defaultdict

from odoo import api, models


class IrSequence(models.Model):
    """Numbers for a batch of documents: the sequence and its range of dates are looked up once, not for each."""

    _inherit = "ir.sequence"

    @api.model
    def _number_documents(self, code, vals_list, placeholder="/"):
        """Give each of the new documents that has no number yet the next one of its company."""
        unnumbered = defaultdict(list)
        for vals in vals_list:
            if (vals.get("name") or placeholder) == placeholder:
                unnumbered[vals.get("company_id") or self.env.company.id].append(vals)
        for company_id, rows in unnumbered.items():
            numbers = self.with_company(company_id)._next_numbers(code, len(rows))
            for vals, number in zip(rows, numbers, strict=True):
                vals["name"] = number or placeholder

    @api.model
    def _next_numbers(self, code, count):
        """Return what ``count`` calls of ``next_by_code`` would; False for each where there is no sequence."""
        self.browse().check_access("read")
        domain = [("code", "=", code), ("company_id", "in", [self.env.company.id, False])]
        sequence = self.search(domain, order="company_id", limit=1)
        if not sequence:
            return [False] * count
        current = sequence._get_current_sequence(self.env.context.get("ir_sequence_date"))
        if current._name != self._name:
            current = current.with_context(ir_sequence_date_range=current.date_from)
        return [current._next() for __ in range(count)]

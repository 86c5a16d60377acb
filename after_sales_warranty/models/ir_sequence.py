from odoo import api, models


class IrSequence(models.Model):
    """Numbers for a batch of documents: the sequence and its range of dates are looked up once, not for each."""

    _inherit = "ir.sequence"

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

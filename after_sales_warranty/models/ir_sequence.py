from odoo import api, fields, models


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
        current = sequence._get_known_range() or sequence._get_current_sequence(
            self.env.context.get("ir_sequence_date")
        )
        if current._name != self._name:
            current = current.with_context(ir_sequence_date_range=current.date_from)
        return [current._next() for __ in range(count)]

    def _get_known_range(self):
        """The range of today as it is remembered: further batches of a transaction do not ask again."""
        if not self.use_date_range or self.env.context.get("ir_sequence_date"):
            return self.date_range_ids.browse()
        today = fields.Date.today()
        return self.date_range_ids.filtered(lambda row: row.date_from <= today <= row.date_to)[:1]

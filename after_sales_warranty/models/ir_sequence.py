from odoo import api, models
from odoo.tools import ormcache


class IrSequence(models.Model):
    """Numbers for a batch of documents: the sequence and its range of dates are looked up once, not for each."""

    _inherit = "ir.sequence"

    @api.model
    def _next_numbers(self, code, count):
        """Return what ``count`` calls of ``next_by_code`` would; False for each where there is no sequence."""
        self.browse().check_access("read")
        sequence = self.browse(self._get_id_by_code(code, self.env.company.id))
        if not sequence:
            return [False] * count
        current = sequence._get_current_sequence(self.env.context.get("ir_sequence_date"))
        if current._name != self._name:
            current = current.with_context(ir_sequence_date_range=current.date_from)
        return [current._next() for __ in range(count)]

    @api.model
    @ormcache("code", "company_id")
    def _get_id_by_code(self, code, company_id):
        """Which sequence numbers these documents: asked for each of them, and changed hardly ever."""
        # sudo: the same for all users; `_next_numbers` has checked that the user may read sequences
        sequences_sudo = self.sudo().with_context(active_test=True)
        domain = [("code", "=", code), ("company_id", "in", [company_id, False])]
        return sequences_sudo.search(domain, order="company_id", limit=1).id

    # CRUD

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if not {"active", "code", "company_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

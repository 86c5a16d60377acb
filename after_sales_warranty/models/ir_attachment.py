from odoo import api, models
from odoo.exceptions import UserError

from .after_sales_claim_evidence import DECIDED

#: Writing these makes another file of an attachment, or takes it away from its record.
CONTENT = {"datas", "raw", "db_datas", "store_fname", "url", "res_model", "res_id"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        # Odoo itself may move files to another place; people may not change them.
        if CONTENT & vals.keys() and not self.env.su:
            self._ensure_no_claim_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claim_evidence(self):
        self._ensure_no_claim_evidence()

    def _ensure_no_claim_evidence(self):
        claim_ids = {file.res_id for file in self if file.res_model == "after.sales.claim" and file.res_id}
        if not claim_ids:
            return
        # A file is evidence for whoever deletes it, seen or not.
        claim_sudo = self.env["after.sales.claim"].sudo()
        decided = claim_sudo.search([("id", "in", list(claim_ids)), ("state", "in", DECIDED)], limit=1)
        if decided:
            raise UserError(
                self.env._("The file is evidence of claim %s, which is decided: it is kept.", decided.name)
            )

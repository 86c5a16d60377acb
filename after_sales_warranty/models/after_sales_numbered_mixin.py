from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesNumberedMixin(models.AbstractModel):
    """A document with a number of its company's sequence (code: its model) and a state that actions change."""

    _name = "after.sales.numbered.mixin"
    _description = "Numbered Document"

    name = fields.Char("Number", required=True, readonly=True, copy=False, index=True, default="/")

    @api.model_create_multi
    def create(self, vals_list):
        sequence_sudo = self.env["ir.sequence"].sudo()  # numbering is the house's business, whoever makes it
        sequence_sudo._number_documents(self._name, vals_list)
        return super().create(vals_list)

    def _ensure_state(self, *states):
        """Raise UserError unless each document is in one of these states."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for document in self:
            if document["state"] not in states:
                raise UserError(
                    self.env._(
                        "%(document)s is %(state)s: this cannot be done now.",
                        document=document.display_name,
                        state=labels[document["state"]],
                    )
                )

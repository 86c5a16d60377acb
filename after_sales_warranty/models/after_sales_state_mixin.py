from odoo import models
from odoo.exceptions import UserError


class AfterSalesStateMixin(models.AbstractModel):
    """A record whose state only actions change."""

    _name = "after.sales.state.mixin"
    _description = "Record With a State"

    def _ensure_state(self, *states):
        """Raise UserError unless each record is in one of these states."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record["state"] not in states:
                raise UserError(
                    self.env._(
                        "%(document)s is in state %(state)s, this is possible in: %(allowed)s.",
                        document=record.display_name,
                        state=labels[record["state"]],
                        allowed=", ".join(labels[state] for state in states),
                    )
                )

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesWarranty(models.Model):
    """What the owner was told about the end of a warranty, for as long as that end holds."""

    _inherit = "after.sales.warranty"

    offer_notice_id = fields.Many2one(
        "after.sales.notice",
        "Extension Offered With",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    expiry_notice_id = fields.Many2one(
        "after.sales.notice",
        "End Announced With",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    # The nightly job looks at those whose owner was not written to, and only there.
    _offer_due = models.Index("(company_id, date_end) WHERE offer_notice_id IS NULL")
    _expiry_due = models.Index("(company_id, date_end) WHERE expiry_notice_id IS NULL")

    @api.model
    def _after_timing(self, units):
        """Called once when events of warranties of these units came, changed or went."""
        self._push_extensions(units)
        self._forget_notices(units)

    @api.model
    def _forget_notices(self, units):
        """A cover that now ends beyond the days of its notice was announced too early: it is announced again.

        A day or two more are no reason to write to the owner a second time.
        """
        today = fields.Date.context_today(self)
        told = Domain("offer_notice_id", "!=", False) | Domain("expiry_notice_id", "!=", False)
        # Whoever records a repair need not read what the owner was written.
        told_sudo = self.sudo().search(Domain("unit_id", "in", units.ids) & told)
        for kind in ("offer", "expiry"):
            name = f"{kind}_notice_id"
            told_sudo.filtered(
                lambda w, name=name, kind=kind: (
                    w[name]
                    and w.date_end
                    and w.date_end > w[name].date_end
                    and w.date_end > today + timedelta(days=w.company_id[f"after_sales_{kind}_days"])
                )
            )[name] = False

from odoo import fields, models
from odoo.tools import plaintext2html


class AfterSalesClaim(models.Model):
    """What owners ask for on their own page or in answer to a recall comes to the desk as a call."""

    _inherit = "after.sales.claim"

    ticket_ids = fields.One2many("after.sales.ticket", "claim_id", string="Calls")

    def _open_calls(self, channel):
        """Open a call on each claim that has none, and return them."""
        return self.env["after.sales.ticket"].create(
            [claim._prepare_call_vals(channel) for claim in self if not claim.ticket_ids]
        )

    def _finish_campaigns(self):
        """The work on the units of a campaign is done."""
        # Whoever finishes a call may have its unit ticked off.
        rows_sudo = self.sudo().campaign_unit_ids
        rows_sudo.filtered(lambda row: row.state in ("todo", "in_progress")).state = "done"

    def _prepare_call_vals(self, channel):
        self.ensure_one()
        text = (self.description or "").strip()
        return {
            "subject": text.partition("\n")[0][:100] or self.unit_id.display_name,
            "description": plaintext2html(text) if text else False,
            "channel": channel,
            "unit_id": self.unit_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "claim_id": self.id,
        }

from odoo import fields, models
from odoo.tools import plaintext2html


class AfterSalesClaim(models.Model):
    """What owners ask for on their own page or in answer to a recall comes to the desk as a call."""

    _inherit = "after.sales.claim"

    ticket_ids = fields.One2many("after.sales.ticket", "claim_id", string="Calls")

    return_ids = fields.One2many("after.sales.return", "claim_id", "Returns")
    return_count = fields.Integer("Number of Returns", compute="_compute_return_count")

    def _compute_return_count(self):
        counts = dict(
            self.env["after.sales.return"]._read_group(
                [("claim_id", "in", self.ids)], ["claim_id"], ["__count"]
            )
        )
        for claim in self:
            claim.return_count = counts.get(claim, 0)

    def action_return(self):
        """The returns under the claim, or a new one with its unit (WA-28)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_return_action"
        )
        action["domain"] = [("claim_id", "=", self.id)]
        line = {"unit_id": self.unit_id.id, "fault_id": self.fault_id.id, "note": self.description}
        action["context"] = {
            "default_claim_id": self.id,
            "default_ticket_id": self.ticket_ids[:1].id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
            "default_line_ids": [(0, 0, line)],
        }
        if not self.return_ids:
            action["views"] = [(False, "form")]
        return action

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

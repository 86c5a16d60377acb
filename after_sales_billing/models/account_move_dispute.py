from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html

from odoo.addons.after_sales_warranty.tools.actions import open_records

MAX_DESCRIPTION = 4000


class AccountMove(models.Model):
    """A line that the customer questions is a call: somebody answers it, in time."""

    _inherit = "account.move"

    after_sales_dispute_ids = fields.One2many(
        "after.sales.ticket", "disputed_move_id", "Disputes", readonly=True, groups="base.group_user"
    )
    after_sales_dispute_count = fields.Integer(
        "Open Disputes", compute="_compute_after_sales_dispute_count", compute_sudo=True
    )

    @api.depends("after_sales_dispute_ids.state")
    def _compute_after_sales_dispute_count(self):
        Ticket = self.env["after.sales.ticket"]
        counts = dict(
            Ticket._read_group(
                [("disputed_move_id", "in", self.ids), ("state", "in", Ticket._get_open_states())],
                ["disputed_move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.after_sales_dispute_count = counts.get(move._origin, 0)

    def action_view_after_sales_disputes(self):
        self.check_access("read")
        return open_records(self.sudo().after_sales_dispute_ids.sudo(False))

    def _after_sales_has_work_page(self):
        """Whether the customer can look into this document on the portal."""
        self.ensure_one()
        return bool(
            self.state == "posted"
            and self.move_type in ("out_invoice", "out_refund")
            and self.after_sales_charge_count
            and not self.after_sales_supplier_claim_count  # a supplier does not read what customers pay
        )

    def _after_sales_get_disputable(self):
        """The lines that bill something of ours, each with the call by which it is questioned at present (or none)."""
        self.ensure_one()
        lines = self.sudo().after_sales_entry_ids.move_line_id & self.invoice_line_ids
        Ticket = self.env[
            "after.sales.ticket"
        ].sudo()  # whoever reads the invoice reads what became of his doubt
        open_calls = Ticket.search(
            [("disputed_line_id", "in", lines.ids), ("state", "in", Ticket._get_open_states())]
        )
        calls = {call.disputed_line_id: call for call in open_calls}
        return [(line, calls.get(line, Ticket)) for line in lines.sorted(lambda row: (row.sequence, row.id))]

    def _after_sales_dispute(self, line_id, partner, description):
        """Register that the customer questions a line of this document; return the call, as superuser.

        A line that is being checked already keeps its one call, which gets what he writes now.

        :raise ValidationError: without words, with too many, or for a line that is not of this document
        """
        self.ensure_one()
        description = (description or "").strip()
        if not description:
            raise ValidationError(self.env._("Tell us what is not right about this line."))
        if len(description) > MAX_DESCRIPTION:
            raise ValidationError(
                self.env._("This text is too long: use at most %s characters.", MAX_DESCRIPTION)
            )
        calls = {line.id: (line, call) for line, call in self._after_sales_get_disputable()}
        if line_id not in calls:
            raise ValidationError(self.env._("Choose the line of the invoice that you mean."))
        line, call_sudo = calls[line_id]
        if call_sudo:
            call_sudo.message_post(
                body=description,
                author_id=partner.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
            return call_sudo
        # sudo: customers write no calls; what he may question was checked
        call_sudo = self.env["after.sales.ticket"].sudo().with_context(mail_create_nosubscribe=True)
        call_sudo = call_sudo.create(self._prepare_after_sales_dispute_vals(line, partner, description))
        call_sudo.message_subscribe(partner_ids=partner.ids)
        self.sudo()._message_log(
            body=self.env._(
                "%(customer)s questions a line of this invoice: call %(call)s.",
                customer=partner.display_name,
                call=call_sudo.name,
            )
        )
        return call_sudo

    def _prepare_after_sales_dispute_vals(self, line, partner, description):
        charges_sudo = line.sudo().after_sales_entry_ids.charge_id
        calls, units = charges_sudo.ticket_id, charges_sudo.unit_id
        title = (line.name or "").partition("\n")[0]
        return {
            "subject": self.env._(
                "Question about invoice %(invoice)s: %(line)s", invoice=self.name, line=title[:80]
            ),
            "description": plaintext2html(description),
            "channel": "portal",
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "parent_id": calls.id if len(calls) == 1 else False,
            "unit_id": units.id if len(units) == 1 else False,
            "disputed_line_id": line.id,
        }

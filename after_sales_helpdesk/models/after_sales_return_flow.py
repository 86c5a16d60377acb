import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.after_sales_contract.models.groups import AGENT
from odoo.addons.after_sales_warranty.tools.qr import qr_png

from ..tools.barcode import code128_png


class AfterSalesReturn(models.Model):
    """How a return goes: authorised, received, quoted, cancelled; and what closing it does to its call."""

    _inherit = "after.sales.return"

    # Actions

    def _ensure_agent(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("Ask an agent: only agents decide on returns."))

    def action_authorise(self):
        """Let the customer send the goods: the receipts are announced and the label can be printed (HD-09, HD-10)."""
        self._ensure_agent()
        for record in self:
            record._ensure_authorisable()
        new = self.line_ids.filtered(lambda line: line.state == "draft")
        new._ensure_reason()
        new._announce()
        today = fields.Date.context_today(self)
        for record in self:
            days = record.policy_id.valid_days
            record.write(
                {
                    "date_authorised": fields.Datetime.now(),
                    "authorised_by_id": self.env.uid,
                    "valid_until": record.valid_until or (days and fields.Date.add(today, days=days)),
                }
            )
        self._send_notice("authorised")

    def _ensure_authorisable(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Say what comes back with %s.", self.name))
        if "draft" not in self.line_ids.mapped("state"):
            raise UserError(self.env._("%s is authorised already.", self.name))
        claim = self.claim_id
        if claim.state == "refused":
            raise UserError(self.env._("%s was refused: nothing comes back under it.", claim.name))
        if self.policy_id.claim_required and claim.state != "authorised":
            raise UserError(
                self.env._("%s needs a warranty claim that is authorised.", self.policy_id.display_name)
            )

    def action_receive(self):
        """Open the list of what is expected, to say what arrived: any part of it, with the serial that is on it."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            self.line_ids._ensure_owned()
        elif self.state not in ("authorised", "partial"):
            raise UserError(self.env._("Nothing of %s is on its way to us.", self.name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Receive Goods"),
            "res_model": "after.sales.return.receive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_return_id": self.id},
        }

    def action_cancel(self):
        self._ensure_agent()
        for record in self:
            if record.line_ids.filtered(lambda line: line.state not in ("draft", "expected", "cancelled")):
                raise UserError(
                    self.env._("Goods of %s are with us: hand them back instead of cancelling.", record.name)
                )
        self.line_ids._cancel_announced()
        self._send_notice("cancelled")

    def action_print_label(self):
        return self.env.ref("after_sales_helpdesk.action_report_return_label").report_action(self)

    def _get_label_qr(self):
        """The code that opens the return on the device of who unpacks the parcel."""
        self.ensure_one()
        return base64.b64encode(qr_png(f"{self.get_base_url()}/odoo/after-sales-returns/{self.id}"))

    def _get_label_barcode(self):
        """The number as bars, for scanners at the dock."""
        self.ensure_one()
        return base64.b64encode(code128_png(self.name))

    def _get_report_base_filename(self):
        return self.name.replace("/", "-")

    def action_view_pickings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return action | {"domain": [("id", "in", self._get_pickings().ids)], "context": {}}

    def _get_pickings(self):
        # sudo: how many, for agents who have no stock rights
        lines_sudo = self.sudo().line_ids
        return lines_sudo.move_id.picking_id | lines_sudo.other_move_ids.picking_id

    def action_view_loans(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("after_sales_helpdesk.after_sales_loan_action")
        context = {
            "default_return_id": self.id,
            "default_ticket_id": self.ticket_id.id,
            "default_partner_id": self.partner_id.id,
            "default_product_id": self.line_ids.product_id[:1].id,
        }
        return action | {"domain": [("return_id", "=", self.id)], "context": context}

    def action_quote(self):
        """Quote what neither warranty nor contract pays: on the call of the return, opened when there is none."""
        self.ensure_one()
        self._ensure_agent()
        if not self.ticket_id:
            self.ticket_id = self.env["after.sales.ticket"].create(self._prepare_ticket_vals())
        ticket = self.ticket_id
        if ticket.state == "registered":
            ticket.action_check_coverage()
        return ticket.action_quote()

    def _prepare_ticket_vals(self):
        self.ensure_one()
        line = self.line_ids[:1]
        reasons = [f"{goods.display_name}: {goods.note or goods.fault_id.name}" for goods in self.line_ids]
        services = self.env["after.sales.service"].search(
            [("category", "=", "repair"), ("company_id", "in", [False, self.company_id.id])], limit=1
        )
        return {
            "subject": self.env._("Return %s", self.name),
            "description": plaintext2html("\n".join(reasons)),
            "service_id": services.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "unit_id": line.unit_id.id,
            "product_id": line.product_id.id,
            "fault_id": line.fault_id.id if line.fault_id.kind == "symptom" else False,
            "claim_id": self.claim_id.id,
            "channel": "internal",
        }

    def _after_closed(self):
        """The last goods are dealt with: a call without open visits or loaners is done."""
        # sudo: whoever hands out the goods moves the call on
        tickets_sudo = self.sudo().ticket_id.filtered(
            lambda ticket: (
                ticket.state in ("authorised", "planned")
                and all(record.state in ("draft", "closed", "cancelled") for record in ticket.return_ids)
                and all(loan.state != "out" for loan in ticket.loan_ids)
                and all(visit.state in ("done", "cancelled") for visit in ticket.intervention_ids)
            )
        )
        tickets_sudo._move_to("done")
        self.sudo().ticket_id._end_refused()
        self._send_notice("closed")

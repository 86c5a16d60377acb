from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesTicket(models.Model):
    """Quotation: what neither warranty nor contract pays, at the tariff, for the customer to accept before work.

    The order is the agreement, not the delivery nor the bill: the intervention consumes the parts and its charges are
    invoiced.
    """

    _inherit = "after.sales.ticket"

    is_quotation_sent = fields.Boolean(compute="_compute_is_quotation_sent")

    @api.depends("sale_order_id.state")
    def _compute_is_quotation_sent(self):
        for ticket in self:
            ticket.is_quotation_sent = ticket.sale_order_id.sudo().state == "sent"  # see _quote

    def action_quote(self):
        self.ensure_one()
        if self.state not in ("checked", "quoted"):
            raise UserError(self.env._("%s: check the coverage first.", self.name))
        if self.sale_order_id.sudo().state in (False, "cancel"):
            self._quote()
        self._move_to("quoted")
        return self.action_view_quotation()

    def _quote(self):
        order_sudo = self.env["sale.order"].sudo()  # agents quote calls without being salesmen
        lines = self._prepare_quotation_lines()
        if not lines:
            raise UserError(
                self.env._(
                    "%s: there is nothing to quote: of the work and the parts of this call the customer pays nothing. "
                    "What he pays beside them, such as per-diems and expenses, is charged as it is entered.",
                    self.name,
                )
            )
        self.sale_order_id = order_sudo.create(self._prepare_quotation_vals(lines))

    def _prepare_quotation_vals(self, lines):
        self.ensure_one()
        return {
            "partner_id": (self.contract_id.invoice_partner_id or self.partner_id).id,
            "partner_shipping_id": (self.site_id or self.partner_id).id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id or self.env.uid,
            "origin": self.name,
            "client_order_ref": self.subject,
            "after_sales_ticket_id": self.id,
            "order_line": [Command.create(vals) for vals in lines],
        }

    def _prepare_quotation_lines(self):
        """One line per uncovered row; what others pay of it shows as its discount."""
        self.ensure_one()
        tariff = self.env["after.sales.tariff"]._get_for(
            contract=self.contract_id,
            partner=self.partner_id,
            company=self.company_id,
            date=self.date_reported.date(),
            site=self.site_id,
            regime=self.regime_id,
        )
        lines = []
        for row in self._get_rows_of_work().filtered("customer_share"):
            vals = row._prepare_part_line() if row.product_id else row._prepare_tariff_line(tariff)
            if vals:
                lines.append(dict(vals, discount=100 * (1 - row.customer_share)))
        return lines

    def action_view_quotation(self):
        """The order for who may see orders, the customer's page of it for the others."""
        self.ensure_one()
        if self.env["sale.order"].has_access("read") and self.sale_order_id.has_access("read"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "sale.order",
                "view_mode": "form",
                "res_id": self.sale_order_id.id,
            }
        order_sudo = self.sale_order_id.sudo()  # the call was readable, so is what it quotes
        return {"type": "ir.actions.act_url", "target": "self", "url": order_sudo.get_portal_url()}

    def action_send_quotation(self):
        """Send it to the customer, who accepts and signs on his page; meanwhile the clocks stand still."""
        self.ensure_one()
        self.check_access("write")
        order_sudo = self.sale_order_id.sudo()  # see _quote
        if order_sudo.state not in ("draft", "sent"):
            raise UserError(self.env._("%s has no quotation to send.", self.name))
        template = self.env.ref("sale.email_template_edi_sale")
        order_sudo.message_post_with_source(
            template.sudo(), email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature"
        )
        order_sudo.filtered(lambda order: order.state == "draft").write({"state": "sent"})
        self.waiting_for = "customer"

    def _after_quotation_accepted(self):
        """The customer said yes: time runs again, and the work is authorised."""
        self.filtered("waiting_for").write({"waiting_for": False})
        self.filtered(lambda ticket: ticket.state == "quoted")._move_to("authorised")

    def _after_quotation_cancelled(self):
        self.filtered("waiting_for").write({"waiting_for": False})
        self.filtered(lambda ticket: ticket.state == "quoted")._move_to("checked")

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount


class AfterSalesTicket(models.Model):
    """What the customer answers to the quotation: refused it ends, accepted it binds."""

    _inherit = "after.sales.ticket"

    currency_id = fields.Many2one(related="company_id.currency_id")
    inspection_fee = fields.Monetary(
        groups="base.group_user",
        copy=False,
        tracking=True,
        help="Agreed with the customer: what he pays when he refuses the quotation. It is written on it.",
    )
    inspection_charge_id = fields.Many2one(
        "after.sales.charge",
        "Inspection Fee Charged",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    quotation_refusal = fields.Text("Why the Quotation Was Refused", readonly=True, copy=False)

    def _prepare_quotation_vals(self, lines):
        vals = super()._prepare_quotation_vals(lines)
        vals.update(require_signature=True, require_payment=False)
        vals["order_line"] += [Command.create(line) for line in self._prepare_fee_lines()]
        return vals

    def _prepare_fee_lines(self):
        """The note of the quotation that says what refusing it costs; none when it costs nothing."""
        self.ensure_one()
        if self.currency_id.is_zero(self.inspection_fee):
            return []
        localised = self.with_context(lang=self.partner_id.lang)
        note = localised.env._(
            "If you refuse this quotation, the agreed inspection fee of %s is charged.",
            format_amount(localised.env, self.inspection_fee, self.currency_id),
        )
        return [{"display_type": "line_note", "name": note, "is_after_sales_fee": True}]

    def write(self, vals):
        """The fee is what the quotation says: until it is sent the two change together, then neither does."""
        changed = self.browse()
        if "inspection_fee" in vals:
            fee = vals["inspection_fee"] or 0.0
            changed = self.filtered(lambda t: t.currency_id.compare_amounts(t.inspection_fee, fee))
            changed._ensure_fee_not_offered()
        result = super().write(vals)
        changed._write_fee_lines()
        return result

    def _ensure_fee_not_offered(self):
        for ticket in self:
            order_sudo = ticket.sale_order_id.sudo()  # agents may have no right on sale orders
            if order_sudo.state in ("sent", "sale"):
                raise UserError(
                    self.env._(
                        "%(call)s: the inspection fee was offered to the customer with quotation %(quotation)s. To "
                        "change it, cancel the quotation, enter the new fee and make a new quotation.",
                        call=ticket.name,
                        quotation=order_sudo.name,
                    )
                )

    def _write_fee_lines(self):
        for ticket in self:
            order_sudo = ticket.sale_order_id.sudo()  # agents may have no right on sale orders
            if order_sudo.state == "draft":
                old = order_sudo.order_line.filtered("is_after_sales_fee")
                new = ticket._prepare_fee_lines()
                order_sudo.order_line = [Command.delete(line.id) for line in old] + [
                    Command.create(line) for line in new
                ]

    def _get_refusal_fee(self):
        """What refusing the quotation would cost the customer now, zero when it costs nothing."""
        self.ensure_one()
        return 0.0 if self.inspection_charge_id else self.inspection_fee

    def _get_charged_fee(self):
        """What his refusal did cost the customer, zero when it was remitted."""
        self.ensure_one()
        charge = self.inspection_charge_id
        return charge.amount_customer if charge and charge.state != "cancelled" else 0.0

    # Refused

    def _after_quotation_cancelled(self):
        result = super()._after_quotation_cancelled()
        reason = self.env.context.get("after_sales_refusal")
        if reason:
            self._after_quotation_refused(reason)
        return result

    def _after_quotation_refused(self, reason):
        """The customer said no: the agreed fee is charged, his goods go back, and the call ends (HD-11)."""
        self.write({"quotation_refusal": reason})
        for ticket in self:
            ticket._charge_inspection_fee()
            waiting = ticket.return_ids.line_ids.filtered(lambda line: line.state == "accepted")
            waiting.action_back_as_is()
        self._end_refused()

    def _end_refused(self):
        """A refused call ends when nothing of the customer is with us any more."""
        for ticket in self.filtered(lambda t: t.quotation_refusal and t.state == "checked"):
            visits = ticket.intervention_ids.filtered(
                lambda visit: visit.state != "cancelled" and not (visit.is_remote and visit.state == "done")
            )
            goods = ticket.return_ids.filtered(
                lambda record: record.state not in ("draft", "closed", "cancelled")
            )
            loans = ticket.loan_ids.filtered(lambda loan: loan.state == "out")
            # sudo: the customer refuses on his own page; what waits for a decision waits for an agent
            if not (visits or goods or loans or ticket.sudo()._get_charges_to_check()):
                # The reason stands in the customer's mail.
                words = ticket.with_context(lang=ticket.partner_id.lang or self.env.lang).env
                ticket.cancel_reason = words._("Quotation refused: %s", ticket.quotation_refusal)
                ticket._move_to("cancelled")

    def _charge_inspection_fee(self):
        """Charge the agreed fee once, whatever is refused again later."""
        self.ensure_one()
        if self.inspection_charge_id or self.currency_id.is_zero(self.inspection_fee):
            return
        charge_sudo = self.env["after.sales.charge"].sudo()  # the customer refuses on his own page
        vals = self._prepare_inspection_fee_vals()
        charge_sudo._set_taxes([vals])
        self.inspection_charge_id = charge_sudo.create(vals)
        self.inspection_charge_id._confirm()

    def _prepare_inspection_fee_vals(self):
        self.ensure_one()
        tariff = self.env["after.sales.tariff"]._get_for(
            contract=self.contract_id,
            partner=self.partner_id,
            company=self.company_id,
            date=fields.Date.context_today(self),
            site=self.site_id,
            regime=self.regime_id,
        )
        line = tariff._get_line("call_out")
        partner = self.contract_id.invoice_partner_id or self.partner_id
        localised = self.with_context(lang=partner.lang)
        return {
            "name": localised.env._("Inspection fee, quotation %s refused", self.sale_order_id.name),
            "kind": "call_out",
            "company_id": self.company_id.id,
            "partner_id": partner.address_get(["invoice"])["invoice"],
            "ticket_id": self.id,
            "unit_id": self.unit_id.id,
            "fault_id": self.fault_id.id,
            "currency_id": self.currency_id.id,
            "product_id": line.product_id.id,
            "uom_id": line.uom_id.id,
            "real_quantity": 1.0,
            "quantity": 1.0,
            "list_price": self.inspection_fee,
            "price_unit": self.inspection_fee,
            "tariff_line_id": line.id,
        }

    # Accepted

    def _get_agreed_amount(self):
        """What the customer accepted, before taxes, with the tolerance of the regime; None without acceptance."""
        self.ensure_one()
        order_sudo = self.sale_order_id.sudo()  # agents may have no right on sale orders
        if order_sudo.state != "sale":
            return None
        return order_sudo.amount_untaxed * (1 + self.regime_id.quotation_tolerance / 100)

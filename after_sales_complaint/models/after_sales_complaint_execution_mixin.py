from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class AfterSalesComplaintExecutionMixin(models.AbstractModel):
    """How each kind of remedy becomes a document: `_check_<execution>` says what is missing before a decision is
    taken, `_execute_<execution>` makes the document and returns the values that point at it."""

    _name = "after.sales.complaint.execution.mixin"
    _description = "Execution of Complaint Remedies"

    def _check_ready(self):
        self.ensure_one()
        check = getattr(self, f"_check_{self.execution}", None)
        if check:
            check()

    def _execute_manual(self):
        return {}

    # ------------------------------------------------------------
    # Credit note
    # ------------------------------------------------------------

    def _check_credit_note(self):
        currency = self.currency_id
        # Whether an invoice can still be credited is told to people who may not open it.
        invoice_sudo = self.sudo().invoice_id
        if not invoice_sudo:
            raise UserError(self.env._("Say which invoice “%s” credits.", self.remedy_id.name))
        if invoice_sudo.state != "posted":
            raise UserError(
                self.env._("Invoice %s is not posted: change it instead.", invoice_sudo.display_name)
            )
        if currency.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Say how much “%s” is worth.", self.remedy_id.name))
        same = self.decision_id.sudo().measure_ids.filtered(
            lambda m: m.execution == "credit_note" and m.state == "planned" and m.invoice_id == invoice_sudo
        )
        left = self._get_creditable_amount(invoice_sudo)
        if currency.compare_amounts(sum(same.mapped("amount")), left) > 0:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s can be credited by %(amount)s at most.",
                    invoice=invoice_sudo.name,
                    amount=currency.format(left),
                )
            )

    @api.model
    def _get_creditable_amount(self, invoice):
        """What is left of an invoice after the credit notes made for it, drafts included."""
        refunds = invoice.reversal_move_ids.filtered(
            lambda m: m.move_type == "out_refund" and m.state != "cancel"
        )
        return invoice.amount_total - sum(refunds.mapped("amount_total"))

    def _execute_credit_note(self):
        """Odoo's own reversal, for the amount granted; the agent needs no accounting right for what was decided."""
        invoice_sudo = self.sudo().invoice_id.with_company(self.company_id)
        invoice_sudo.lock_for_update()
        reversal_sudo = (
            self.env["account.move.reversal"]
            .sudo()
            .with_company(self.company_id)
            .with_context(active_model="account.move", active_ids=invoice_sudo.ids)
            .create(
                {
                    # The day of whoever books it, not of the desk: a later one would wait to be posted.
                    "date": fields.Date.context_today(self),
                    "reason": self._get_document_reason(invoice_sudo.partner_id),
                    "journal_id": invoice_sudo.journal_id.id,
                    "after_sales_measure_id": self.id,
                }
            )
        )
        reversal_sudo.refund_moves()
        refund_sudo = reversal_sudo.new_move_ids
        if self.currency_id.compare_amounts(refund_sudo.amount_total, self.amount):
            raise UserError(
                self.env._(
                    "The credit note comes to %(total)s instead of %(amount)s. Credit invoice %(invoice)s by hand.",
                    total=self.currency_id.format(refund_sudo.amount_total),
                    amount=self.currency_id.format(self.amount),
                    invoice=invoice_sudo.name,
                )
            )
        if self.remedy_id.post_credit_note:
            refund_sudo.action_post()
        return {"refund_id": refund_sudo.id}

    def _prepare_refund_line_commands(self):
        """Lines of the credit note: the granted amount, spread over the taxes and accounts of what was invoiced.

        They are not tied to the order's lines: a reduction makes nothing invoiceable again.
        """
        self.ensure_one()
        invoice = self.invoice_id
        tax_model = self.env["account.tax"]
        lines = invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        complained = lines.filtered(lambda line: self.complaint_id.sale_line_id in line.sale_line_ids)
        if complained and sum(complained.mapped("price_total")) >= self.amount:
            lines = complained
        base_lines = [invoice._prepare_product_base_line_for_taxes_computation(line) for line in lines]
        tax_model._add_tax_details_in_base_lines(base_lines, invoice.company_id)
        tax_model._round_base_lines_tax_details(base_lines, invoice.company_id)
        reduced = tax_model._prepare_down_payment_lines(
            base_lines=base_lines,
            company=invoice.company_id,
            amount_type="fixed",
            amount=self.amount,
            computation_key=f"after_sales_complaint,{self.id}",
            grouping_function=lambda base_line: {
                "account_id": base_line["account_id"],
                "product_id": self.env["product.product"],
            },
        )
        name = self._get_document_reason(invoice.partner_id)
        return [
            Command.create(
                {
                    "name": name,
                    "display_type": "product",
                    "account_id": base_line["account_id"].id,
                    "quantity": base_line["quantity"],
                    "price_unit": base_line["price_unit"],
                    "tax_ids": [Command.set(base_line["tax_ids"].ids)],
                    "analytic_distribution": base_line["analytic_distribution"],
                    "extra_tax_data": tax_model._export_base_line_extra_tax_data(base_line),
                }
            )
            for base_line in reduced
        ]

    def _get_document_reason(self, partner):
        env = self.with_context(lang=partner.lang or self.env.lang).env
        remedy = self.remedy_id.with_env(env)
        return env._(
            "%(remedy)s, complaint %(complaint)s", remedy=remedy.name, complaint=self.complaint_id.name
        )

    # ------------------------------------------------------------
    # Call
    # ------------------------------------------------------------

    def _execute_ticket(self):
        """A call whose work the customer does not pay: what neither warranty nor contract covers is goodwill."""
        ticket = self.env["after.sales.ticket"].create(self._prepare_ticket_vals())
        ticket._check_coverage()
        # The decision in force, within the limits of who took it, is the right to override.
        ticket.sudo().coverage_ids.filtered("customer_share").write(
            {
                "override_payer": "goodwill",
                "override_share": 0.0,
                "override_reason": self._get_document_reason(self.complaint_id.partner_id),
                "override_user_id": self.decision_id.approved_by_id.id,
                "override_date": fields.Datetime.now(),
            }
        )
        return {"ticket_id": ticket.id}

    def _prepare_ticket_vals(self):
        complaint = self.complaint_id
        return {
            "subject": self.env._(
                "Complaint %(name)s: %(subject)s", name=complaint.name, subject=complaint.subject
            ),
            "description": complaint.findings or complaint.description,
            "channel": "internal",
            "company_id": complaint.company_id.id,
            "partner_id": complaint.partner_id.id,
            "unit_id": complaint.unit_id.id,
            "contract_id": complaint.contract_id.id,
            "service_id": self.remedy_id.service_id.id,
            "parent_id": complaint.ticket_id.id,
            "priority": complaint.priority,
        }

    # ------------------------------------------------------------
    # Voucher
    # ------------------------------------------------------------

    def _check_voucher(self):
        program_sudo = self.remedy_id.sudo().program_id
        if not program_sudo or (program_sudo.company_id and program_sudo.company_id != self.company_id):
            raise UserError(
                self.env._(
                    "The remedy “%(remedy)s” has no voucher program of %(company)s.",
                    remedy=self.remedy_id.name,
                    company=self.company_id.name,
                )
            )
        if not self.complaint_id.partner_id:
            raise UserError(self.env._("A voucher needs a customer: %s has none.", self.complaint_id.name))
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Say how much “%s” is worth.", self.remedy_id.name))

    def _execute_voucher(self):
        """Odoo's own voucher: one point is one unit of the program's currency."""
        complaint = self.complaint_id
        program_sudo = self.remedy_id.sudo().program_id
        today = complaint._today()
        days = self.remedy_id.validity_days
        wizard_sudo = (
            self.env["loyalty.generate.wizard"]
            .sudo()
            .create(
                {
                    "program_id": program_sudo.id,
                    "mode": "selected",
                    "customer_ids": [Command.set(complaint.partner_id.ids)],
                    "points_granted": self.currency_id._convert(
                        self.amount, program_sudo.currency_id, self.company_id, today
                    ),
                    "valid_until": fields.Date.add(today, days=days) if days else False,
                    "description": self._get_document_reason(complaint.partner_id),
                }
            )
        )
        return {"card_id": wizard_sudo.generate_coupons().id}

    # ------------------------------------------------------------
    # Free order
    # ------------------------------------------------------------

    def _check_order(self):
        if not self.product_id or not self.complaint_id.partner_id:
            raise UserError(
                self.env._(
                    "“%s” needs the product to deliver and the customer to deliver to.", self.remedy_id.name
                )
            )

    def _execute_order(self):
        """A quotation at 100 % discount that sales confirm; the delivery is Odoo's."""
        order_sudo = (
            self.env["sale.order"].sudo().with_company(self.company_id).create(self._prepare_order_vals())
        )
        return {"order_id": order_sudo.id}

    def _prepare_order_vals(self):
        complaint = self.complaint_id
        return {
            "partner_id": complaint.partner_id.id,
            "company_id": complaint.company_id.id,
            "origin": complaint.name,
            "user_id": self.env.uid,
            "order_line": [
                Command.create(
                    {"product_id": self.product_id.id, "product_uom_qty": self.quantity, "discount": 100.0}
                )
            ],
        }

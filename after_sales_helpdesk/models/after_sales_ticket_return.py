from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

WORKSHOP_CLASSES = ("part", "labour")
"""What a repair in the workshop costs: nobody travels, is called out or stays overnight."""


class AfterSalesTicket(models.Model):
    """Goods that came back on the call, and loaners that the customer has meanwhile."""

    _inherit = "after.sales.ticket"

    return_ids = fields.One2many("after.sales.return", "ticket_id", "Returns")
    loan_ids = fields.One2many("after.sales.loan", "ticket_id", "Loaners")
    return_count = fields.Integer("Number of Returns", compute="_compute_return_count")
    loaner_count = fields.Integer("Loaners Out", compute="_compute_return_count")
    awaits_goods = fields.Boolean(
        "Goods With Us",
        compute="_compute_awaits_goods",
        search="_search_awaits_goods",
        help="Goods of the customer are with us or on their way here: no visit is planned before they are dealt with.",
    )

    @api.depends("return_ids", "loan_ids.state")
    def _compute_return_count(self):
        for ticket in self:
            ticket.return_count = len(ticket.return_ids)
            ticket.loaner_count = len(ticket.loan_ids.filtered(lambda loan: loan.state == "out"))

    @api.depends("return_ids.state", "intervention_ids.collect_ids.state")
    def _compute_awaits_goods(self):
        waiting = self.search(self._get_awaits_goods_domain() & Domain("id", "in", self.ids))
        for ticket in self:
            ticket.awaits_goods = ticket._origin in waiting

    def _search_awaits_goods(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = self._get_awaits_goods_domain()
        return Domain.OR([waiting if wanted else ~waiting for wanted in value])

    @api.model
    def _get_awaits_goods_domain(self):
        """Whose goods, announced or taken along by a technician, are not dealt with, whoever may read returns.

        What a technician took along becomes a return when it arrives.
        """
        collected = Domain("collect_ids", "any!", Domain("state", "=", "in_transit"))
        returned = Domain("state", "not in", ("draft", "closed", "cancelled"))
        return Domain("return_ids", "any!", returned) | Domain("intervention_ids", "any!", collected)

    def _get_rows_of_work(self):
        """Rows of coverage for what the work brings: to goods that are sent to the workshop nobody travels."""
        tickets_sudo = self.sudo()  # a technician need not see every visit and return of the call
        sent_in = tickets_sudo.filtered(
            lambda t: t.return_ids.filtered(lambda r: r.state != "cancelled") and not t.intervention_ids
        )
        return self.coverage_ids.filtered(
            lambda row: row.cost_class in WORKSHOP_CLASSES or row.ticket_id not in sent_in
        )

    def action_return(self):
        """The returns of the call, or a new one with what the call knows."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_return_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {"default_ticket_id": self.id}
        if not self.return_ids:
            action["views"] = [(False, "form")]
            line = {"unit_id": self.unit_id.id, "note": self.subject}
            if self.product_id and not self.unit_id:
                line["product_id"] = self.product_id.id
            if self.product_id:
                action["context"]["default_line_ids"] = [(0, 0, line)]
        return action

    def action_view_loans(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("after_sales_helpdesk.after_sales_loan_action")
        context = {"default_ticket_id": self.id, "default_partner_id": self.partner_id.id}
        return action | {"domain": [("ticket_id", "=", self.id)], "context": context}

    def _check_done(self):
        """A call is not solved while goods of the customer are with us, or a loaner of ours with him (D75)."""
        result = super()._check_done()
        self._check_goods_home()
        return result

    def _check_cancelled(self):
        result = super()._check_cancelled()
        self._check_goods_home()
        return result

    def _check_goods_home(self):
        waiting = self.return_ids.filtered(
            lambda record: record.state not in ("draft", "closed", "cancelled")
        )
        if waiting:
            raise UserError(
                self.env._(
                    "%(call)s: the goods of %(returns)s are not finished.",
                    call=self.name,
                    returns=", ".join(waiting.mapped("name")),
                )
            )
        self._check_loaners_home()

    def _check_loaners_home(self):
        out = self.loan_ids.filtered(lambda loan: loan.state == "out")
        if out:
            raise UserError(
                self.env._(
                    "%(call)s: the customer still has a loaner, %(loans)s. Take it back, or decide with a reason that"
                    " it stays.",
                    call=self.name,
                    loans=", ".join(out.mapped("name")),
                )
            )

    def _ensure_settled(self):
        """A loaner may have gone out since the work was done; goods that a technician brought are the workshop's."""
        result = super()._ensure_settled()
        self._check_loaners_home()
        return result

    def _after_quotation_accepted(self):
        """What waited for the customer's answer goes to the workshop."""
        result = super()._after_quotation_accepted()
        waiting = self.return_ids.line_ids.filtered(
            lambda line: line.state == "accepted" and line.outcome == "repair"
        )
        waiting._start_repair_if_agreed()
        return result

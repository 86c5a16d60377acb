from odoo import api, fields, models
from odoo.fields import Domain

from .after_sales_intervention import ACCOUNTING


class AfterSalesSubcontract(models.Model):
    """What a subcontractor billed is what his work really cost."""

    _inherit = "after.sales.subcontract"

    bill_line_ids = fields.One2many(
        "account.move.line", "after_sales_subcontract_id", "Bill Lines", readonly=True, groups=ACCOUNTING
    )
    bill_count = fields.Integer(compute="_compute_bills", compute_sudo=True)
    amount_billed = fields.Monetary(
        compute="_compute_bills",
        compute_sudo=True,
        help="What he has billed, without taxes, less what he credited: posted bills only.",
    )

    is_bill_missing = fields.Boolean(
        "Bill Missing",
        compute="_compute_is_bill_missing",
        search="_search_is_bill_missing",
        compute_sudo=True,
        help="Approved, and no bill is posted, or he credited all that he billed.",
    )

    @api.depends(
        "bill_line_ids.balance", "bill_line_ids.amount_currency", "bill_line_ids.parent_state", "state"
    )
    def _compute_is_bill_missing(self):
        missing = self.search(Domain("id", "in", self.ids) & Domain("is_bill_missing", "=", True))
        for order in self:
            order.is_bill_missing = order._origin in missing

    def _search_is_bill_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        lines_sudo = self.env["account.move.line"].sudo()  # whether, not what: no right needed
        credited = lines_sudo._read_group(
            [("after_sales_subcontract_id", "!=", False), ("parent_state", "=", "posted")],
            ["after_sales_subcontract_id"],
            having=[
                ("balance:min", "<", 0.0),
                # in the company's currency a difference of rates is left of what is credited in full
                "|",
                "&",
                ("currency_id:count_distinct", "=", 1),
                ("amount_currency:sum", "<=", 0.0),
                "&",
                ("currency_id:count_distinct", ">", 1),
                ("balance:sum", "<=", 0.0),
            ],
        )
        missing = Domain("bill_line_ids", "not any!", [("parent_state", "=", "posted")])
        missing |= Domain("id", "in", [order.id for (order,) in credited])
        missing &= Domain("state", "=", "approved")
        domain = Domain.FALSE
        if True in value:
            domain |= missing
        if False in value:
            domain |= ~missing
        return domain

    @api.depends("bill_line_ids.balance", "bill_line_ids.parent_state")
    def _compute_bills(self):
        rows = self.env["account.move.line"]._read_group(
            [("after_sales_subcontract_id", "in", self.ids), ("parent_state", "!=", "cancel")],
            ["after_sales_subcontract_id", "parent_state"],
            ["balance:sum", "move_id:recordset"],
        )
        for order in self:
            own = [row for row in rows if row[0] == order._origin]
            order.bill_count = len({move for *__, moves in own for move in moves})
            order.amount_billed = sum(balance for __, state, balance, __ in own if state == "posted")

    def action_view_bills(self):
        self.ensure_one()
        bills = self.bill_line_ids.move_id
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_in_invoice_type")
        action.update({"domain": [("id", "in", bills.ids)], "context": {"create": False}})
        if len(bills) == 1:
            action.update({"views": [(False, "form")], "view_mode": "form", "res_id": bills.id})
        return action

    def _prepare_bill_line_vals(self, bill):
        """What the line of a bill says when this order is chosen on it: what was approved, or else agreed."""
        self.ensure_one()
        price = self.currency_id._convert(
            self.expense_id.amount or self.price,
            bill.currency_id or self.currency_id,
            self.company_id,
            bill.invoice_date or fields.Date.context_today(self),
        )
        return {"name": self.name, "price_unit": price}

    # ------------------------------------------------------------------
    # The real cost
    # ------------------------------------------------------------------

    def _apply_bills(self):
        """Bring the cost of the charges to what is billed; called whenever that changes, as superuser."""
        for order in self:
            order._get_own_charges()._set_billed_cost(order)
            order._warn_of_excess()

    def _get_own_charges(self):
        self.ensure_one()
        return self.env["after.sales.charge"].search(
            [
                ("source_model", "=", self.expense_id._name),
                ("source_id", "=", self.expense_id.id),
                ("state", "!=", "cancelled"),
            ]
        )

    def _get_known_cost(self):
        """What the work costs as far as it is known: what is billed and what is still to come; before, as approved."""
        self.ensure_one()
        if not self._get_posted_lines():
            return self.expense_id.amount
        return self.amount_billed + self._get_amount_to_bill()

    def _get_amount_to_bill(self):
        """Hook: what he will still bill. The first bill is taken for the last one, unless an order tells more."""
        return 0.0

    def _get_posted_lines(self):
        return self.bill_line_ids.filtered(lambda line: line.parent_state == "posted")

    def _warn_of_excess(self):
        """Who ordered the work hears of a bill above what was approved, once."""
        self.ensure_one()
        approved = self.expense_id.amount
        if self.currency_id.compare_amounts(self.amount_billed, approved) <= 0:
            return
        kind = self.env.ref("mail.mail_activity_data_warning")
        summary = self.env._("Billed more than approved")
        if self.activity_ids.filtered(lambda task: task.activity_type_id == kind and task.summary == summary):
            return
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=self.env._(
                "%(partner)s billed %(billed)s; approved are %(approved)s.",
                partner=self.partner_id.display_name,
                billed=self.currency_id.format(self.amount_billed),
                approved=self.currency_id.format(approved),
            ),
            user_id=(self.user_id or self.create_uid).id,
        )

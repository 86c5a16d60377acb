from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

NEAR = 3  # days before its last day in which an invoice is said to be urgent


class AfterSalesBillingRun(models.Model):
    """By when the law wants the invoice of what is due: an immediate one, or a deferred one that cites documents (L17)."""

    _inherit = "after.sales.billing.run"

    late_count = fields.Integer(
        "Late Charges", compute="_compute_invoice_by", help="Charges that should have been invoiced already."
    )
    near_count = fields.Integer(
        "Nearly Late Charges",
        compute="_compute_invoice_by",
        help="Charges whose invoice must be made in the next days.",
    )

    @api.depends("invoice_date", "line_ids.invoice_by", "line_ids.state")
    def _compute_invoice_by(self):
        for run in self:
            late, near = run._get_late_domain(), run._get_near_domain()
            lines = run.env["after.sales.billing.run.line"]
            run.late_count = lines.search_count(late) if run._origin else 0
            run.near_count = lines.search_count(near) if run._origin else 0

    def _get_invoice_day(self):
        """The day that the invoices of this run will bear."""
        return self.invoice_date or fields.Date.context_today(self)

    def _get_open_domain(self):
        return Domain("run_id", "in", self.ids) & Domain("state", "in", ("ready", "problem"))

    def _get_late_domain(self):
        return self._get_open_domain() & Domain("invoice_by", "<", self._get_invoice_day())

    def _get_near_domain(self):
        day = self._get_invoice_day()
        return (
            self._get_open_domain()
            & Domain("invoice_by", ">=", day)
            & Domain("invoice_by", "<=", fields.Date.add(day, days=NEAR))
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_late(self):
        return self._get_lines_action(self._get_late_domain())

    def action_view_near(self):
        return self._get_lines_action(self._get_near_domain())

    def _get_lines_action(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_billing_run_line_action"
        )
        action.update({"domain": list(domain), "context": {}})
        return action

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    def _preview(self):
        result = super()._preview()
        if self.company_id.country_id.code == "IT":
            self._set_invoice_days()
            self._set_document_days()
        return result

    def _set_invoice_days(self):
        """The last day of an immediate invoice, counted from the work. What we owe the customer has no such day."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE after_sales_billing_run_line line
                   SET invoice_by = charge.date + %(days)s
                  FROM after_sales_charge charge
                 WHERE charge.id = line.charge_id AND line.run_id = %(run)s
                   AND charge.kind != 'instalment' AND charge.amount_customer > 0
                """,
                run=self.id,
                days=self.company_id.after_sales_invoice_days,
            )
        )
        self.env["after.sales.billing.run.line"].invalidate_model(["invoice_by"], flush=False)

    def _set_document_days(self):
        """A deferred invoice is due by the 15th of the month after its transport document."""
        day = self._get_invoice_day()
        # sudo: an accountant bills without a right on returns
        returned_sudo = self.env["after.sales.ticket"].sudo()._search([("return_ids", "!=", False)])
        lines_of_returns = self.env["after.sales.billing.run.line"].search(
            self._get_open_domain() & Domain("charge_id", "any!", [("ticket_id", "in", returned_sudo)])
        )
        for lines in lines_of_returns.grouped("ticket_id").values():
            # what we fetched leaves later: only what was handed over makes the invoice a deferred one
            documents = lines.charge_id._get_ddts_to_cite().filtered(
                lambda document: document.picking_type_code == "outgoing"
            )
            if not documents:
                continue
            lines.filtered("invoice_by").invoice_by = min(map(self._get_ddt_deadline, documents))
            late = documents.filtered(lambda document: self._get_ddt_deadline(document) < day)
            if late:
                lines.filtered(lambda line: line.state == "ready").reason = self.env._(
                    "%(documents)s: the invoice was due by %(date)s.",
                    documents=", ".join(late._get_ddt_text()),
                    date=format_date(self.env, min(map(self._get_ddt_deadline, late))),
                )

    def _get_ddt_deadline(self, document):
        return fields.Date.add(document._get_ddt_date(), months=1, day=15)

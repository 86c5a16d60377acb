from odoo import fields, models
from odoo.tools import SQL


class AfterSalesBillingEffort(models.Model):
    """What a document of billing takes (BI-22): a row for each invoice that a finished run made or could not make.

    Ratios are never averaged: shares and means of any group of rows are those of its documents.
    """

    _name = "after.sales.billing.effort"
    _description = "Effort of Billing"
    _auto = False
    _order = "date_done desc, id desc"
    _rec_name = "run_id"

    run_id = fields.Many2one("after.sales.billing.run", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    date_done = fields.Datetime("Billed On", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    document_count = fields.Integer("Documents", readonly=True)
    charge_count = fields.Integer("Charges", readonly=True)
    held_up = fields.Integer(readonly=True, help="Something in it could not be billed.")
    by_hand = fields.Integer(
        "Needed a Hand",
        readonly=True,
        help="Held up, not posted as the run should have, changed in its amounts, deleted, cancelled or credited.",
    )
    hand_rate = fields.Float("Needed a Hand (%)", readonly=True, aggregator="avg")
    minutes = fields.Float(
        readonly=True, help="Its share of the time from the opening of its run to the last invoice."
    )
    days_to_invoice = fields.Float(
        "Days to Invoice",
        readonly=True,
        aggregator="avg",
        help="From the last day of work on it to the date of the posted invoice. Instalments are left out.",
    )

    _depends = {
        "account.move": ["invoice_date", "reversed_entry_id", "state"],
        "after.sales.billing.entry": ["active", "amount", "kind", "move_id", "side"],
        "after.sales.billing.run": [
            "company_id",
            "date_done",
            "date_opened",
            "post_invoices",
            "state",
            "user_id",
        ],
        "after.sales.billing.run.line": [
            "charge_id",
            "group_number",
            "kind",
            "move_id",
            "partner_id",
            "run_id",
            "state",
        ],
        "after.sales.charge": ["amount_customer", "date"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """SELECT document.id, document.run_id, run.company_id, run.user_id, run.date_done, document.partner_id,
                      move.id AS move_id, document.is_made::int AS document_count, document.charge_count,
                      document.is_held_up::int AS held_up, hand.needed::int AS by_hand,
                      100.0 * hand.needed::int AS hand_rate,
                      EXTRACT(EPOCH FROM run.date_done - run.date_opened) / 60
                      / COUNT(*) OVER (PARTITION BY document.run_id) AS minutes,
                      CASE WHEN move.state = 'posted' THEN move.invoice_date - document.last_work END AS days_to_invoice
                 FROM (%(documents)s) document
                 JOIN after_sales_billing_run run ON run.id = document.run_id AND run.state = 'done'
            LEFT JOIN account_move move ON move.id = document.move_id
           CROSS JOIN LATERAL (SELECT %(needed_a_hand)s AS needed) hand""",
            documents=self._sql_documents(),
            needed_a_hand=self._sql_needed_a_hand(),
        )

    def _sql_documents(self) -> SQL:
        """The lines of a number are a document; what nobody has checked has none and stands for itself."""
        return SQL(
            """SELECT MIN(line.id) AS id, line.run_id, MIN(line.partner_id) AS partner_id, MAX(line.move_id) AS move_id,
                      COUNT(*) AS charge_count,
                      BOOL_OR(line.state IN ('billed', 'freed')) AS is_made,
                      BOOL_OR(line.state = 'freed') AS is_undone,
                      BOOL_OR(line.state = 'problem') AS is_held_up,
                      MAX(charge.date) FILTER (WHERE line.kind != 'instalment') AS last_work
                 FROM after_sales_billing_run_line line
                 JOIN after_sales_charge charge ON charge.id = line.charge_id
                WHERE line.state IN ('billed', 'freed', 'problem')
             GROUP BY line.run_id, line.group_number, CASE WHEN line.group_number = 0 THEN line.id END"""
        )

    def _sql_needed_a_hand(self) -> SQL:
        return SQL(
            """document.is_held_up OR document.is_undone
               OR COALESCE(move.state = 'draft' AND run.post_invoices, FALSE)
               OR COALESCE(move.state = 'cancel', FALSE)
               OR EXISTS (SELECT 1 FROM account_move reversal WHERE reversal.reversed_entry_id = move.id)
               OR EXISTS (
                      SELECT 1
                        FROM after_sales_billing_entry entry
                        JOIN after_sales_charge charge ON charge.id = entry.charge_id
                       WHERE entry.move_id = move.id AND entry.side = 'customer' AND entry.kind = 'bill'
                             AND entry.active AND entry.amount != charge.amount_customer)"""
        )

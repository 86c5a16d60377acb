from odoo import api, fields, models

from .after_sales_pool import BOUGHT_KINDS


class AfterSalesPool(models.Model):
    """The statements of a pool."""

    _inherit = "after.sales.pool"

    statement_ids = fields.One2many("after.sales.pool.statement", "pool_id", "Statements")
    send_statements = fields.Boolean(
        default=True, help="The customer gets a statement by e-mail after every month."
    )
    stated_on = fields.Date(
        "Stated until",
        compute="_compute_stated_on",
        store=True,
        index=True,
        help="Last day of the last statement.",
    )

    @api.depends("statement_ids.date_to")
    def _compute_stated_on(self):
        for pool in self:
            pool.stated_on = max(pool.statement_ids.mapped("date_to"), default=False)

    def _make_statements(self, day):
        """Statements up to a day: everything that no earlier statement has."""
        day_of = {pool: pool._get_statement_day(day) for pool in self}
        entries = self.env["after.sales.pool.entry"].search(
            [("pool_id", "in", self.ids), ("date", "<=", day), ("kind", "!=", "reserve")]
        )
        of_pool = {
            pool: rows.filtered(lambda entry, last=day_of[pool]: entry.date <= last)
            for pool, rows in entries.grouped("pool_id").items()
        }
        statements = self.env["after.sales.pool.statement"].create(
            [pool._prepare_statement_vals(day_of[pool], of_pool.get(pool, entries.browse())) for pool in self]
        )
        for statement in statements:
            mine = of_pool.get(statement.pool_id, entries.browse())
            mine.filtered(lambda entry: not entry.statement_id).statement_id = statement
        return statements

    def _get_statement_day(self, day):
        """The last statement of a closed pool ends with the pool: on its last day or, when that is stated already, on the
        day on which it was closed. Only what is booked even later has a later one."""
        self.ensure_one()
        if not self.closed_on:
            return day
        ends = [last for last in (self._get_last_day(), self.closed_on) if last and last <= day]
        return next((last for last in ends if not self.stated_on or last > self.stated_on), day)

    def _prepare_statement_vals(self, day, entries):
        """Values of the statement of a pool until a day, from all its entries until then."""
        self.ensure_one()

        def total(*kinds):
            return sum(entries.filtered(lambda entry: entry.kind in kinds).mapped("quantity"))

        new = entries.filtered(lambda entry: not entry.statement_id)
        opening = self.statement_ids.sorted("date_to")[-1:].balance
        balance = sum(entries.mapped("quantity"))
        passed_on = -sum(
            entry.quantity for entry in entries if entry.kind == "rollover" and entry.quantity < 0
        )
        return {
            "pool_id": self.id,
            "date_from": fields.Date.add(self.stated_on, days=1)
            if self.stated_on
            else min(self.date_from, day),
            "date_to": day,
            "opening": opening,
            "bought": total(*BOUGHT_KINDS) + passed_on,
            "used": -total("consume", "overage"),
            "overage": total("overage"),
            "expired": -total("expire"),
            "passed_on": passed_on,
            "balance": balance,
            "correction": balance - opening - sum(new.mapped("quantity")),
        }

    def _get_rows(self):
        """Everything that was booked, oldest first, for people to read; reserved hours are still there."""
        self.ensure_one()
        booked = self.entry_ids.filtered(lambda entry: entry.kind != "reserve")
        return booked.sorted(lambda entry: (entry.date, entry.id))

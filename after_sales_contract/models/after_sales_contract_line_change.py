from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, formatLang

from odoo.addons.after_sales_warranty.tools.durations import duration_text

from ..tools import periods, plan


class AfterSalesContractLine(models.Model):
    """Prices that change on a day known in advance, and how a price is made, in words."""

    _inherit = "after.sales.contract.line"

    explanation = fields.Text("How It Is Computed", compute="_compute_explanation")

    # === PLANNED CHANGES ===#

    def _change_price(self, day, price_unit):
        """D10: another unit price from a day on. The old price ends the day before, so both stay to be read.

        :raises UserError: when the day is not within the line, or a period from that day on is billed
        """
        self.ensure_one()
        self._ensure_changeable(day)
        term = self._get_term()
        if day == term.start:
            self.price_unit = price_unit
            return self
        following = self.copy({"date_from": day, "price_unit": price_unit, "previous_line_id": self.id})
        self.date_to = periods.add(day, -1, "day")
        return following

    def _is_in_force(self, day):
        """Whether the price of a day can be changed: it is one of days, and holds on it."""
        self.ensure_one()
        term = self._get_term()
        return bool(self.price_basis != "once" and day and term and term.start <= day <= term.stop)

    def _ensure_changeable(self, day):
        self.ensure_one()
        if not self._is_in_force(day):
            raise UserError(
                self.env._(
                    "%(line)s is not in force on %(day)s.",
                    line=self.display_name,
                    day=format_date(self.env, day),
                )
            )
        billed = self.instalment_ids.filtered(
            lambda row: row.is_billed and row.state == "planned" and row.date_to >= day
        )
        if billed:
            last = max(billed.mapped("date_to"))
            raise UserError(
                self.env._(
                    "%(line)s is billed until %(last)s. Change its price from a later day, or credit the invoices of "
                    "that time first.",
                    line=self.display_name,
                    last=format_date(self.env, last),
                )
            )

    def action_withdraw_change(self):
        """Take back a planned change of price: the price before it goes on.

        :raises UserError: when something is billed at the new price, or the line is no change
        """
        for line in self:
            before = line.previous_line_id
            if not before:
                raise UserError(self.env._("%(line)s follows no other price.", line=line.display_name))
            contract, stop = line.contract_id, line.date_to
            line._get_successors().previous_line_id = before
            line.unlink()
            before.date_to = stop
            if contract.state in ("proposed", "running", "notice"):
                contract._sync_plan()

    def _get_successors(self):
        return self.search([("previous_line_id", "in", self.ids)])

    # === IN WORDS ===#

    def action_explain(self):
        """Show how the price is made, step by step."""
        self.ensure_one()
        view = self.env.ref("after_sales_contract.after_sales_contract_line_view_form")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How This Price Is Computed"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    @api.depends(
        "price_subtotal",
        "price_unit",
        "discount",
        "price_basis",
        "pricing",
        "agreed_difference",
        "instalment_ids.state",
        "instalment_ids.amount",
    )
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = "\n".join(line._get_explanation()) if line._get_term() else False

    def _get_times(self, stretch):
        """How often the unit price is due in some days; None where another sum was agreed for them."""
        self.ensure_one()
        if self.is_prepaid and self.prepaid_amount:
            return None
        contract = self.contract_id
        agreed = plan.Stretch(contract.date_start, contract.date_end)
        one = plan.Stretch(stretch.start, stretch.stop)
        return plan.price(Decimal(1), self.price_basis, agreed, [one], contract._get_schedule())

    def _get_explanation(self):
        """The price of the line step by step: unit price, days and quantities, sum."""
        self.ensure_one()
        basis = dict(self._fields["price_basis"]._description_selection(self.env))[self.price_basis]

        def money(amount):
            return format_amount(self.env, float(amount), self.currency_id)

        if self.discount:
            yield self.env._(
                "%(price)s less %(discount)g percent: %(net)s (%(basis)s)",
                price=money(self.price_unit),
                discount=self.discount,
                net=money(self._get_unit_price()),
                basis=basis,
            )
        else:
            yield self.env._("%(price)s (%(basis)s)", price=money(self.price_unit), basis=basis)
        stretches = self._get_stretches()
        weights = [Fraction(self._get_price_of([row])) for row in stretches]
        rounding = self.contract_id._get_schedule().rounding
        # The parts sum to the price to the cent, as instalments do.
        amounts = periods.share_out(self._get_price_of(stretches), weights, rounding)
        times = [self._get_times(row) for row in stretches]
        for row, often, amount in zip(stretches, times, amounts, strict=True):
            words = {
                "start": format_date(self.env, row.start),
                "stop": format_date(self.env, row.stop),
                "days": duration_text(row.days, "day", self.env.lang),
                "quantity": float(row.quantity),
                "price": money(self._get_unit_price()),
                "times": often and formatLang(self.env, float(often), digits=6 if often % 1 else 0),
                "amount": money(amount),
            }
            if often is None:
                yield self.env._("%(start)s - %(stop)s: %(quantity)g × %(days)s = %(amount)s", **words)
            else:
                yield self.env._(
                    "%(start)s - %(stop)s (%(days)s): %(quantity)g × %(price)s × %(times)s = %(amount)s",
                    **words,
                )
        if any(often and often % 1 for often in times):
            yield self.env._(
                "The last factor is how often the price is due in these days: whole billing periods count alike, a part of "
                "one by its days."
            )
        if self.agreed_difference:
            yield self.env._("Agreed difference: %(amount)s", amount=money(self.agreed_difference))
        yield self.env._("Price: %(amount)s", amount=money(self.price_subtotal))
        days, amount = self._get_paused_billed()
        if amount and self._get_open_instalments():
            yield self.env._(
                "%(days)s paused days worth %(amount)s were billed: they lower the instalments to come.",
                days=days,
                amount=money(amount),
            )

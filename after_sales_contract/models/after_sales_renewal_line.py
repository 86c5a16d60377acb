from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import adjust, plan

#: What a person may still change, and only while the run is in preparation.
APPROVED_FIELDS = {
    "renewal_id",
    "contract_id",
    "adjustment_id",
    "price_ids",
    "new_value",
    "date_start",
    "date_end",
    "index_month",
    "is_manual",
}


class AfterSalesRenewalLine(models.Model):
    """One contract of a renewal run: what its next term costs at present prices and at the new ones, and why."""

    _name = "after.sales.renewal.line"
    _description = "Contract of a Renewal Run"
    _order = "renewal_id desc, id"
    _rec_name = "contract_id"
    _check_company_auto = True

    renewal_id = fields.Many2one(
        "after.sales.renewal",
        "Renewal Run",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    run_state = fields.Selection(related="renewal_id.state", string="Run")
    company_id = fields.Many2one(related="renewal_id.company_id", store=True, index=True)
    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    adjustment_id = fields.Many2one("after.sales.adjustment", check_company=True, readonly=True)
    date_start = fields.Date("From", readonly=True)
    date_end = fields.Date("To", readonly=True)
    index_month = fields.Date(readonly=True, help="Month of the index on which the new prices rest.")
    is_tacit = fields.Boolean(related="contract_id.tacit_renewal", string="Tacit")
    price_ids = fields.One2many("after.sales.renewal.price", "line_id", "Prices")
    old_value = fields.Monetary(
        "Present Value",
        compute="_compute_values",
        store=True,
        help="The next term at the prices of this one.",
    )
    new_value = fields.Monetary(
        compute="_compute_values", inverse="_inverse_new_value", store=True, readonly=False
    )
    difference = fields.Monetary(compute="_compute_difference", store=True)
    percent = fields.Float(
        "Change (%)", compute="_compute_difference", store=True, aggregator=None, digits=(16, 2)
    )
    is_manual = fields.Boolean("Changed by Hand", readonly=True)
    state = fields.Selection(
        [
            ("ready", "To Renew"),
            ("left_out", "Left Out"),
            ("done", "Renewed"),
            ("failed", "Failed"),
            ("called_off", "Renewal Called Off"),
        ],
        default="ready",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)
    successor_id = fields.Many2one(
        "after.sales.contract", "New Contract", readonly=True, index="btree_not_null", check_company=True
    )

    _contract_uniq = models.UniqueIndex("(renewal_id, contract_id)", "The contract is in this run already.")

    @api.depends("price_ids.old_value", "price_ids.new_value")
    def _compute_values(self):
        for row in self:
            row.old_value = sum(row.price_ids.mapped("old_value"))
            row.new_value = sum(row.price_ids.mapped("new_value"))

    @api.depends("old_value", "new_value")
    def _compute_difference(self):
        for row in self:
            row.difference = row.new_value - row.old_value
            row.percent = 100.0 * row.difference / row.old_value if row.old_value else 0.0

    def _inverse_new_value(self):
        """A value by hand is shared by the prices in their proportion; a form where a price was typed sends their sum."""
        self.renewal_id._ensure_draft()
        step = self.env["after.sales.adjustment"]._get_price_step()
        reason = self.renewal_id._in_words_of_company().env._("Set by hand by %s", self.env.user.name)
        for row in self.filtered(lambda row: not row._is_sum_of_prices()):
            prices = row.price_ids.filtered(lambda price: not price.contract_line_id.is_price_fixed)
            fixed = sum((row.price_ids - prices).mapped("new_value"))
            if row.new_value - fixed < 0 or not prices:
                raise UserError(
                    self.env._(
                        "%(contract)s: its fixed prices alone are %(fixed)s, the new value cannot be less.",
                        contract=row.contract_id.name,
                        fixed=row.currency_id.format(fixed),
                    )
                )
            priced = [adjust.Priced(price._as_decimal(), Fraction(price.units)) for price in prices]
            total = Fraction(str(row.new_value)) - Fraction(str(fixed))
            for price, value in zip(prices, adjust.spread(priced, total, step), strict=True):
                price.write({"new_price": float(value), "reason": reason})

    def _is_sum_of_prices(self):
        self.ensure_one()
        return not self.currency_id.compare_amounts(self.new_value, sum(self.price_ids.mapped("new_value")))

    @api.depends("contract_id", "renewal_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.renewal_id.name} · {row.contract_id.name}"

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.renewal_id._ensure_draft()
        return rows

    def write(self, vals):
        if APPROVED_FIELDS & vals.keys():
            self.renewal_id._ensure_draft()
        if {"state", "successor_id"} & vals.keys() and not self.env.su:
            self.renewal_id._ensure_draft()
        result = super().write(vals)
        if "new_value" in vals:
            # What was typed became prices: the row is worth what these are.
            self.env.add_to_compute(self._fields["new_value"], self)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.renewal_id.filtered(lambda run: run.state != "cancelled")._ensure_draft()

    # === ACTIONS ===#

    def action_leave_out(self):
        self.renewal_id._ensure_draft()
        words = self.renewal_id._in_words_of_company().env
        self.write(
            {
                "state": "left_out",
                "reason": words._("Left out by %s", self.env.user.name),
                "is_manual": True,
            }
        )

    def action_take_in(self):
        """Take a row in again that a person left out; prices are worked out anew."""
        self.renewal_id._ensure_draft()
        for run, rows in self.grouped("renewal_id").items():
            contracts = rows.contract_id
            rows.unlink()
            run._add_contracts(contracts)

    def action_open_contract(self):
        self.ensure_one()
        contract = self.successor_id or self.contract_id
        return {
            "type": "ir.actions.act_window",
            "res_model": contract._name,
            "res_id": contract.id,
            "view_mode": "form",
        }

    # === BUSINESS ===#

    def _renew(self):
        """Make the next terms, all in one create. What changed since the preview is left out with its reason."""
        contracts_sudo = self.contract_id.sudo()  # sudo: approved by a manager, done by him or by the job
        contracts_sudo.lock_for_update(allow_referencing=True)
        contracts_sudo.invalidate_recordset(["state", "successor_id", "date_closed"])
        rows_sudo = self.sudo()
        ready = rows_sudo.browse()
        words = self.renewal_id._in_words_of_company().env
        for row in rows_sudo:
            if change := row.with_context(lang=words.lang)._get_change():
                row.write({"state": "left_out", "reason": change})
            else:
                ready |= row
        prices = {price.contract_line_id.id: price.new_price for price in ready.price_ids}
        months = {row.contract_id.id: row.index_month for row in ready if row.index_month}
        successors = ready.contract_id._renew(prices, months)
        by_contract = {successor.predecessor_id: successor for successor in successors}
        ready.state = "done"
        for row in ready:
            row.successor_id = by_contract[row.contract_id]

    def _get_change(self):
        """Why the row is not what was approved any more, in words; False when it is."""
        self.ensure_one()
        contract = self.contract_id
        if obstacle := contract._get_renewal_obstacle():
            return obstacle
        term = contract._get_next_term()
        step = self.env["after.sales.adjustment"]._get_price_step()
        same = {price.contract_line_id: price._as_decimal() for price in self.price_ids}
        now = {line: line._get_renewal_price(term) for line in contract._get_renewed_lines()}
        moved = term != plan.Stretch(self.date_start, self.date_end)
        if moved or same.keys() != now.keys() or any(abs(same[line] - now[line]) >= step for line in now):
            return self.env._(
                "%(contract)s changed after the preview: its prices or dates are others. Take it into a new run.",
                contract=contract.name,
            )
        return False

    def _call_off(self):
        """The next term does not take place: it was refused, not answered, or stopped by notice."""
        rows_sudo = self.sudo()  # sudo: it follows from the contract, whoever or whatever ended that
        rows_sudo.filtered(lambda row: row.state == "done").state = "called_off"

    def _fail(self, error):
        """Keep the reason on the row and give the responsible person an activity on the contract."""
        for row in self.sudo():  # sudo: the run goes on for whoever started it
            reason = str(error) or type(error).__name__
            row.write({"state": "failed", "reason": reason})
            words = row.contract_id._in_words_of_responsible().env
            row.contract_id._report_trouble(words._("The contract could not be renewed"), reason)

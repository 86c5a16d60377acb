from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: Rows that are renewed, or will be.
INCLUDED_STATES = ("ready", "done")
MANAGER = "after_sales_warranty.group_after_sales_manager"


class AfterSalesRenewal(models.Model):
    """A renewal run: the next terms of many contracts with their new prices, looked at, approved, then made."""

    _name = "after.sales.renewal"
    _description = "Renewal Run"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("cancelled", "Called Off"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, index=True, tracking=True
    )
    is_automatic = fields.Boolean("Opened by the Daily Job", readonly=True, copy=False)

    # === Which contracts ===#
    date_from = fields.Date("Ending from")
    date_to = fields.Date("Ending until")
    renewal_kind = fields.Selection(
        [("all", "All"), ("tacit", "Tacit renewal"), ("explicit", "With the customer's acceptance")],
        "Take in",
        default="all",
        required=True,
    )
    template_ids = fields.Many2many("after.sales.contract.template", check_company=True)
    partner_ids = fields.Many2many("res.partner", string="Customers", check_company=True)
    adjustment_id = fields.Many2one(
        "after.sales.adjustment", check_company=True, help="Empty: each contract's own adjustment."
    )

    # === Rows ===#
    contract_ids = fields.Many2many(
        "after.sales.contract",
        string="Chosen Contracts",
        compute="_compute_contract_ids",
        inverse="_inverse_contract_ids",
        check_company=True,
        help="Each gets a row, with its new prices, when the run is saved.",
    )
    line_ids = fields.One2many("after.sales.renewal.line", "renewal_id", "Contracts", copy=False)
    ready_count = fields.Integer("To Renew", compute="_compute_counts")
    done_count = fields.Integer("Contracts Renewed", compute="_compute_counts")
    problem_count = fields.Integer("Contracts Left Out", compute="_compute_counts")
    totals = fields.Text(
        compute="_compute_counts",
        help="Of the contracts that are renewed; not of those left out, failed or called off.",
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_date = fields.Datetime("Approved On", readonly=True, copy=False)

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "The period ends after it begins.")

    @api.depends("line_ids.contract_id")
    def _compute_contract_ids(self):
        for run in self:
            run.contract_ids = run.line_ids.contract_id

    def _inverse_contract_ids(self):
        for run in self:
            chosen = run.contract_ids
            run.line_ids.filtered(lambda row, chosen=chosen: row.contract_id not in chosen).unlink()
            run._add_contracts(chosen - run.line_ids.contract_id)

    @api.depends_context("lang")
    def _compute_counts(self):
        counts, values = defaultdict(int), defaultdict(lambda: defaultdict(lambda: (0.0, 0.0)))
        for run, state, currency, count, old, new in self.env["after.sales.renewal.line"]._read_group(
            [("renewal_id", "in", self.ids)],
            ["renewal_id", "state", "currency_id"],
            ["__count", "old_value:sum", "new_value:sum"],
        ):
            counts[run.id, state] += count
            if state in INCLUDED_STATES:
                before = values[run.id][currency]
                values[run.id][currency] = (before[0] + old, before[1] + new)
        for run in self:
            run.totals = run._describe_totals(values[run.id])
            run.ready_count = counts.get((run.id, "ready"), 0)
            run.done_count = counts.get((run.id, "done"), 0)
            run.problem_count = counts.get((run.id, "left_out"), 0) + counts.get((run.id, "failed"), 0)

    def _describe_totals(self, values):
        """A sentence for each currency: sums of different ones say nothing."""
        return (
            "\n".join(
                self.env._(
                    "%(old)s at present prices, %(new)s at new ones: %(difference)s",
                    old=currency.format(old),
                    new=currency.format(new),
                    difference=f"{'+' if new > old else ''}{currency.format(new - old)}",
                )
                for currency, (old, new) in values.items()
            )
            or False
        )

    # === CRUD ===#

    def write(self, vals):
        if {"state", "approved_by_id", "approved_date"} & vals.keys() and not self.env.su:
            self._ensure_manager()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        if self.filtered(lambda run: run.state in ("approved", "done")):
            raise UserError(
                self.env._("A renewal run that was approved is kept: it is the history of its contracts.")
            )

    # === ACTIONS ===#

    def action_preview(self):
        """Take in the contracts of the period and work out the new prices; rows changed by hand stay.

        :raise UserError: the run is approved, or there is nothing to preview
        """
        for run in self:
            run._ensure_draft()
            kept = run.line_ids.filtered("is_manual")
            contracts = run.line_ids.contract_id - kept.contract_id
            if run.date_to:
                contracts |= (
                    self.env["after.sales.contract"].search(run._get_contract_domain()) - kept.contract_id
                )
            if not contracts and not kept:
                raise UserError(
                    self.env._("Enter the period in which the contracts end, or choose them in their list.")
                )
            (run.line_ids - kept).unlink()
            run._add_contracts(contracts)
        return True

    def action_approve(self):
        """Let the prices take effect (managers only): small runs are done at once, large ones by the job.

        :raise AccessError: not a manager
        :raise UserError: the run is not in preparation, or has nothing to renew
        """
        self._ensure_manager()
        for run in self:
            run._ensure_draft()
            if not run.line_ids.filtered(lambda row: row.state == "ready"):
                raise UserError(self.env._("%(run)s has no contract to renew.", run=run.name))
        self.write(
            {"state": "approved", "approved_by_id": self.env.uid, "approved_date": fields.Datetime.now()}
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._process_small()
        return True

    def action_cancel(self):
        self._ensure_manager()
        for run in self:
            if run.state == "done" or run.line_ids.filtered(lambda row: row.state == "done"):
                raise UserError(
                    self.env._("%(run)s has renewed contracts: it cannot be cancelled.", run=run.name)
                )
        self.state = "cancelled"

    def action_retry(self):
        """Try again what failed, once its reason is gone."""
        self._ensure_manager()
        failed = self.line_ids.filtered(lambda row: row.state == "failed")
        failed_sudo = failed.sudo()  # nobody writes on approved rows but this, for a manager
        failed_sudo.write({"state": "ready", "reason": False})
        failed.renewal_id.state = "approved"
        failed.renewal_id._process_small()

    def action_view_successors(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_action"
        )
        return {
            **action,
            "domain": [("id", "in", self.line_ids.successor_id.ids)],
            "context": {"create": False},
        }

    # === BUSINESS ===#

    def _ensure_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an after-sales manager approves or cancels renewals."))

    def _ensure_draft(self):
        for run in self:
            if run.state != "draft":
                raise UserError(
                    self.env._(
                        "%(run)s is no longer in preparation: what was approved does not change. Open a new run.",
                        run=run.name,
                    )
                )

    def _get_contract_domain(self):
        """Contracts of the period whose renewal is open."""
        self.ensure_one()
        domain = self.env["after.sales.contract"]._get_to_renew_domain()
        domain &= Domain("company_id", "=", self.company_id.id) & Domain("date_end", "<=", self.date_to)
        if self.date_from:
            domain &= Domain("date_end", ">=", self.date_from)
        if self.renewal_kind != "all":
            domain &= Domain("tacit_renewal", "=", self.renewal_kind == "tacit")
        if self.template_ids:
            domain &= Domain("template_id", "in", self.template_ids.ids)
        if self.partner_ids:
            domain &= Domain("commercial_partner_id", "in", self.partner_ids.commercial_partner_id.ids)
        return domain

    def _add_contracts(self, contracts):
        """One row a contract with its new prices, or with the reason why it is left out."""
        self.ensure_one()
        memo, run = {}, self._in_words_of_company()
        return self.env["after.sales.renewal.line"].create(
            [run._prepare_row(contract, memo) for contract in contracts.with_env(run.env)]
        )

    def _in_words_of_company(self):
        """What a run writes down is read by everybody in the company, whoever prepared it: in its language."""
        return self.with_context(lang=self.company_id[:1].partner_id.lang or self.env.lang)

    def _prepare_row(self, contract, memo):
        self.ensure_one()
        rule = self.adjustment_id or contract.adjustment_id
        vals = {"renewal_id": self.id, "contract_id": contract.id, "adjustment_id": rule.id}
        try:
            return {**vals, **contract._prepare_renewal_row(rule, memo)}
        except UserError as error:
            obstacle = contract._get_renewal_obstacle()
            # Where only the new price is not known, the present one is.
            present = {} if obstacle else contract._prepare_renewal_row(rule.browse(), memo)
            return {**vals, **present, "state": "left_out", "reason": str(error)}

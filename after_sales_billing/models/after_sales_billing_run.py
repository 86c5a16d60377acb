from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import isolate
from .after_sales_billing import BillingFailure

CHUNK = 50  # invoices that are made together, in one savepoint and, by the scheduled job, in one transaction
AT_ONCE = 200  # invoices that a button makes while its user waits; more go to the scheduled job

GROUPING = [
    ("contract", "One invoice per contract"),
    ("call", "One invoice per call"),
    ("site", "One invoice per site"),
    ("all", "Everything on one invoice"),
]


class AfterSalesBillingRun(models.Model):
    _name = "after.sales.billing.run"
    _description = "Billing Run"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        help="Salesperson of the invoices; gets the activity when something cannot be billed.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("previewed", "Preview"),
            ("running", "In Progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_to = fields.Date(
        "Due Up To",
        required=True,
        default=fields.Date.context_today,
        help="Instalments due and work done up to this day are billed, whatever periods were missed before.",
    )
    invoice_date = fields.Date(help="When empty, the day on which the invoice is posted.")
    grouping = fields.Selection(
        GROUPING, help="When empty, each customer's own rule holds, or else the company's."
    )
    with_instalments = fields.Boolean("Contract Instalments", default=True)
    with_work = fields.Boolean("Calls and Interventions", default=True)
    partner_ids = fields.Many2many("res.partner", string="Customers", help="When empty, all customers.")
    contract_ids = fields.Many2many(
        "after.sales.contract", string="Contracts", check_company=True, help="When empty, all contracts."
    )
    post_invoices = fields.Boolean(
        default=lambda self: self.env.company.after_sales_billing_post,
        help="Otherwise they stay drafts for somebody to check.",
    )
    line_ids = fields.One2many("after.sales.billing.run.line", "run_id", readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "after_sales_run_id", "Invoices", readonly=True, copy=False)
    charge_count = fields.Integer("Charges", compute="_compute_totals")
    invoice_count = fields.Integer("Invoices to Make", compute="_compute_totals")
    problem_count = fields.Integer("Problems", compute="_compute_totals")
    amount_ready = fields.Monetary(
        "To Be Billed", compute="_compute_totals", currency_field="company_currency_id", help="Without taxes."
    )
    amount_problem = fields.Monetary(
        "Held Up",
        compute="_compute_totals",
        currency_field="company_currency_id",
        help="Without taxes, and without what is in a currency that has no exchange rate.",
    )
    amount_billed = fields.Monetary(
        "Billed", compute="_compute_totals", currency_field="company_currency_id", help="Without taxes."
    )
    move_count = fields.Integer("Number of Invoices", compute="_compute_move_count", compute_sudo=True)

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("line_ids.state", "line_ids.amount_company", "line_ids.group_number")
    def _compute_totals(self):
        rows = self.env["after.sales.billing.run.line"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state"],
            ["__count", "amount_company:sum", "group_number:count_distinct"],
        )
        totals = {(run.id, state): rest for run, state, *rest in rows}
        for run in self:
            ready = totals.get((run.id, "ready"), (0, 0.0, 0))
            problem = totals.get((run.id, "problem"), (0, 0.0, 0))
            billed = totals.get((run.id, "billed"), (0, 0.0, 0))
            run.charge_count = ready[0] + problem[0] + billed[0]
            run.invoice_count = ready[2]
            run.problem_count = problem[0]
            run.amount_ready = ready[1]
            run.amount_problem = problem[1]
            run.amount_billed = billed[1]

    @api.depends("move_ids")
    def _compute_move_count(self):
        counts = dict(
            self.env["account.move"]._read_group(
                [("after_sales_run_id", "in", self.ids)], ["after_sales_run_id"], ["__count"]
            )
        )
        for run in self:
            run.move_count = counts.get(run._origin, 0)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(run.state == "running" or run.sudo().move_ids for run in self):
            raise UserError(self.env._("A billing run that made invoices stays as their evidence."))

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_bill(self):
        for run in self:
            if run.state not in ("draft", "previewed"):
                raise UserError(self.env._("%s is already under way.", run.name))
            if run.state == "draft":
                run.action_preview()
            if not run.invoice_count:
                raise UserError(
                    run.problem_count
                    and self.env._("Everything in this run has a problem: see the reason on each line.")
                    or run._get_empty_message()
                )
            run._start()
            if run.invoice_count > AT_ONCE:
                run._work_in_background()
                continue
            for groups in run._iterate_chunks():
                run._process(groups)
            run._finish()
        return self.action_view_invoices() if len(self) == 1 and self.move_ids else None

    def action_cancel(self):
        if any(run.state not in ("draft", "previewed") for run in self):
            raise UserError(self.env._("Only a run that has not billed anything can be cancelled."))
        self.line_ids.unlink()
        self.state = "cancelled"

    def action_draft(self):
        if any(run.state not in ("previewed", "cancelled") for run in self):
            raise UserError(self.env._("Only a preview or a cancelled run goes back to new."))
        self.line_ids.unlink()
        self.state = "draft"

    def action_view_invoices(self):
        return self.move_ids._after_sales_get_action()

    def action_view_problems(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_billing.after_sales_billing_run_line_action"
        )
        action.update({"domain": [("run_id", "in", self.ids)], "context": {"search_default_problems": 1}})
        return action

    # ------------------------------------------------------------------
    # Billing
    # ------------------------------------------------------------------

    def _get_ready_domain(self):
        return Domain("run_id", "in", self.ids) & Domain("state", "=", "ready")

    def _get_next_groups(self, after=0, limit=CHUNK):
        """The lines of the next invoices to be made, as a list of recordsets: no more is read than is worked on."""
        self.ensure_one()
        rows = self.env["after.sales.billing.run.line"]._read_group(
            self._get_ready_domain() & Domain("group_number", ">", after),
            ["group_number"],
            ["id:recordset"],
            order="group_number",
            limit=limit,
        )
        return [lines for __, lines in rows]

    def _iterate_chunks(self):
        """Chunk by chunk all groups that are ready; what a chunk leaves ready does not come again."""
        after = 0
        while groups := self._get_next_groups(after):
            after = groups[-1][0].group_number
            yield groups

    def _start(self):
        """From here on the run only goes forward; what the preview held up calls the person who can act."""
        self.ensure_one()
        self.state = "running"
        billing = self.env["after.sales.billing"]
        held_up = self.env["after.sales.billing.run.line"].search(
            [("run_id", "=", self.id), ("state", "=", "problem"), ("group_number", "!=", 0)]
        )
        for (__, reason), lines in held_up.grouped(lambda line: (line.group_number, line.reason)).items():
            billing._record_failure(lines.charge_id, reason, self)

    def _process(self, groups):
        """Bill some groups of lines and write down what became of each; what another process works on is left to it."""
        self.ensure_one()
        locked = self.env["after.sales.billing.run.line"].browse().union(*groups).try_lock_for_update()
        locked.invalidate_recordset(["state"])
        ours = [group.filtered(lambda line: line.state == "ready") for group in groups if group <= locked]
        groups = [group for group in ours if group]
        billing = self.env["after.sales.billing"].with_company(self.company_id)
        lines = self.env["after.sales.billing.run.line"].browse().union(*groups)
        line_by_charge = {line.charge_id: line for line in lines}
        # What a contract says otherwise since the preview nobody has seen yet: it waits for the next one.
        # As in the preview: charges follow their contract, whoever bills.
        instalments_sudo = self.env["after.sales.contract.instalment"].sudo()
        stale = instalments_sudo._sync_charges(self.company_id, lines.charge_id).with_env(self.env)
        seen = lines.browse()
        moves = self.env["account.move"]
        for charges, move, reason in billing._bill_groups(
            [group.charge_id - stale for group in groups], self
        ):
            done = lines.browse().union(*(line_by_charge[charge] for charge in charges))
            seen |= done
            if move:
                moves |= move
                done._mark_billed(move)
                billing._record_success(charges)
            else:
                done.write({"state": "problem", "reason": reason})
                billing._record_failure(charges, reason, self)
        (lines - seen).write(
            {
                "state": "skipped",
                "reason": self.env._(
                    "Billed, changed or cancelled by somebody else meanwhile: what is still due comes with the next run."
                ),
            }
        )
        if self.post_invoices:
            self._post_invoices(moves)

    def _post_invoices(self, moves):
        """Post through Odoo's own flow; what cannot be posted stays a draft and says why."""
        billing = self.env["after.sales.billing"]

        def attempt(batch):
            with billing._isolated():
                batch.action_post()

        __, failed = isolate.bisect_failures(moves, attempt, BillingFailure)
        for move, error in failed:
            self.env["after.sales.billing.run.line"].search(
                [("run_id", "=", self.id), ("move_id", "=", move.id)]
            ).reason = self.env._("Left as a draft: %s", billing._get_error_text(error))

    def _finish(self):
        """Close the runs that have nothing left to bill; a second call says nothing a second time."""
        for run in self.filtered(lambda run: run.state == "running"):
            if run.env["after.sales.billing.run.line"].search_count(run._get_ready_domain(), limit=1):
                continue
            run.state = "done"
            run.message_post(
                body=self.env._(
                    "Invoices made: %(invoices)s. Charges held up: %(problems)s.",
                    invoices=run.move_count,
                    problems=run.problem_count,
                )
            )

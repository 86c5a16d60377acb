from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools import periods
from .after_sales_contract_life_mixin import EFFECTIVE_STATES, LIVE_STATES
from .after_sales_contract_template import INCLUSION_POLICIES, LEAVE_POLICIES

#: An accountant reads contracts, not the units they cover.
STAFF = "after_sales_warranty.group_after_sales_technician"


class AfterSalesContract(models.Model):
    """Prices that follow units and free months, and what a price needs before somebody can agree to it."""

    _inherit = "after.sales.contract"

    free_months = fields.Integer(
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        help="The first months of the term cost nothing; prices for once are due all the same.",
    )
    date_free_until = fields.Date("Free until", compute="_compute_date_free_until")
    leave_policy = fields.Selection(
        LEAVE_POLICIES,
        "When a Unit Leaves",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    inclusion_policy = fields.Selection(
        INCLUSION_POLICIES,
        "Later Purchases",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_note = fields.Char(compute="_compute_currency_note", groups=STAFF)
    double_cover_note = fields.Char(compute="_compute_double_cover_note", groups=STAFF)
    late_cover_date = fields.Date(compute="_compute_late_cover_date", groups=STAFF)
    is_cover_missing = fields.Boolean(compute="_compute_is_cover_missing", groups=STAFF)
    candidate_count = fields.Integer(
        "Proposed for Inclusion", compute="_compute_candidate_count", groups=STAFF
    )

    _free_positive = models.Constraint("CHECK (free_months >= 0)", "Free months cannot be negative.")

    @api.depends("date_start", "free_months")
    def _compute_date_free_until(self):
        for contract in self:
            free = contract.date_start and contract.free_months > 0
            contract.date_free_until = free and periods.end_of(
                contract.date_start, contract.free_months, "month"
            )

    @api.depends("state", "currency_id", "company_id")
    def _compute_currency_note(self):
        """Why the prices of a contract that is not in force yet cannot be converted: it is refused when it is proposed or
        started, and before that whoever writes it is told."""
        for contract in self:
            is_open = contract.state in ("draft", "proposed") and contract.currency_id
            contract.currency_note = is_open and contract.currency_id._get_after_sales_rate_problem(
                contract.company_id
            )

    @api.depends("state", "date_closed", "cover_ids.unit_id", "cover_ids.date_from", "cover_ids.date_to")
    @api.depends_context("lang")
    def _compute_double_cover_note(self):
        """Units that another contract in force covers on the same days: allowed, and never unseen."""
        others = self.env["after.sales.contract.cover"].search_fetch(
            Domain("unit_id", "in", self.cover_ids.unit_id.ids)
            & Domain("contract_state", "in", LIVE_STATES)
            & Domain("date_from", "!=", False),
            ["unit_id", "contract_id", "date_from", "date_to"],
        )
        by_unit = others.grouped("unit_id")
        for contract in self:
            twice = [
                (cover, other)
                for cover in contract.cover_ids
                if contract.state != "cancelled"
                for other in by_unit.get(cover.unit_id, ())
                if other.contract_id != contract._origin and cover._meets(other)
            ]
            shown = ", ".join(
                f"{cover.display_name} ({other.contract_id.name})" for cover, other in twice[:5]
            )
            contract.double_cover_note = shown and (f"{shown} …" if len(twice) > 5 else shown)

    @api.depends("cover_ids.date_from", "date_end", "scope")
    def _compute_late_cover_date(self):
        """The first day of cover, where it comes after the whole term: what is paid buys nothing."""
        for contract in self:
            dates = contract.cover_ids.filtered("date_from").mapped("date_from")
            first = contract.scope != "customer" and min(dates, default=False)
            late = first and contract.date_end and first > contract.date_end
            contract.late_cover_date = late and first

    @api.depends(
        "state", "scope", "cover_ids.unit_id", "source_ids.product_id", "sale_order_id.order_line.product_id"
    )
    def _compute_is_cover_missing(self):
        """Only what is listed is covered, and nothing is, nor will a delivery bring it: what is paid buys nothing."""
        for contract in self:
            contract_sudo = contract.sudo()  # sudo: who writes a contract need not see the order that sold it
            contract.is_cover_missing = (
                contract.state not in ("ended", "cancelled")
                and contract.scope == "listed"
                and not contract.cover_ids
                and not contract_sudo._expects_units()
            )

    def _compute_candidate_count(self):
        domain = [("contract_id", "in", self.ids), ("state", "=", "proposed")]
        counts = dict(
            self.env["after.sales.contract.candidate"]._read_group(domain, ["contract_id"], ["__count"])
        )
        for contract in self:
            contract.candidate_count = counts.get(contract, 0)

    def action_view_candidates(self):
        return self._action_rows("after_sales_contract.after_sales_contract_candidate_action")

    def action_change_prices(self):
        """D10: open the planned change of prices."""
        return self._action_wizard("after_sales_contract.after_sales_contract_change_prices_action")

    def action_edit_plan(self):
        """CT-05: open the instalments that are not billed, for a planner."""
        return self._action_wizard("after_sales_contract.after_sales_contract_edit_plan_action")

    def _action_wizard(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "context": {"default_contract_id": self.id}}

    @api.constrains("state", "date_start", "date_end")
    def _check_dates_in_force(self):
        """D22: a contract in force always has a start, an end and with them a next date."""
        for contract in self:
            if contract.state in EFFECTIVE_STATES and not (contract.date_start and contract.date_end):
                raise ValidationError(
                    self.env._(
                        "%(contract)s is in force: it keeps its start and its end.", contract=contract.name
                    )
                )

    def write(self, vals):
        """D04: nothing is owed after a changed end, so the plan follows it at once."""
        result = super().write(vals)
        if {"date_closed", "date_end"} & vals.keys():
            self.filtered(lambda c: c.state in LIVE_STATES and c.instalment_ids)._sync_plan()
        return result

    def copy_data(self, default=None):
        """A copy, a renewal or a transfer gives no free months again."""
        return super().copy_data({"free_months": 0, **(default or {})})

    def _ensure_complete(self):
        result = super()._ensure_complete()
        for contract in self:
            contract.currency_id._ensure_after_sales_rate(contract.company_id)
            contract._ensure_counted()
        return result

    def _ensure_counted(self):
        """A price for a product or family names it."""
        self.ensure_one()
        for line in self.line_ids.filtered(lambda row: row.pricing == "per_product"):
            if not line.cover_product_id and not line.cover_categ_id:
                raise UserError(
                    self.env._(
                        "%(line)s: choose the product or family whose units it prices.",
                        line=line.display_name,
                    )
                )

    def _after_left(self, covers, day, reason):
        """Tell the responsible person that units left; a credit shows in the plan once it is made anew."""
        self.ensure_one()
        names = ", ".join(covers.mapped("display_name"))
        self.message_post(
            body=self.env._(
                "No longer covered after %(day)s: %(units)s. %(reason)s",
                day=format_date(self.env, day),
                units=names,
                reason=reason,
            )
        )

    def _get_likeness(self, product):
        """How well a product fits what the contract covers already; the younger contract wins a tie."""
        self.ensure_one()
        products = self.cover_ids.product_id
        return product in products, product.categ_id in products.categ_id, self.date_start, self.id

    def _ask_inclusion(self):
        """One activity for each contract, however many units wait for a decision."""
        kind = "after_sales_contract.mail_activity_type_inclusion"
        for contract in self - self.filtered(lambda c: self.env.ref(kind) in c.activity_ids.activity_type_id):
            contract.activity_schedule(
                kind,
                user_id=contract.user_id.id or self.env.uid,
                summary=contract._in_words_of_responsible().env._("New units of the customer: include them?"),
            )

    def _report_left(self, units, error):
        """Units left that the contract could not let go: tell the responsible person why."""
        for contract in self:
            contract.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=contract.user_id.id or self.env.uid,
                summary=contract._in_words_of_responsible().env._(
                    "Units left the customer and are still covered"
                ),
                note=Markup("%s<br/>%s") % (", ".join(units.mapped("display_name")), str(error)),
            )

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.after_sales_warranty.tools.durations import duration_text

from ..tools import periods, renewal
from .after_sales_contract_life_mixin import EFFECTIVE_STATES as EFFECTIVE_STATES
from .after_sales_contract_life_mixin import STATES
from .after_sales_contract_template import (
    COVER_POLICIES,
    DURATION_UNITS,
    NOTICE_UNITS,
    SCOPES,
    START_BASES,
    TERM_DEFAULTS,
)


class AfterSalesContract(models.Model):
    """A service agreement: its parties, its term and what it covers. Its life, its plan of instalments, visits and pools,
    and the way from a sale order are in the three mixins; what it costs and how it is paid in a file of its own."""

    _name = "after.sales.contract"
    _inherit = [
        "after.sales.numbered.mixin",
        "after.sales.contract.life.mixin",
        "after.sales.contract.plan.mixin",
        "after.sales.contract.sale.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Service Contract"
    _order = "date_start desc, id desc"
    _rec_names_search = ["name", "reference", "partner_id.complete_name"]
    _check_company_auto = True

    name = fields.Char(index="trigram")
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, index=True, tracking=True
    )
    template_id = fields.Many2one("after.sales.contract.template", index="btree_not_null", check_company=True)
    reference = fields.Char("Customer's Reference", copy=False)
    user_id = fields.Many2one(
        "res.users", "Responsible", index=True, default=lambda self: self.env.user, tracking=True
    )

    # === Parties ===#
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True
    )
    site_ids = fields.Many2many(
        "res.partner",
        "after_sales_contract_site_rel",
        "contract_id",
        "partner_id",
        "Sites",
        check_company=True,
    )

    # === Term ===#
    start_basis = fields.Selection(
        START_BASES, compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    date_start = fields.Date("Start", index=True, tracking=True)
    duration = fields.Integer(compute="_compute_terms", store=True, readonly=False, precompute=True)
    duration_unit = fields.Selection(
        DURATION_UNITS, compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    date_end = fields.Date(
        "End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="Last day of the agreed term.",
    )
    notice = fields.Integer(
        "Notice Period", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    notice_unit = fields.Selection(
        NOTICE_UNITS, compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    date_notice = fields.Date(
        "Notice by",
        compute="_compute_date_notice",
        store=True,
        index=True,
        help="Last day on which notice can be given.",
    )
    tacit_renewal = fields.Boolean(
        compute="_compute_terms", store=True, readonly=False, precompute=True, tracking=True
    )
    notice_date = fields.Date("Notice Given on", copy=False, tracking=True)
    was_tacit = fields.Boolean(copy=False, help="Renewed tacitly until notice was given.")
    date_closed = fields.Date(
        "Early End", copy=False, tracking=True, help="Last day under contract when it ends before its term."
    )
    close_reason = fields.Char(copy=False)

    # === What is covered ===#
    scope = fields.Selection(
        SCOPES, "Covers", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    cover_policy = fields.Selection(
        COVER_POLICIES, "Cover Begins", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    service_level_id = fields.Many2one(
        "after.sales.service.level",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        tracking=True,
    )
    tariff_id = fields.Many2one(
        "after.sales.tariff",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Empty: the tariff of the site, the customer or the company.",
    )
    pool_hours = fields.Float(
        "Hour Pool", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    note = fields.Html(
        "Terms and Conditions", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    cover_ids = fields.One2many("after.sales.contract.cover", "contract_id", "Covered Units")
    cover_count = fields.Integer(compute="_compute_cover_count")
    inclusion_ids = fields.One2many(
        "after.sales.contract.inclusion", "contract_id", "What Is Included", copy=True
    )

    # === Origin ===#
    sale_order_id = fields.Many2one(
        "sale.order", "Sales Order", index="btree_not_null", copy=False, check_company=True
    )
    cover_order_units = fields.Boolean("Cover the Order's Units", default=True)
    start_automatically = fields.Boolean(
        copy=False,
        help="Starts by itself when its start is known: the order sold a contract, not a proposal.",
    )

    _dates_ordered = models.Constraint("CHECK (date_start <= date_end)", "A contract ends after it begins.")
    _duration_positive = models.Constraint("CHECK (duration > 0)", "A contract lasts at least one day.")
    _notice_positive = models.Constraint("CHECK (notice >= 0)", "The notice period cannot be negative.")
    _pool_positive = models.Constraint("CHECK (pool_hours >= 0)", "An hour pool cannot be negative.")

    # === COMPUTE ===#

    @api.depends("template_id")
    def _compute_terms(self):
        """Terms are taken over from the template of a draft and belong to the contract from then on."""
        for contract in self:
            template = contract.template_id.with_company(contract.company_id)
            for name, default in TERM_DEFAULTS.items():
                if contract.state != "draft":
                    contract[name] = contract[name]
                elif template:
                    contract[name] = template[name]
                else:
                    contract[name] = contract[name] or default

    @api.depends("date_start", "duration", "duration_unit")
    def _compute_date_end(self):
        for contract in self:
            if contract.date_start and contract.duration > 0 and contract.duration_unit:
                contract.date_end = periods.end_of(
                    contract.date_start, contract.duration, contract.duration_unit
                )
            else:
                contract.date_end = False

    @api.depends("date_end", "notice", "notice_unit")
    def _compute_date_notice(self):
        for contract in self:
            if contract.date_end and contract.notice_unit:
                contract.date_notice = renewal.last_notice_day(
                    contract.date_end, contract.notice, contract.notice_unit
                )
            else:
                contract.date_notice = False

    def _compute_cover_count(self):
        counts = dict(
            self.env["after.sales.contract.cover"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.cover_count = counts.get(contract, 0)

    @api.depends("name", "reference", "partner_id.complete_name")
    @api.depends_context("lang", "formatted_display_name")
    def _compute_display_name(self):
        """Number and the customer's reference; where one chooses, whose contract it is too."""
        for contract in self:
            number = contract.name if contract.name != "/" else self.env._("New contract")
            name = f"{number} ({contract.reference})" if contract.reference else number
            if self.env.context.get("formatted_display_name"):
                name = f"{name}\t--{contract.partner_id.complete_name}--"
            contract.display_name = name

    def _get_duration_text(self):
        """How long it lasts, in the language of the environment."""
        self.ensure_one()
        return duration_text(self.duration, self.duration_unit, self.env.lang)

    # === CONSTRAINTS AND ONCHANGE ===#

    @api.constrains("date_closed", "date_start", "date_end")
    def _check_date_closed(self):
        for contract in self.filtered("date_closed"):
            if not (contract.date_start and contract.date_start <= contract.date_closed <= contract.date_end):
                raise ValidationError(
                    self.env._(
                        "%(contract)s: the early end lies between its start and its end.",
                        contract=contract.name,
                    )
                )

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """Show the template's rows before saving; without a form create() adds them."""
        if self.template_id and self.state == "draft":
            for name, rows in self.template_id._prepare_contract_rows().items():
                self[name] = [Command.clear(), *rows]

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        templates = self.env["after.sales.contract.template"]
        full_list = []
        for vals in vals_list:
            vals = dict(vals)
            if vals.get("template_id"):
                for name, rows in templates.browse(vals["template_id"])._prepare_contract_rows().items():
                    vals.setdefault(name, rows)
            full_list.append(vals)
        return super().create(full_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_live(self):
        for contract in self:
            if contract.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._("%(contract)s is not a draft: cancel it first.", contract=contract.name)
                )

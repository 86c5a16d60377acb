from odoo import api, fields, models

from .after_sales_contract_template import ALIGNMENTS, PERIOD_UNITS, TIMINGS


class AfterSalesContract(models.Model):
    """What a contract costs and how it is paid: by whom, in which currency, and in which instalments."""

    _inherit = "after.sales.contract"

    invoice_partner_id = fields.Many2one(
        "res.partner",
        "Invoice Address",
        compute="_compute_invoice_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_pricelist_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        compute="_compute_terms",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    preferred_payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        "Payment Method",
        domain="[('payment_type', '=', 'inbound'), ('company_id', 'in', [False, company_id])]",
        compute="_compute_preferred_payment_method_line_id",
        store=True,
        readonly=False,
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    analytic_account_id = fields.Many2one("account.analytic.account", check_company=True, copy=False)
    interval = fields.Integer(
        "Instalment Every", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    interval_unit = fields.Selection(
        PERIOD_UNITS, compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    timing = fields.Selection(
        TIMINGS, "Due", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    alignment = fields.Selection(
        ALIGNMENTS, "Periods", compute="_compute_terms", store=True, readonly=False, precompute=True
    )
    line_ids = fields.One2many("after.sales.contract.line", "contract_id", "Prices", copy=True)
    amount_untaxed = fields.Monetary(
        "Value", compute="_compute_amounts", store=True, help="Price of the whole term, without taxes."
    )
    amount_year = fields.Monetary(
        "Value per Year",
        compute="_compute_amounts",
        store=True,
        help="What a year costs as this term does, without taxes: of a price per month twelve of it. What is due once is "
        "not in it.",
    )

    _interval_positive = models.Constraint(
        "CHECK (interval > 0)", "The interval of instalments is at least one."
    )

    # === COMPUTE ===#

    @api.depends("partner_id")
    def _compute_invoice_partner_id(self):
        for contract in self:
            partner = contract.partner_id
            contract.invoice_partner_id = partner.address_get(["invoice"])["invoice"] if partner else False

    @api.depends("partner_id", "company_id")
    def _compute_pricelist_id(self):
        for contract in self:
            contract.pricelist_id = contract.partner_id.with_company(
                contract.company_id
            ).property_product_pricelist

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.pricelist_id.currency_id or contract.company_id.currency_id

    @api.depends("partner_id", "company_id")
    def _compute_preferred_payment_method_line_id(self):
        for contract in self:
            partner = contract.partner_id.with_company(contract.company_id)
            contract.preferred_payment_method_line_id = partner.property_inbound_payment_method_line_id

    @api.depends("partner_id", "invoice_partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        for contract in self:
            positions = self.env["account.fiscal.position"].with_company(contract.company_id)
            partner = contract.invoice_partner_id or contract.partner_id
            contract.fiscal_position_id = positions._get_fiscal_position(partner) if partner else False

    @api.depends("line_ids.price_subtotal", "line_ids.price_basis", "date_start", "date_end")
    def _compute_amounts(self):
        for contract in self:
            contract.amount_untaxed = sum(contract.line_ids.mapped("price_subtotal"))
            running = contract.line_ids.filtered(lambda line: line.price_basis != "once")
            if contract.date_start and contract.date_end and contract.date_start <= contract.date_end:
                contract.amount_year = float(
                    sum(line._get_price_year() for line in running if line._get_term())
                )
            else:
                contract.amount_year = 0.0

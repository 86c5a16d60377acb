from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import periods
from .after_sales_contract_template import COVER_POLICIES


class AfterSalesContractCover(models.Model):
    """What a contract covers: an installed unit, or a product without serial and its quantity."""

    _name = "after.sales.contract.cover"
    _description = "Cover of a Service Contract"
    _order = "contract_id, date_from, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", store=True, index=True
    )
    contract_state = fields.Selection(related="contract_id.state", string="Contract State")
    unit_id = fields.Many2one(
        "after.sales.unit",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('commercial_partner_id', '=', commercial_partner_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        check_company=True,
    )
    quantity = fields.Float(
        compute="_compute_quantity", store=True, readonly=False, precompute=True, digits="Product Unit"
    )
    site_id = fields.Many2one("res.partner", compute="_compute_site_id", store=True, readonly=False)
    warranty_end = fields.Date(related="unit_id.warranty_end")
    start_policy = fields.Selection(
        COVER_POLICIES, "Begins", compute="_compute_start_policy", store=True, readonly=False, precompute=True
    )
    date_from = fields.Date("From", compute="_compute_date_from", store=True, readonly=False)
    date_to = fields.Date("To", help="Empty: as long as the contract.")
    note = fields.Char()

    _contract_unit_uniq = models.UniqueIndex(
        "(contract_id, unit_id) WHERE unit_id IS NOT NULL", "The contract covers this unit already."
    )
    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A cover ends after it begins.")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "A covered quantity is more than zero.")

    @api.depends("unit_id")
    def _compute_product_id(self):
        for cover in self:
            cover.product_id = cover.unit_id.product_id or cover.product_id

    @api.depends("unit_id")
    def _compute_quantity(self):
        for cover in self:
            cover.quantity = cover.unit_id.quantity or cover.quantity or 1.0

    @api.depends("unit_id")
    def _compute_site_id(self):
        for cover in self:
            cover.site_id = cover.unit_id.site_id or cover.site_id

    @api.depends("contract_id")
    def _compute_start_policy(self):
        for cover in self:
            cover.start_policy = cover.start_policy or cover.contract_id.cover_policy

    @api.depends("start_policy", "unit_id.warranty_end", "contract_id.date_start")
    def _compute_date_from(self):
        """The day after the warranty, never before the contract. A cover that has begun does not move any more."""
        today = fields.Date.context_today(self)
        for cover in self:
            contract = cover.contract_id
            if (
                cover.date_from
                and cover.date_from <= today
                and contract.state in ("running", "notice", "ended")
            ):
                continue
            start = contract.date_start
            warranty_end = cover.unit_id.warranty_end if cover.start_policy == "warranty_end" else False
            after = warranty_end and periods.add(warranty_end, 1, "day")
            cover.date_from = max(after, start) if after and start else after or start

    @api.depends("unit_id", "product_id", "quantity")
    def _compute_display_name(self):
        for cover in self:
            if cover.unit_id:
                cover.display_name = cover.unit_id.display_name
            else:
                cover.display_name = f"{cover.quantity:g} x {cover.product_id.display_name}"

    @api.constrains("date_from", "date_to", "contract_id")
    def _check_not_before_contract(self):
        for cover in self.filtered(lambda c: c.date_from and c.contract_id.date_start):
            if cover.date_from < cover.contract_id.date_start:
                raise ValidationError(
                    self.env._("%(cover)s: its cover begins before the contract.", cover=cover.display_name)
                )

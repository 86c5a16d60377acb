from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools import periods
from .after_sales_contract_template import COVER_POLICIES


class AfterSalesContractCover(models.Model):
    """What a contract covers: an installed unit, a product without serial and its quantity, or a family of products."""

    _name = "after.sales.contract.cover"
    _description = "Cover of a Service Contract"
    _order = "contract_id, date_from, id"
    _check_company_auto = True

    # Its company is that of the contract: comparing them would leave a new cover without any contract to choose.
    contract_id = fields.Many2one("after.sales.contract", required=True, index=True, ondelete="cascade")
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
        index=True,
        check_company=True,
    )
    categ_id = fields.Many2one(
        "product.category",
        "Family",
        index="btree_not_null",
        help="Every product of this family that the customer has.",
    )
    quantity = fields.Float(
        compute="_compute_quantity", store=True, readonly=False, precompute=True, digits="Product Unit"
    )
    site_id = fields.Many2one("res.partner", compute="_compute_site_id", store=True, readonly=False)
    warranty_end = fields.Date(related="unit_id.warranty_end")
    start_policy = fields.Selection(
        COVER_POLICIES, "Begins", compute="_compute_start_policy", store=True, readonly=False, precompute=True
    )
    source_id = fields.Many2one(
        "after.sales.contract.source", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    date_from = fields.Date("From", compute="_compute_date_from", store=True, readonly=False)
    date_to = fields.Date("To", help="Empty: as long as the contract.")
    date_priced_to = fields.Date(
        "Priced Until",
        readonly=True,
        copy=False,
        help="Its price goes on after its cover, by the contract's policy.",
    )
    leave_reason = fields.Char("Left Because", readonly=True, copy=False)
    note = fields.Char()
    remark = fields.Char(compute="_compute_remark", help="Why the cover begins later than the contract.")

    _contract_unit_uniq = models.UniqueIndex(
        "(contract_id, unit_id) WHERE unit_id IS NOT NULL AND date_to IS NULL",
        "The contract covers this unit already.",
    )
    _names_something = models.Constraint(
        "CHECK (unit_id IS NOT NULL OR product_id IS NOT NULL OR categ_id IS NOT NULL)",
        "A cover names a unit, a product or a family.",
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

    @api.depends(
        "start_policy",
        "unit_id.warranty_end",
        "unit_id.delivery_date",
        "contract_id.date_start",
        "source_id.date_from",
    )
    def _compute_date_from(self):
        """The day after the warranty, never before the contract, the day of an addition, the delivery or the day on which
        the unit came to the customer from another one. A cover that has begun does not move any more."""
        today = fields.Date.context_today(self)
        for cover in self:
            contract = cover.contract_id
            if (
                cover._origin  # what is not saved has a date before it has its unit
                and cover.date_from
                and cover.date_from <= today
                and contract.state in ("running", "notice", "ended")
            ):
                continue
            start = contract.date_start
            if start and (agreed := cover.source_id.date_from):
                start = max(start, agreed)
            if start and (held := cover._get_unit_since()):
                start = max(start, held)
            warranty_end = cover.unit_id.warranty_end if cover.start_policy == "warranty_end" else False
            after = warranty_end and periods.add(warranty_end, 1, "day")
            cover.date_from = max(after, start) if after and start else after or start

    def _get_unit_since(self):
        """The day on which the customer got the unit: from us, or from its owner before him; nothing where nobody knows."""
        self.ensure_one()
        unit = self.unit_id
        return unit and (unit._get_owned_since() or unit.delivery_date)

    @api.depends("date_from", "unit_id.delivery_date", "contract_id.date_start")
    @api.depends_context("lang")
    def _compute_remark(self):
        for cover in self:
            delivered, start = cover.unit_id.delivery_date, cover.contract_id.date_start
            cover.remark = (
                delivered
                and start
                and start < delivered
                and self.env._("Covered from its delivery on %s.", format_date(self.env, delivered))
                if not cover.date_from or cover.date_from == delivered
                else False
            )

    @api.depends("unit_id", "product_id", "categ_id", "quantity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cover in self:
            if cover.unit_id:
                cover.display_name = cover.unit_id.display_name
            elif not cover.product_id:
                cover.display_name = cover.categ_id.display_name
            else:
                cover.display_name = f"{cover.quantity:g} x {cover.product_id.display_name}"

    @api.constrains("date_from", "date_to", "contract_id")
    def _check_not_before_contract(self):
        for cover in self.filtered(lambda c: c.date_from and c.contract_id.date_start):
            if cover.date_from < cover.contract_id.date_start:
                raise ValidationError(
                    self.env._("%(cover)s: its cover begins before the contract.", cover=cover.display_name)
                )

    @api.constrains("date_from", "unit_id")
    def _check_not_before_delivery(self):
        for cover in self:
            delivered = cover.unit_id.delivery_date
            if delivered and cover.date_from and cover.date_from < delivered:
                raise ValidationError(
                    self.env._(
                        "%(unit)s is delivered on %(day)s: its cover begins on that day or later.",
                        unit=cover.display_name,
                        day=format_date(self.env, delivered),
                    )
                )

    @api.constrains("contract_id", "unit_id", "date_from", "date_to")
    def _check_unit_once(self):
        """A unit may leave a contract and come back; it is not covered twice by it on one day."""
        for contract in self.contract_id:
            rows = contract.cover_ids.filtered(lambda c: c.unit_id and c.date_from)
            for unit, covers in rows.grouped("unit_id").items():
                ordered = covers.sorted("date_from")
                for before, after in zip(ordered, ordered[1:], strict=False):
                    if not before.date_to or before.date_to >= after.date_from:
                        raise ValidationError(
                            self.env._(
                                "%(contract)s covers %(unit)s twice from %(day)s on: end the first cover before that day.",
                                contract=contract.name,
                                unit=unit.display_name,
                                day=format_date(self.env, after.date_from),
                            )
                        )

    # === CRUD ===#

    @api.model_create_multi
    def create(self, vals_list):
        # The index on open covers must see the end of one before the unit is covered again.
        self.flush_model(["date_to"])
        return super().create(vals_list)

    # === BUSINESS ===#

    def _meets(self, other):
        """Whether both cover a unit on one day at least, within their contracts."""
        self.ensure_one()

        def last_day(cover):
            contract = cover.contract_id
            return min(
                filter(None, (cover.date_to, contract.date_closed, contract.date_end)),
                default=cover.date_from,
            )

        if not self.date_from or not other.date_from:
            return False
        # A cover that would begin after its contract ends has no day at all.
        return max(self.date_from, other.date_from) <= min(last_day(self), last_day(other))

    def _prepare_heir_vals(self, unit, day, quantity=0.0):
        """The cover that follows this one: of the unit that replaces it, or of what is left of its quantity."""
        self.ensure_one()
        return {
            "contract_id": self.contract_id.id,
            "unit_id": unit.id,
            "quantity": quantity or self.quantity,
            "site_id": self.site_id.id,
            "start_policy": "contract_start",
            "date_from": max(periods.add(day, 1, "day"), self.date_from or day, unit.delivery_date or day),
            "date_to": self.date_to,
        }

    def _leave(self, day, reason, is_replaced=False):
        """The units are not the customer's any more from the end of ``day`` on; the price follows the contract's policy,
        and ends that day for a unit whose place another one takes.

        A cover that would only have begun later is dropped. The plans of the contracts are made anew.
        """
        today = fields.Date.context_today(self)
        contracts = self.contract_id
        later = self.filtered(lambda cover: not cover.date_from or cover.date_from > day)
        for cover in self - later:
            priced_to = False if is_replaced else cover._get_priced_to(day)
            cover.write({"date_to": day, "leave_reason": reason, "date_priced_to": priced_to})
        for contract, covers in self.grouped("contract_id").items():
            contract._after_left(covers, min(day, today), reason)
        later.unlink()
        contracts.filtered(lambda c: c.state in ("proposed", "running", "notice"))._sync_plan()

    def _get_priced_to(self, day):
        """Last priced day of a unit that leaves: by policy that day, or the last one of the running billing period."""
        self.ensure_one()
        contract = self.contract_id
        if contract.date_closed:
            return max(contract.date_closed, day)  # the early end settles the price of all that is covered
        if contract.leave_policy != "period" or not contract.date_start:
            return False
        schedule = contract._get_schedule()
        __, last = next(periods.grid(schedule.anchor, schedule.interval, schedule.unit, day))
        return min(last, contract.date_end)

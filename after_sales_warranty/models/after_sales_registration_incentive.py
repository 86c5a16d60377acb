from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.durations import duration_text


class AfterSalesRegistrationIncentive(models.Model):
    """What a customer gets for registering in time: more months of cover, or a voucher."""

    _name = "after.sales.registration.incentive"
    _description = "Registration Incentive"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="As the customer reads it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    product_tmpl_ids = fields.Many2many(
        "product.template",
        relation="after_sales_incentive_product_rel",
        column1="incentive_id",
        column2="product_tmpl_id",
        string="Products",
        help="Empty, and no categories: every product.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        relation="after_sales_incentive_categ_rel",
        column1="incentive_id",
        column2="categ_id",
        string="Product Categories",
    )
    date_from = fields.Date("Registered From")
    date_to = fields.Date("Registered Until")
    deadline_days = fields.Integer(
        "Days After Delivery", help="Registered within these days of the delivery. Zero: at any time."
    )
    kind = fields.Selection(
        [("months", "More months of commercial warranty"), ("voucher", "Voucher")],
        "Reward",
        required=True,
        default="months",
    )
    months = fields.Integer("More Months", default=6)
    program_id = fields.Many2one(
        "loyalty.program",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('program_type', 'in', ['gift_card', 'coupons'])]",
        help="A gift card or coupon program: each registration makes one card of it.",
    )
    points = fields.Float("Value", default=1.0, help="Worth of the gift card, or points of the coupon.")
    valid_days = fields.Integer("Voucher Valid For", help="Days after the registration. Zero: no end.")
    reward_ids = fields.One2many("after.sales.registration.reward", "incentive_id", "Rewards")
    reward_count = fields.Integer(compute="_compute_reward_count")

    _dates_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "An incentive cannot end before it begins.",
    )
    _numbers_positive = models.Constraint(
        "CHECK (deadline_days >= 0 AND valid_days >= 0)", "Days cannot be negative."
    )
    _months_given = models.Constraint(
        "CHECK (kind != 'months' OR months > 0)", "Say how many months the customer gets."
    )
    _voucher_given = models.Constraint(
        "CHECK (kind != 'voucher' OR (program_id IS NOT NULL AND points > 0))",
        "Choose the program of the voucher and its value.",
    )

    def _compute_reward_count(self):
        counts = dict(
            self.env["after.sales.registration.reward"]._read_group(
                [("incentive_id", "in", self.ids), ("state", "=", "granted")], ["incentive_id"], ["__count"]
            )
        )
        for incentive in self:
            incentive.reward_count = counts.get(incentive, 0)

    @api.model
    def _get_offer_domain(self, company, day):
        """What the company offers on this day, whatever for."""
        return (
            Domain("company_id", "in", [False, company.id])
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", day))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    def _get_offer_text(self):
        """The offer as the registration page tells it: what is given, for which products, until when."""
        self.ensure_one()
        names = [*self.product_tmpl_ids.mapped("name"), *self.categ_ids.mapped("name")]
        limits = [
            names and self.env._("for: %s", ", ".join(names)),
            self.deadline_days
            and self.env._(
                "within %s of the delivery", duration_text(self.deadline_days, "day", self.env.lang)
            ),
            self.date_to and self.env._("until %s", format_date(self.env, self.date_to)),
        ]
        limits = [text for text in limits if text]
        return f"{self.name} ({'; '.join(limits)})" if limits else self.name

    @api.model
    def _get_for_unit(self, unit, day):
        """What is given for registering this unit on this day."""
        everything = Domain("product_tmpl_ids", "=", False) & Domain("categ_ids", "=", False)
        named = Domain("product_tmpl_ids", "in", unit.product_tmpl_id.ids) | Domain(
            "categ_ids", "parent_of", unit.categ_id.ids
        )
        offers = self.search(self._get_offer_domain(unit.company_id, day) & (everything | named))
        return offers.filtered(
            lambda offer: (
                not offer.deadline_days
                or not unit.delivery_date
                or day <= unit.delivery_date + timedelta(days=offer.deadline_days)
            )
        )

    def _prepare_card_vals(self, partner, day):
        self.ensure_one()
        return {
            "program_id": self.program_id.id,
            "partner_id": partner.id,
            "points": self.points,
            "expiration_date": day + timedelta(days=self.valid_days) if self.valid_days else False,
        }

    def action_view_rewards(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_registration_reward_action"
        )
        return {**action, "domain": [("incentive_id", "=", self.id)]}

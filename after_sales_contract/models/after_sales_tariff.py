from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import ormcache


class AfterSalesTariff(models.Model):
    """Dated price list of work: what a visit, a kilometre, an hour costs the customer and us."""

    _name = "after.sales.tariff"
    _inherit = ["mail.thread"]
    _description = "Service Tariff"
    _order = "sequence, date_from desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    date_from = fields.Date(help="Empty: since ever.")
    date_to = fields.Date(help="Empty: until further notice.")
    partner_id = fields.Many2one(
        "res.partner",
        "Only for",
        index="btree_not_null",
        check_company=True,
        help="A customer, or one site of his. Empty: a general tariff.",
    )
    is_special = fields.Boolean(
        "On Agreement",
        help="Used only where a contract, technician or regime names it, never as the general tariff.",
    )
    line_ids = fields.One2many("after.sales.tariff.line", "tariff_id", "Prices", copy=True)
    rival_id = fields.Many2one(
        "after.sales.tariff",
        "Goes First",
        compute="_compute_rival_id",
        help="Another tariff for the same customers, valid on the same days, that is taken instead of this one.",
    )
    loser_ids = fields.Many2many(
        "after.sales.tariff",
        string="Goes Before",
        compute="_compute_rival_id",
        help="Other tariffs for the same customers that are not used on the days on which this one is valid.",
    )
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A tariff ends after it begins.")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for tariff in self:
            tariff.currency_id = (
                tariff.currency_id or tariff.company_id.currency_id or self.env.company.currency_id
            )

    @api.depends("company_id", "partner_id", "is_special", "date_from", "date_to", "sequence", "active")
    def _compute_rival_id(self):
        candidates = self.search([("company_id", "in", self.company_id.ids)])
        for tariff in self:
            before, after = tariff._get_rivals(candidates)
            tariff.rival_id, tariff.loser_ids = before[:1], after

    def _get_rivals(self, candidates):
        """The tariffs before this one that leave it without some of its days, and those after it that it leaves without
        some of theirs; both are empty when nothing is in doubt."""
        if not self.active or (self.is_special and not self.partner_id):
            return self.browse(), self.browse()
        same = (candidates - self._origin).filtered(
            lambda other: (
                other.company_id == self.company_id
                and other.partner_id == self.partner_id
                and (other.partner_id or not other.is_special)
            )
        )
        before = same.filtered(lambda other: other._get_place() < self._get_place())

        def meets(other):
            return not (other.date_to and self.date_from and other.date_to < self.date_from) and not (
                other.date_from and self.date_to and self.date_to < other.date_from
            )

        return before.filtered(meets), (same - before).filtered(meets)

    def _get_place(self):
        """Where it stands in the order of tariffs, saved or not."""
        self.ensure_one()
        start = self.date_from.toordinal() if self.date_from else float("inf")
        return self.sequence, -start, self._origin.id or float("inf")

    @api.constrains("currency_id", "company_id")
    def _check_rate(self):
        for tariff in self:
            tariff.currency_id._ensure_after_sales_rate(tariff.company_id)

    @api.model
    def _get_for(
        self, contract=None, partner=None, company=None, date=None, site=None, technician=None, regime=None
    ):
        """The tariff of a piece of work: of the contract, the site, the customer, the technician, the regime, the
        company; the first one that is valid on the date."""
        company = company or (contract and contract.company_id) or self.env.company
        date = date or fields.Date.context_today(self)
        partners = (site or self.env["res.partner"]) | (partner or self.env["res.partner"])
        partners |= partners.commercial_partner_id
        named = self._get_timetable(company.id)
        for tariff_id in (
            contract and contract.tariff_id.id,
            *(tariff_id for partner_id in partners.ids for tariff_id in named.get(partner_id, ())),
            technician and technician.tariff_id.id,
            regime and regime.with_company(company).tariff_id.id,
            *named.get(False, ()),
        ):
            tariff = self.browse(tariff_id or ())
            if tariff and tariff._is_valid(company, date):
                return tariff
        return self.browse()

    @api.model
    @ormcache("company_id")
    def _get_timetable(self, company_id):
        """Return {partner id, or False for everybody: ids of the tariffs made for them, best first}.

        Asked for every line of every visit, and changed once a year: kept until a tariff changes.
        """
        named = defaultdict(list)
        # sudo: the same for all users; who may not read a tariff is refused when he does
        for tariff in self.sudo().with_context(active_test=True).search([("company_id", "=", company_id)]):
            if tariff.partner_id or not tariff.is_special:
                named[tariff.partner_id.id].append(tariff.id)
        return dict(named)

    def _is_valid(self, company, date):
        self.ensure_one()
        return (
            self.company_id == company
            and (not self.date_from or self.date_from <= date)
            and (not self.date_to or self.date_to >= date)
        )

    def _get_line(self, kind, band=None):
        """The price of an activity: for this band, else for any band; without a band, the first price there is.
        Overtime without a price of its own is charged as labour. Empty when the tariff does not know the activity."""
        band_id = band.id if band else False
        wanted = [(kind, band_id), (kind, False)]
        if kind == "overtime":
            wanted += [("labour", band_id), ("labour", False)]
        lines = {(line.kind, line.band_id.id): line for line in self.line_ids}
        found = next((lines[key] for key in wanted if key in lines), self.env["after.sales.tariff.line"])
        return found or (found if band else self.line_ids.filtered(lambda line: line.kind == kind)[:1])

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        tariffs = super().create(vals_list)
        self.env.registry.clear_cache()
        return tariffs

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

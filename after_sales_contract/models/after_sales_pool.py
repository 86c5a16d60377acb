from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date, formatLang

from ..tools import pools

#: Kinds of entries that say how many hours there are to use.
BOUGHT_KINDS = ("purchase", "rollover", "adjust")
#: Kinds that a charge or a visit causes, and that go when it is cancelled.
TAKEN_KINDS = ("consume", "overage", "reserve")


class AfterSalesPool(models.Model):
    """Prepaid hours of work. What is left is the sum of the entries, never a counter."""

    _name = "after.sales.pool"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Hour Pool"
    _order = "date_to, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    # Its company is that of the contract: comparing them would leave a new pool without any contract to choose.
    contract_id = fields.Many2one("after.sales.contract", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    commercial_partner_id = fields.Many2one(
        related="contract_id.commercial_partner_id", store=True, index=True
    )
    shared_partner_ids = fields.Many2many(
        "res.partner",
        "after_sales_pool_partner_rel",
        "pool_id",
        "partner_id",
        "Shared with",
        check_company=True,
        help="Other customers, e.g. companies of one group, whose work this pool pays too.",
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    user_id = fields.Many2one(related="contract_id.user_id")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Hours left after this day are lost. Empty: as long as the contract.")
    date_period = fields.Date(
        "Period",
        readonly=True,
        copy=False,
        help="First day of the contract's period that these hours belong to.",
    )
    closed_on = fields.Date(
        readonly=True, copy=False, help="The day on which the rest was carried over or lost."
    )
    entry_ids = fields.One2many("after.sales.pool.entry", "pool_id", "Entries")
    bought = fields.Float(
        compute="_compute_balance",
        digits="Product Unit",
        help="Also taken over from another pool and corrected.",
    )
    reserved = fields.Float(
        compute="_compute_balance", digits="Product Unit", help="For work that is planned."
    )
    used = fields.Float(
        compute="_compute_balance",
        digits="Product Unit",
        help="Drawn from the pool; what went beyond it is told apart.",
    )
    overage = fields.Float(
        "Beyond the Pool",
        compute="_compute_balance",
        digits="Product Unit",
        help="Worked when the pool was empty, and charged to the customer.",
    )
    expired = fields.Float(
        compute="_compute_balance",
        digits="Product Unit",
        help="Left when the time of the pool was over, and lost.",
    )
    passed_on = fields.Float(
        "Carried over",
        compute="_compute_balance",
        digits="Product Unit",
        help="Left when the time of the pool was over, and given to the next one or to another customer's contract.",
    )
    balance = fields.Float("Left", compute="_compute_balance", digits="Product Unit")
    available = fields.Float(
        compute="_compute_balance", digits="Product Unit", help="Left and not reserved for other work."
    )
    used_rate = fields.Float("Used (%)", compute="_compute_balance", aggregator=None)
    active = fields.Boolean(default=True)

    # === Rules ===#
    overage_tariff_id = fields.Many2one(
        "after.sales.tariff",
        check_company=True,
        index="btree_not_null",
        help="Prices of the hours that the pool cannot pay. Empty: the usual tariff.",
    )
    rollover_limit = fields.Float(
        digits="Product Unit",
        help="Hours left at the end that go on to the next pool; 0 = all of them are lost.",
    )
    weight_ids = fields.One2many("after.sales.pool.weight", "pool_id", "Weights", copy=True)

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A pool ends after it begins.")
    _rollover_positive = models.Constraint(
        "CHECK (rollover_limit >= 0)", "A rollover limit cannot be negative."
    )
    _open_idx = models.Index("(date_to) WHERE closed_on IS NULL")
    _period_uniq = models.UniqueIndex(
        "(contract_id, date_period) WHERE date_period IS NOT NULL",
        "This period of the contract has its pool already.",
    )

    # === COMPUTE === #

    @api.depends("entry_ids.quantity", "entry_ids.kind")
    def _compute_balance(self):
        totals = (self & self._origin)._get_totals()
        for pool in self - self._origin:  # a form holds entries that are not saved
            for entry in pool.entry_ids:
                totals[pool, entry.kind] += entry.quantity
        passed_on = self._get_passed_on() if any(kind == "rollover" for __, kind in totals) else {}
        for pool in self:

            def total(*kinds, pool=pool):
                return sum(totals[pool, kind] for kind in kinds)

            pool.passed_on = passed_on.get(pool._origin.id, 0.0)
            pool.expired = -total("expire")
            pool.bought = total(*BOUGHT_KINDS) + pool.passed_on
            pool.reserved = -total("reserve")
            # The row beyond the pool gives back what its work took too much: those hours were never the pool's.
            pool.used = -total("consume", "overage")
            pool.overage = total("overage")
            pool.balance = pool.bought - pool.used - pool.expired - pool.passed_on
            pool.available = pool.balance - pool.reserved
            pool.used_rate = pools.rate(pool.used, pool.bought)

    def _get_totals(self):
        """Hours of each kind of entry, by pool and kind; none where there is no entry."""
        groups = self.env["after.sales.pool.entry"]._read_group(
            [("pool_id", "in", self.ids)], ["pool_id", "kind"], ["quantity:sum"]
        )
        return defaultdict(float, {(pool, kind): quantity for pool, kind, quantity in groups})

    def _get_passed_on(self):
        """Hours that each pool gave to another one, by its id."""
        given = [("pool_id", "in", self.ids), ("kind", "=", "rollover"), ("quantity", "<", 0)]
        groups = self.env["after.sales.pool.entry"]._read_group(given, ["pool_id"], ["quantity:sum"])
        return {pool.id: -quantity for pool, quantity in groups}

    @api.constrains("shared_partner_ids")
    def _check_shared_partners(self):
        for partner in self.shared_partner_ids:
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: share the pool with the customer.",
                        contact=partner.display_name,
                        customer=partner.commercial_partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for pool in self:
            if pool.used or pool.overage:
                raise UserError(self.env._("Hours of %s were used: archive the pool instead.", pool.name))

    # === STATE === #

    def _is_valid(self, day):
        """Whether the pool pays for work of that day (the contract has to be in force too)."""
        self.ensure_one()
        return self.active and self.date_from <= day and (not self.date_to or day <= self.date_to)

    def _ensure_open(self):
        """:raise UserError: when no hours can be added or reserved any more"""
        for pool in self:
            if pool.contract_id.state in ("ended", "cancelled") or pool.closed_on or not pool.active:
                raise UserError(
                    self.env._(
                        "%(pool)s is closed: hours can no longer be added or reserved. Renew contract %(contract)s or open a new pool "
                        "on a contract in force.",
                        pool=pool.name,
                        contract=pool.contract_id.name,
                    )
                )

    def _ensure_free(self, hours):
        """:raise UserError: when the hours that have just been reserved were not there"""
        self.ensure_one()
        self._lock()
        if self.date_to and self.date_to < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(pool)s ended on %(day)s: its hours can no longer be reserved. Reserve those of another pool, or change "
                    "its last day.",
                    pool=self.name,
                    day=format_date(self.env, self.date_to),
                )
            )
        if self.available < -pools.TINY:
            raise UserError(
                self.env._(
                    "%(pool)s has %(free)s hours that are not reserved yet; %(wanted)s are asked for. Reserve less, release "
                    "other work, or top up the pool.",
                    pool=self.name,
                    free=formatLang(self.env, max(self.available + hours, 0.0), digits=2),
                    wanted=formatLang(self.env, hours, digits=2),
                )
            )

    def _lock(self):
        """One booking on a pool after the other: whoever comes second waits, and is tried again with what is left."""
        if not self:
            return
        self.env.cr.execute(
            SQL("UPDATE after_sales_pool SET write_uid = write_uid WHERE id IN %s", tuple(self.ids))
        )
        self.invalidate_recordset(
            [name for name, field in self._fields.items() if field.compute == "_compute_balance"]
        )

    def _with_customer_language(self):
        """For what is written into the ledger: the customer reads it on his statement."""
        return self.with_context(lang=self.partner_id.lang or self.env.lang)

    # === LEDGER === #

    def _offer_hours(self):
        """Hook: hours were added or came free; whoever waits for some gets them."""

    def _get_weight(self, kind, band_id):
        """Hours of the pool that an hour of this activity takes; 0 when the pool does not pay it."""
        self.ensure_one()
        weights = {(row.kind, row.band_id.id): row.weight for row in self.weight_ids}
        for key in ((kind, band_id), (False, band_id), (kind, False)):
            if key in weights:
                return weights[key]
        return 1.0 if kind in ("labour", "overtime") else 0.0

    def _consume(self, vals_list):
        """Take hours: dicts with quantity (positive), date, name, res_model, res_id, source_key.

        ``over`` is the part of the quantity that goes beyond the pool and is charged: it gets a row of its own, so
        that the pool never falls below zero without one. The pool is locked first, so that two technicians cannot
        take the same last hour.

        :raise UserError: when less is left than asked for
        """
        self.ensure_one()
        self._lock()
        wanted = sum(vals["quantity"] - vals.get("over", 0.0) for vals in vals_list)
        if wanted - self.balance > pools.TINY:
            raise UserError(
                self.env._(
                    "Pool %(pool)s has %(left)s hours left, %(wanted)s are asked for.",
                    pool=self.name,
                    left=formatLang(self.env, self.balance, digits=2),
                    wanted=formatLang(self.env, wanted, digits=2),
                )
            )
        rows = []
        for vals in vals_list:
            row = {**vals, "pool_id": self.id}
            over = row.pop("over", 0.0)
            rows.append({**row, "kind": "consume", "quantity": -row["quantity"]})
            if over:
                name = self._with_customer_language().env._("Beyond the pool: %s", row["name"])
                rows.append({**row, "kind": "overage", "quantity": over, "name": name, "hours": 0.0})
        return self.env["after.sales.pool.entry"].create(rows)

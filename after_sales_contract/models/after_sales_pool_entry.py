from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

#: What an agent enters by hand; the rest is booked by work, by the calendar, or corrected by a manager.
BY_HAND_KINDS = ("purchase", "reserve")
#: The sign of the hours of each kind; a correction and what is carried over may have both.
SIGNS = {"purchase": 1, "overage": 1, "consume": -1, "expire": -1, "reserve": -1}


class AfterSalesPoolEntry(models.Model):
    """One cause of a change of a pool's hours. Reserved hours are still there: they are only promised to a job."""

    _name = "after.sales.pool.entry"
    _description = "Hour Pool Entry"
    _order = "date desc, id desc"
    _check_company_auto = True

    pool_id = fields.Many2one(
        "after.sales.pool", required=True, index=True, ondelete="cascade", check_company=True
    )
    contract_id = fields.Many2one(related="pool_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="pool_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Used by", index="btree_not_null", help="The customer whose work took the hours."
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char("Description", required=True)
    kind = fields.Selection(
        [
            ("purchase", "Bought"),
            ("rollover", "Carried over"),
            ("consume", "Used"),
            ("overage", "Beyond the pool"),
            ("reserve", "Reserved"),
            ("adjust", "Correction"),
            ("expire", "Expired"),
        ],
        default="purchase",
        required=True,
    )
    quantity = fields.Float(
        "Hours", required=True, digits="Product Unit", help="Positive adds, negative takes."
    )
    hours = fields.Float(
        "Hours of Work",
        digits="Product Unit",
        help="What was really worked: an hour of the night may take more of the pool.",
    )
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user, readonly=True)
    res_model = fields.Char("Caused by Model")
    res_id = fields.Many2oneReference("Caused by", model_field="res_model", index="btree_not_null")
    source_key = fields.Char(default="")
    statement_id = fields.Many2one(
        "after.sales.pool.statement", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    _source_uniq = models.UniqueIndex(
        "(pool_id, kind, res_model, res_id, source_key) WHERE res_id IS NOT NULL", "This was already counted."
    )
    _sign = models.Constraint(
        "CHECK (quantity <> 0 AND (kind IN ('adjust', 'rollover') OR (kind IN ('purchase', 'overage') AND quantity > 0) "
        "OR (kind IN ('consume', 'expire', 'reserve') AND quantity < 0)))",
        "Bought hours are positive, used, reserved and expired hours negative, and none of them is zero.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        kinds = {vals.get("kind", "purchase") for vals in vals_list}
        self._ensure_kinds(kinds)
        for vals in vals_list:
            self._ensure_sign(vals.get("kind", "purchase"), vals.get("quantity", 0.0))
        entered = [vals for vals in vals_list if self._is_entered(vals)]
        self.env["after.sales.pool"].browse([vals["pool_id"] for vals in entered])._ensure_open()
        entries = super().create(vals_list)
        # Only now are hours there that are bought along with them.
        self._ensure_free([vals for vals in entered if vals.get("kind") == "reserve"])
        # What is only promised is not used yet: it reaches no threshold.
        entries.filtered(lambda entry: entry.kind != "reserve").pool_id._check_thresholds()
        entries.filtered(lambda entry: entry.quantity > 0 and entry.kind != "overage").pool_id._offer_hours()
        return entries

    def write(self, vals):
        if "kind" in vals:
            self._ensure_kinds({vals["kind"]})
        if "quantity" in vals or "kind" in vals:
            for entry in self:
                self._ensure_sign(vals.get("kind", entry.kind), vals.get("quantity", entry.quantity))
        result = super().write(vals)
        if "quantity" in vals or "kind" in vals:
            self.pool_id._check_thresholds()
        return result

    def unlink(self):
        touched = self.filtered(lambda entry: entry.kind != "reserve").pool_id
        result = super().unlink()
        touched._check_thresholds()
        return result

    def action_release(self):
        """Give back hours that were reserved by hand for a job that does not come.

        :raise AccessError: for whoever may not add entries
        """
        self.check_access("create")
        # sudo: agents add to the ledger and take nothing out of it but a reservation, which is no fact yet
        by_hand_sudo = self.sudo().filtered(lambda entry: entry.kind == "reserve" and not entry.res_id)
        pools_sudo = by_hand_sudo.pool_id
        by_hand_sudo.unlink()
        pools_sudo._offer_hours()

    @api.model
    def _is_entered(self, vals):
        """Whether these are hours that a person or a sale adds or reserves, and not those of a planned visit."""
        kind = vals.get("kind", "purchase")
        return kind in BY_HAND_KINDS and not (kind == "reserve" and vals.get("res_id"))

    @api.model
    def _ensure_sign(self, kind, quantity):
        """The constraint in words that say what to enter.

        :raise UserError: for no hours, and for hours of the wrong sign
        """
        sign = SIGNS.get(kind)
        if quantity and (not sign or quantity * sign > 0):
            return
        if not quantity:
            raise UserError(self.env._("Enter how many hours."))
        right, wrong = (formatLang(self.env, hours, digits=2) for hours in (-quantity, quantity))
        if sign < 0:
            raise UserError(
                self.env._(
                    "Hours that are taken from the pool or reserved are entered with a minus: %(right)s, not %(wrong)s.",
                    right=right,
                    wrong=wrong,
                )
            )
        raise UserError(
            self.env._(
                "Hours that are bought are entered without a minus: %(right)s, not %(wrong)s. To take hours back, a manager "
                "enters a correction.",
                right=right,
                wrong=wrong,
            )
        )

    @api.model
    def _ensure_free(self, vals_list):
        """Nobody is promised by hand what is not there, or is promised to somebody else.

        :raise UserError: where a pool is over or has less than is to be reserved
        """
        wanted = defaultdict(float)
        for vals in vals_list:
            wanted[vals["pool_id"]] -= vals["quantity"]
        for pool in self.env["after.sales.pool"].browse(wanted):
            pool._ensure_free(wanted[pool.id])

    @api.model
    def _ensure_kinds(self, kinds):
        """:raise AccessError: for a kind that this user may not enter by hand"""
        manager = "after_sales_warranty.group_after_sales_manager"
        if self.env.su or not kinds - set(BY_HAND_KINDS) or self.env.user.has_group(manager):
            return
        raise AccessError(
            self.env._(
                "Only an after-sales manager corrects an hour pool by hand. You can add bought hours or reserve some."
            )
        )

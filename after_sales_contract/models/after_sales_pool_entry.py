from odoo import api, fields, models
from odoo.exceptions import AccessError

#: What an agent enters by hand; the rest is booked by work, by the calendar, or corrected by a manager.
BY_HAND_KINDS = ("purchase", "reserve")


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
        by_hand = [vals["pool_id"] for vals in vals_list if self._is_entered(vals)]
        self.env["after.sales.pool"].browse(by_hand)._ensure_open()
        entries = super().create(vals_list)
        # What is only promised is not used yet: it reaches no threshold.
        entries.filtered(lambda entry: entry.kind != "reserve").pool_id._check_thresholds()
        entries.filtered(lambda entry: entry.quantity > 0 and entry.kind != "overage").pool_id._offer_hours()
        return entries

    def write(self, vals):
        if "kind" in vals:
            self._ensure_kinds({vals["kind"]})
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

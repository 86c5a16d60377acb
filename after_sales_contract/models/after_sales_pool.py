from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesPool(models.Model):
    """Prepaid hours of labour. What is left is the sum of the entries, never a counter."""

    _name = "after.sales.pool"
    _description = "Hour Pool"
    _order = "date_to, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    contract_id = fields.Many2one(
        "after.sales.contract", required=True, index=True, ondelete="cascade", check_company=True
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Hours left after this day are lost. Empty: as long as the contract.")
    entry_ids = fields.One2many("after.sales.pool.entry", "pool_id", "Entries")
    bought = fields.Float(compute="_compute_balance", digits="Product Unit")
    used = fields.Float(compute="_compute_balance", digits="Product Unit")
    balance = fields.Float("Left", compute="_compute_balance", digits="Product Unit")
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint("CHECK (date_from <= date_to)", "A pool ends after it begins.")

    @api.depends("entry_ids.quantity", "entry_ids.kind")
    def _compute_balance(self):
        totals = {
            (pool.id, kind): quantity
            for pool, kind, quantity in self.env["after.sales.pool.entry"]._read_group(
                [("pool_id", "in", self.ids)], ["pool_id", "kind"], ["quantity:sum"]
            )
        }
        for pool in self:
            mine = {
                kind: quantity for (pool_id, kind), quantity in totals.items() if pool_id == pool._origin.id
            }
            pool.used = -mine.pop("consume", 0.0)
            pool.bought = sum(mine.values())
            pool.balance = pool.bought - pool.used

    def _consume(self, vals_list):
        """Take hours: dicts with quantity (positive), date, name, res_model, res_id, source_key.

        The pool is locked first, so that two technicians cannot take the same last hour.
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["balance"])
        wanted = sum(vals["quantity"] for vals in vals_list)
        if wanted - self.balance > 1e-6:
            raise UserError(
                self.env._(
                    "Pool %(pool)s has %(left).2f hours left, %(wanted).2f are asked for.",
                    pool=self.name,
                    left=self.balance,
                    wanted=wanted,
                )
            )
        return self.env["after.sales.pool.entry"].create(
            [
                {**vals, "pool_id": self.id, "kind": "consume", "quantity": -vals["quantity"]}
                for vals in vals_list
            ]
        )

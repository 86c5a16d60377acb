from odoo import api, fields, models
from odoo.tools import SQL


class AfterSalesUnitOwnershipMixin(models.AbstractModel):
    """Whose a unit is and where it stands; each owner in his turn, with what a new one does to the cover."""

    _name = "after.sales.unit.ownership.mixin"
    _description = "Ownership of an Installed Unit"
    _inherit = ["mail.thread"]

    partner_id = fields.Many2one(
        "res.partner", "Owner", index=True, tracking=True, ondelete="restrict", check_company=True
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, index=True, precompute=True, string="Customer"
    )
    site_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Where the unit stands.",
    )
    owner_ids = fields.One2many("after.sales.unit.owner", "unit_id", "Owners")

    @api.model_create_multi
    def create(self, vals_list):
        units = super().create(vals_list)
        units._open_owner_rows()
        return units

    def write(self, vals):
        owners = {unit: unit.partner_id for unit in self} if "partner_id" in vals else {}
        res = super().write(vals)
        changed = self.filtered(lambda unit: owners.get(unit, unit.partner_id) != unit.partner_id)
        changed._record_new_owner(owners)
        return res

    def _open_owner_rows(self):
        self.flush_recordset(["company_id", "partner_id", "delivery_date"])
        # One statement for hundreds of units: the ORM has nothing to add to the first row of a unit just made.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO after_sales_unit_owner (
                    unit_id, company_id, partner_id, date_from, create_uid, create_date, write_uid, write_date
                )
                SELECT id, company_id, partner_id, COALESCE(delivery_date, %(today)s),
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM after_sales_unit
                 WHERE id = ANY(%(ids)s) AND partner_id IS NOT NULL
                """,
                today=fields.Date.context_today(self),
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=self.ids,
            )
        )
        self.invalidate_recordset(["owner_ids"], flush=False)

    def _record_new_owner(self, owners):
        """The unit changed hands: close the old row, open the new one, tell the warranties."""
        today = self.env.context.get("after_sales_owner_day") or fields.Date.context_today(self)
        before = self.owner_ids.filtered(lambda row: not row.date_to)
        since = {row.unit_id: max(row.date_from, today) for row in before}
        before._close(today)
        # One open row at a time: the old one is closed in the database before the new one comes.
        self.owner_ids.flush_recordset(["date_to"])
        # Rows of the owner history are written by the unit, never by hand.
        self.env["after.sales.unit.owner"].sudo().create(
            [
                {"unit_id": unit.id, "partner_id": unit.partner_id.id, "date_from": since.get(unit, today)}
                for unit in self
                if unit.partner_id
            ]
        )
        transferred = self.filtered(
            lambda u: (
                owners[u] and u.partner_id and owners[u].commercial_partner_id != u.commercial_partner_id
            )
        )
        transferred.warranty_ids._transfer(today, keep=self.env.context.get("after_sales_keep_cover"))

    def _get_owned_since(self):
        """The day on which the unit came to its present owner from another one; None for its first owner, who may have had
        it long before it was entered here."""
        self.ensure_one()
        # sudo: whoever sells a contract need not see whose the unit was before
        rows_sudo = self.sudo().owner_ids
        present = rows_sudo.filtered(lambda row: not row.date_to)
        return present.date_from if present and rows_sudo - present else None

    def _change_owner(self, partner, day, site=None, keep_cover=None):
        """Hand the units to ``partner`` on ``day``; ``keep_cover`` says why cover of the first owner goes on."""
        vals = {"partner_id": partner.id, "site_id": (site or partner).id}
        self.with_context(after_sales_owner_day=day, after_sales_keep_cover=keep_cover).write(vals)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesUnitTransfer(models.TransientModel):
    """Units pass to another owner: who, when, where, and what becomes of cover given to the first owner only."""

    _name = "after.sales.unit.transfer"
    _description = "Change of Owner"

    unit_ids = fields.Many2many("after.sales.unit", string="Installed Units", required=True)
    partner_id = fields.Many2one("res.partner", "New Owner", required=True)
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        help="Where the units will stand. Empty: at the new owner's.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text()
    lost_warranty_ids = fields.Many2many("after.sales.warranty", compute="_compute_lost_warranty_ids")
    cover = fields.Selection(
        [("end", "They end with the change of owner"), ("keep", "They go on, as an exception")],
        "Warranties of the First Owner",
        required=True,
        default="end",
    )

    @api.depends("partner_id")
    def _compute_site_id(self):
        for wizard in self:
            wizard.site_id = wizard.partner_id

    @api.depends("unit_ids", "partner_id", "date")
    def _compute_lost_warranty_ids(self):
        """What the old owner was promised and the new one was not."""
        for wizard in self:
            new = wizard.partner_id.commercial_partner_id
            units = wizard.unit_ids.filtered(
                lambda u, new=new: u.partner_id and u.commercial_partner_id._origin != new._origin
            )
            day = wizard.date or fields.Date.context_today(wizard)
            wizard.lost_warranty_ids = units.warranty_ids.filtered(
                lambda w, day=day: not w.transferable and w._get_state(day) in ("active", "pending")
            )

    def action_transfer(self):
        self.ensure_one()
        self.unit_ids.check_access("write")
        self._check_units()
        keep = self._get_exception() if self.lost_warranty_ids and self.cover == "keep" else None
        self.unit_ids._change_owner(self.partner_id, self.date, self.site_id, keep)
        for unit in self.unit_ids if self.note else ():
            unit.message_post(body=self.note)
        return {"type": "ir.actions.act_window_close"}

    def _check_units(self):
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._("A change of owner is recorded when it has happened: the date is in the future.")
            )
        for unit in self.unit_ids:
            since = unit.owner_ids.filtered(lambda row: not row.date_to).date_from
            if unit.state == "ended":
                raise UserError(self.env._("%s is no longer in service.", unit.display_name))
            if unit.partner_id == self.partner_id:
                raise UserError(
                    self.env._(
                        "%(unit)s belongs to %(owner)s already.",
                        unit=unit.display_name,
                        owner=self.partner_id.display_name,
                    )
                )
            if since and self.date < since:
                raise UserError(
                    self.env._(
                        "%(owner)s owns %(unit)s since %(day)s: choose a later date.",
                        owner=unit.partner_id.display_name,
                        unit=unit.display_name,
                        day=format_date(self.env, since),
                    )
                )

    def _get_exception(self):
        """Why cover goes on that was given to the first owner only."""
        if not self.env.user.has_group("after_sales_warranty.group_after_sales_manager"):
            raise UserError(self.env._("Only a manager lets a warranty of the first owner go on."))
        if not self.note:
            raise UserError(self.env._("Write in the note why the warranties of the first owner go on."))
        return self.note

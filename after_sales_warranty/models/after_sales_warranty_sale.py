from datetime import timedelta

from odoo import api, fields, models


class AfterSalesWarranty(models.Model):
    """A warranty that was sold: its order line, and what happens when the sale is undone."""

    _inherit = "after.sales.warranty"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Sales Order Line",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    sale_order_id = fields.Many2one(related="sale_line_id.order_id", string="Sales Order")
    withdrawn_on = fields.Date(
        readonly=True, copy=False, help="Day on which the sale of this extension was undone."
    )

    _sale_line_uniq = models.UniqueIndex(
        "(unit_id, sale_line_id) WHERE sale_line_id IS NOT NULL AND withdrawn_on IS NULL",
        "This order line has extended the warranty of the unit already.",
    )

    def action_view_sale_order(self):
        self.ensure_one()
        return self.unit_id._get_record_action_for(self.sale_order_id)

    def _withdraw(self, reason, line):
        """Undo sold extensions that have not started; return those that have, which a person decides."""
        today = fields.Date.context_today(self)
        early = self.filtered(lambda w: not w.date_start or w.date_start > today)
        early.filtered(lambda w: not w.ended_by)._add_event(
            "void", today, reason=reason, res_model=line._name, res_id=line.id
        )
        early.withdrawn_on = today
        early.flush_recordset(["withdrawn_on"])
        return self - early

    def _take_back(self, reason):
        """End sold extensions whose unit came back; what was paid for them is another matter."""
        if not self:
            return
        today = fields.Date.context_today(self)
        for warranty in self.filtered(lambda w: not w.ended_by):
            origin = {"res_model": warranty.sale_line_id._name, "res_id": warranty.sale_line_id.id}
            warranty._add_event("void", today, reason=reason, **origin)
        self.withdrawn_on = today
        self.flush_recordset(["withdrawn_on"])
        self._after_taken_back()

    def _after_taken_back(self):
        """Called once on sold extensions that ended because their unit came back.

        Override it to credit them; until a credit note is posted the salesperson has it to do.
        """

    def _start_pending(self):
        """What was sold to follow a cover can begin once the cover itself has begun."""
        events = super()._start_pending()
        units_sudo = events.unit_id
        if units_sudo:
            lines_sudo = self.env["sale.order.line"].sudo()._get_extensions_of(units_sudo)
            lines_sudo.order_id._settle_after_sales_extensions()
        return events

    @api.model
    def _push_extensions(self, units):
        """Let sold extensions that wait follow the cover they wait for, which became longer or shorter.

        Nothing moves when no other cover is left to follow, and nothing begins in the past.
        """
        today = fields.Date.context_today(self)
        # The cover of a unit decides, whoever recorded what changed it.
        waiting_sudo = self.sudo().search(
            [
                ("unit_id", "in", units.ids),
                ("sale_line_id", "!=", False),
                ("date_start", ">", today),
                ("ended_by", "=", False),
            ],
            order="date_start, id",
        )
        for unit in waiting_sudo.unit_id:
            mine = waiting_sudo.filtered(lambda w, unit=unit: w.unit_id == unit)
            others = unit._get_whole_warranties() - mine
            end = max((w.date_end for w in others if w.date_end and not w.ended_by), default=None)
            for warranty in mine if end else ():
                warranty._move_start(max(end + timedelta(days=1), today))
                end = max(end, warranty.date_end)

    def _move_start(self, day):
        """Begin on ``day`` instead; time that was given to a cover that has not begun goes along."""
        self.ensure_one()
        if self.date_start == day:
            return
        given = self.event_ids.filtered(lambda event: event.kind == "extension" and event.date < day)
        given.date = day
        self.event_ids.filtered(lambda event: event.kind == "start").date = day

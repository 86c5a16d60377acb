from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AfterSalesIntervention(models.Model):
    """Which parts of a visit are not there yet."""

    _inherit = "after.sales.intervention"

    missing_parts = fields.Char(compute="_compute_missing_parts")
    has_missing_parts = fields.Boolean(
        compute="_compute_missing_parts", search="_search_has_missing_parts", string="Parts Missing"
    )
    ordered_parts = fields.Char(
        compute="_compute_missing_parts",
        help="What is not there yet but on its way, and when it is expected.",
    )

    @api.depends("part_ids.availability")
    @api.depends_context("lang")
    def _compute_missing_parts(self):
        for record in self:
            missing = record.part_ids.filtered(lambda part: part.availability == "missing")
            ordered = record.part_ids.filtered(lambda part: part.availability == "ordered")
            record.missing_parts = ", ".join(missing.mapped("display_name"))
            record.ordered_parts = ", ".join(part._describe_expected() for part in ordered)
            record.has_missing_parts = bool(missing | ordered)

    def _search_has_missing_parts(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: whoever sees a visit may know that parts are missing; moves are for stock users
        short = Domain("reserve_move_id.state", "in", ["confirmed", "partially_available"])
        parts_sudo = self.env["after.sales.intervention.part"].sudo().search(short)
        return Domain("id", "in", parts_sudo.intervention_id.ids)

    def write(self, vals):
        result = super().write(vals)
        if not {"technician_ids", "technician_id", "date_start"}.isdisjoint(vals):
            planned = self.filtered(lambda record: record.state == "planned")
            planned.part_ids._reserve()
        return result

    def action_replenish(self):
        """Order what is missing to where it will be taken from; for technicians and agents of the visit."""
        self.check_access("write")
        for record in self:
            if record.state != "planned":
                raise UserError(self.env._("Parts are ordered for planned visits: %s is not.", record.name))
            done = record.part_ids._replenish()
            if not done:
                raise UserError(self.env._("Nothing of %s is missing, or it is on its way.", record.name))
            record.message_post(body=self.env._("Parts ordered: %s.", "; ".join(done)))

    def _after_plan(self):
        self.part_ids._reserve()
        return super()._after_plan()

    def action_cancel(self):
        result = super().action_cancel()
        self.part_ids._release()
        return result

    def _get_warehouse(self):
        self.ensure_one()
        # sudo: technicians read no warehouses
        return self.env["stock.warehouse"].sudo().search([("company_id", "=", self.company_id.id)], limit=1)

    def _get_warehouse_location(self):
        """Where the company keeps its parts."""
        return self._get_warehouse().lot_stock_id

from odoo import fields, models

from odoo.addons.after_sales_warranty.tools.warranty import add_period


class AfterSalesIntervention(models.Model):
    """A finished visit gives a warranty on the parts that it put in, and on nothing else (D60, L34)."""

    _inherit = "after.sales.intervention"

    def _done(self):
        result = super()._done()
        # After the charges: who pays for a part is not decided by the warranty that the part brings along.
        self._cover_fitted_parts()
        return result

    def action_reopen(self):
        result = super().action_reopen()
        # sudo: by hand only managers void a warranty; this one is given anew when the visit is finished again
        warranty_sudo = self.env["after.sales.warranty"].sudo()
        for visit in self:
            warranty_sudo._take_back_repair(visit, self.env._("%s was reopened.", visit.name))
        return result

    def _cover_fitted_parts(self):
        # sudo: a technician finishes his work without a right on units
        for visit in self.sudo().filtered("company_id.after_sales_repair_months"):
            day, reason = visit._get_last_day(), self.env._("Visit %s", visit.name)
            until = add_period(day, months=visit.company_id.after_sales_repair_months)
            parts = visit._get_fitted_parts().filtered("move_id")
            for unit, fitted in parts.grouped(lambda p, v=visit: p.fitted_unit_id or v.unit_id).items():
                # What became a unit of its own mostly has a warranty of its own, at least as long.
                end = unit in fitted.fitted_unit_id and unit.warranty_end
                if not end or end < until:
                    unit._cover_new_parts(fitted.product_id, visit, day, reason)

    def _get_last_day(self):
        """The day on which the work ended, where the technician was."""
        self.ensure_one()
        moment = max(self.session_ids.filtered("date_stop").mapped("date_stop"), default=self.date_done)
        return fields.Datetime.context_timestamp(self.with_context(tz=self._get_zone()), moment).date()

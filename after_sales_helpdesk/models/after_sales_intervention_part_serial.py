from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.after_sales_warranty.tools import serial_keys


class AfterSalesInterventionPart(models.Model):
    """What was taken out for a part, by serial number: the old and the new one know each other (D63)."""

    _inherit = "after.sales.intervention.part"

    visit_unit_id = fields.Many2one(related="intervention_id.unit_id", string="Unit of the Visit")
    removed_unit_id = fields.Many2one(
        "after.sales.unit",
        "Replaced Unit",
        compute="_compute_removed_unit_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="['|', ('id', '=', visit_unit_id), ('parent_id', '=', visit_unit_id), ('state', '!=', 'ended')]",
        help="The unit, or a component of it with a record of its own, that the part takes the place of.",
    )
    fitted_unit_id = fields.Many2one(
        "after.sales.unit", "Replacement", readonly=True, copy=False, index="btree_not_null"
    )

    @api.depends("removed_serial", "intervention_id.unit_id")
    def _compute_removed_unit_id(self):
        """A serial number typed in that is the unit's, or that of a component of it."""
        for part in self:
            unit = part.intervention_id.unit_id
            typed = serial_keys.compact(part.removed_serial or "")
            if typed and unit:
                same = (unit | unit.child_ids).filtered(
                    lambda u, t=typed: u.state != "ended" and serial_keys.compact(u.serial or "") == t
                )
                part.removed_unit_id = same[:1] or part.removed_unit_id
            else:
                part.removed_unit_id = part.removed_unit_id

    @api.constrains("removed_unit_id")
    def _check_removed_unit(self):
        for part in self.filtered("removed_unit_id"):
            customer = part.intervention_id.commercial_partner_id
            if part.removed_unit_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(unit)s belongs to another customer than %(visit)s.",
                        unit=part.removed_unit_id.display_name,
                        visit=part.intervention_id.name,
                    )
                )

    def _record_replacements(self):
        """Write down, on the old and the new unit, what took the place of what. For parts just taken out of stock."""
        # sudo: technicians read units only; the caller has checked that he may finish the visit
        for part in self.sudo():
            visit = part.intervention_id
            if part.removed_unit_id and not part.fitted_unit_id:
                part._replace_unit()
            elif visit.unit_id and (part.lot_id or part.removed_serial):
                visit.unit_id.message_post(
                    body=self.env._(
                        "%(visit)s: %(part)s fitted, serial number %(new)s in place of %(old)s.",
                        visit=visit.name,
                        part=part.product_id.display_name,
                        new=part.lot_id.name or "-",
                        old=part.removed_serial or "-",
                    )
                )

    def _replace_unit(self):
        self.ensure_one()
        unit = self.env["after.sales.unit"].create(self._prepare_fitted_unit_vals())
        self.removed_unit_id._replace_with(unit, self.intervention_id._get_charge_date())
        self.fitted_unit_id = unit

    def _prepare_fitted_unit_vals(self):
        self.ensure_one()
        old = self.removed_unit_id
        return {
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "serial": self.lot_id.name,
            "quantity": self.uom_id._compute_quantity(self.quantity, self.product_id.uom_id),
            "parent_id": old.parent_id.id,
            "partner_id": old.partner_id.id,
            "site_id": old.site_id.id,
            "company_id": self.company_id.id,
            "delivery_date": self.intervention_id._get_charge_date(),
            "move_id": self.move_id.id,
        }

from odoo import api, fields, models
from odoo.tools import format_date


class AfterSalesUnitLookup(models.TransientModel):
    """One question on the phone: is this ours, whose is it, and is it covered?"""

    _name = "after.sales.unit.lookup"
    _description = "Look Up a Serial"

    query = fields.Char("Serial, Customer or Document")
    unit_ids = fields.Many2many("after.sales.unit", string="Installed Units", compute="_compute_answer")
    answer = fields.Selection(
        [
            ("covered", "Sold and Covered"),
            ("uncovered", "Sold, Not Covered"),
            ("ended", "No Longer in Service"),
            ("several", "Several"),
            ("in_stock", "Not Delivered"),
            ("unknown", "Not Sold by Us"),
        ],
        "Result",
        compute="_compute_answer",
    )
    message = fields.Text("Answer", compute="_compute_answer")

    @api.depends("query")
    @api.depends_context("lang")
    def _compute_answer(self):
        for wizard in self:
            way, units = self.env["after.sales.unit"]._look_up(wizard.query)
            wizard.unit_ids = units
            wizard.answer = wizard._get_answer(units)
            lines = [wizard._get_way_text(way), wizard._get_answer_text(wizard.answer, units)]
            wizard.message = "\n".join(line for line in lines if line) or False

    def _get_answer(self, units):
        if not (self.query or "").strip():
            return False
        if len(units) > 1:
            return "several"
        if not units:
            lots = self.env["stock.lot"].search_count([("name", "=ilike", self.query.strip())], limit=1)
            return "in_stock" if lots else "unknown"
        if units.state == "ended":
            return "ended"
        covered = "in_warranty" in (units | units._get_kit()).mapped("warranty_state")
        return "covered" if covered else "uncovered"

    @api.model
    def _get_way_text(self, way):
        return {
            "lookalike": self.env._("No unit has exactly this serial number; this one reads alike."),
            "former": self.env._("Found by a serial number that was corrected since."),
            "document": self.env._("Found by the number of an order, a delivery or an invoice."),
            "part": self.env._("Found by a part of the serial number."),
            "customer": self.env._("Found by the name of the customer."),
            "product": self.env._("Found by the product."),
            "similar": self.env._("No unit has this serial number. Was one of these meant?"),
        }.get(way, "")

    @api.model
    def _get_answer_text(self, answer, units):
        if answer == "several":
            return self.env._("%s units match: choose one.", len(units))
        if answer == "in_stock":
            return self.env._("We know this serial number, but have not delivered it to a customer.")
        if answer == "unknown":
            return self.env._("Not sold by us: no unit, order, delivery or invoice of ours has it.")
        return f"{self._get_sale_text(units)} {self._get_cover_text(units)}" if units else ""

    @api.model
    def _get_sale_text(self, unit):
        names = {
            "owner": unit.partner_id.display_name or self.env._("an unknown owner"),
            "day": format_date(self.env, unit.delivery_date) or self.env._("an unknown day"),
        }
        if unit.move_id or unit.sale_order_id:
            return self.env._("Sold by us to %(owner)s on %(day)s.", **names)
        return self.env._("On record for %(owner)s, delivered on %(day)s.", **names)

    @api.model
    def _get_cover_text(self, unit):
        labels = dict(unit._fields["custody"]._description_selection(self.env))
        if unit.replaced_by_id:
            return self.env._("It was replaced by %s.", unit.replaced_by_id.display_name)
        if unit.state != "in_service":
            return self.env._("It is not in service: %s.", labels[unit.custody])
        if unit.warranty_state == "in_warranty":
            return self.env._("Covered until %s.", format_date(self.env, unit.warranty_end))
        kit = unit._get_kit()
        if kit.warranty_state == "in_warranty":
            return self.env._(
                "Covered until %(day)s as a part of %(kit)s.",
                day=format_date(self.env, kit.warranty_end),
                kit=kit.display_name,
            )
        waiting = unit.warranty_ids.filtered(lambda warranty: warranty.state == "pending")
        if waiting:
            return " ".join(warranty._get_waiting_text() for warranty in waiting)
        if unit.warranty_end:
            return self.env._("The cover ended on %s.", format_date(self.env, unit.warranty_end))
        return self.env._("It has no warranty.")

    def action_look_up(self):
        """Ask again, in the same window."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_unit_lookup_action"
        )
        return {**action, "res_id": self.id}

    def action_open(self):
        """Open the unit found, or the list of those found."""
        self.ensure_one()
        if len(self.unit_ids) == 1:
            return self.unit_ids._get_record_action_for(self.unit_ids)
        return self.unit_ids._get_list_action([("id", "in", self.unit_ids.ids)])

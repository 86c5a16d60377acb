from odoo import api, models


class AfterSalesUnit(models.Model):
    """The smart buttons of a unit, and its import template."""

    _inherit = "after.sales.unit"

    def action_open(self):
        """Open the unit from a list in a window of another record."""
        return self._get_record_action_for(self)

    def action_view_lot(self):
        return self._get_record_action_for(self.lot_id)

    def action_view_sale_order(self):
        return self._get_record_action_for(self.sale_order_id)

    def action_view_picking(self):
        return self._get_record_action_for(self.picking_id)

    def action_view_parent(self):
        return self._get_record_action_for(self.parent_id)

    def action_view_children(self):
        self.ensure_one()
        return self._get_list_action([("parent_id", "=", self.id)], default_parent_id=self.id)

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import template for installed units"),
                "template": "/after_sales_warranty/static/import/installed_units.csv",
            }
        ]

    @api.model
    def _get_record_action_for(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    @api.model
    def _get_list_action(self, domain, **context):
        """The list of units on a domain, for the smart buttons of other records."""
        action = self.env["ir.actions.actions"]._for_xml_id("after_sales_warranty.after_sales_unit_action")
        return {**action, "domain": domain, "context": context}

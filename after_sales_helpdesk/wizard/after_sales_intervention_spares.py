from odoo import api, fields, models


class AfterSalesInterventionSpares(models.TransientModel):
    """Choose parts of a visit from the spare list of the product."""

    _name = "after.sales.intervention.spares"
    _description = "Spare Parts for an Intervention"

    intervention_id = fields.Many2one("after.sales.intervention", required=True, readonly=True)
    available_ids = fields.Many2many("product.product", compute="_compute_available_ids")
    product_ids = fields.Many2many(
        "product.product", string="Spare Parts", domain="[('id', 'in', available_ids)]"
    )

    @api.depends("intervention_id")
    def _compute_available_ids(self):
        for wizard in self:
            wizard.available_ids = wizard.intervention_id._get_offered_spares()

    def action_add(self):
        """Put one of each chosen part on the visit."""
        self.ensure_one()
        self.intervention_id.check_access("write")
        self.intervention_id._ensure_open()
        self.env["after.sales.intervention.part"].create(
            [
                {"intervention_id": self.intervention_id.id, "product_id": product.id}
                for product in self.product_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}

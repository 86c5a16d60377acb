from odoo import api, fields, models


class AfterSalesInterventionPhoto(models.Model):
    """A picture taken on a visit: the damage, the type plate, the work done."""

    _name = "after.sales.intervention.photo"
    _description = "Photo of an Intervention"
    _order = "sequence, id"

    intervention_id = fields.Many2one(
        "after.sales.intervention", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    image = fields.Image("Photo", required=True, max_width=1920, max_height=1920)
    image_256 = fields.Image("Thumbnail", related="image", max_width=256, max_height=256, store=True)
    name = fields.Char("Caption")
    moment = fields.Selection(
        [("before", "Before"), ("during", "During the Work"), ("after", "After")], default="before"
    )
    is_printed = fields.Boolean("On the Report", help="Printed at the end of the work report.")

    @api.constrains("image", "name", "moment", "intervention_id")
    def _check_open(self):
        self.intervention_id._ensure_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.intervention_id._ensure_open()

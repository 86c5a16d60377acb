from odoo import fields, models


class AfterSalesUnitOwner(models.Model):
    """Who owned a unit from when until when; one open row at most."""

    _name = "after.sales.unit.owner"
    _description = "Owner of an Installed Unit"
    _order = "date_from desc, id desc"

    unit_id = fields.Many2one(
        "after.sales.unit", "Installed Unit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one("res.partner", "Owner", required=True, index=True, ondelete="restrict")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until")

    _open_uniq = models.UniqueIndex("(unit_id) WHERE date_to IS NULL", "A unit has one owner at a time.")

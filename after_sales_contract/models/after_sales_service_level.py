from odoo import fields, models

PRIORITIES = [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very high")]


class AfterSalesServiceLevel(models.Model):
    """A package of intervention times; the clocks themselves run on the call."""

    _name = "after.sales.service.level"
    _description = "Service Level"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)
    priority = fields.Selection(PRIORITIES, default="1", required=True, help="Priority that a call gets.")
    response_hours = fields.Float(help="Working hours until the first answer; 0 = not promised.")
    on_site_hours = fields.Float(help="Working hours until a technician is on site; 0 = not promised.")
    restore_hours = fields.Float(help="Working hours until the product works again; 0 = not promised.")
    resolve_hours = fields.Float(help="Working hours until the cause is removed; 0 = not promised.")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Calendar",
        check_company=True,
        help="Empty: the calendar of the team or company.",
    )
    company_id = fields.Many2one("res.company")
    active = fields.Boolean(default=True)

    _hours_positive = models.Constraint(
        "CHECK (response_hours >= 0 AND on_site_hours >= 0 AND restore_hours >= 0 AND resolve_hours >= 0)",
        "The times of a service level cannot be negative.",
    )

from odoo import fields, models


class AfterSalesRulePack(models.Model):
    """A body of law: the rules that hold together in some countries."""

    _name = "after.sales.rule.pack"
    _description = "Warranty Rule Pack"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    country_ids = fields.Many2many("res.country", string="Countries", help="Where the pack holds by default.")
    rule_ids = fields.One2many("after.sales.warranty.rule", "pack_id", "Rules")
    note = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "This rule pack exists already.")

from odoo import fields, models


class AfterSalesReturnPolicy(models.Model):
    """How a kind of return goes: what is checked, when the repair order is made, what becomes of the goods."""

    _name = "after.sales.return.policy"
    _description = "Return Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.return.line"]._fields["outcome"]._description_selection(self.env)
        ),
        string="Usual Outcome",
        default="repair",
        required=True,
    )
    inspect = fields.Boolean(
        "Inspect Before Acceptance",
        default=True,
        help="Goods are accepted only after somebody looked at them.",
    )
    repair_on = fields.Selection(
        [("receipt", "On receipt"), ("acceptance", "On acceptance"), ("never", "By hand")],
        "Make Repair Order",
        default="acceptance",
        required=True,
    )
    claim_required = fields.Boolean(
        "Needs a Warranty Claim", help="Goods come back only under a warranty claim that was authorised."
    )
    valid_days = fields.Integer(
        "Valid For (days)", default=30, help="How long the customer may send the goods; 0 means without end."
    )
    take_over_location_id = fields.Many2one(
        "stock.location",
        "Taken Over Into",
        company_dependent=True,
        check_company=True,
        domain=[("usage", "=", "internal")],
        help="Where goods lie that become ours by exchange or refund. Without it they are scrapped.",
    )
    instructions = fields.Text(
        "Packing Instructions", translate=True, help="Printed on the label for the customer."
    )

    _valid_positive = models.Constraint(
        "CHECK (valid_days >= 0)", "The days for which a return is valid cannot be negative."
    )

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import recovery


class AfterSalesSupplierTerm(models.Model):
    """What a supplier agreed to bear when his goods fail under his warranty: a share of each kind of cost, dated."""

    _name = "after.sales.supplier.term"
    _description = "Recovery Agreement With a Supplier"
    _order = "partner_id, cost_class, date_from desc, id"
    _rec_name = "cost_class"

    partner_id = fields.Many2one("res.partner", "Supplier", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", index=True, help="When empty, it holds in all companies.")
    cost_class = fields.Selection(
        selection=lambda self: (
            self.env["after.sales.ticket.coverage"]._fields["cost_class"]._description_selection(self.env)
        ),
        required=True,
    )
    share = fields.Float(default=1.0, required=True, digits=(9, 6))
    basis = fields.Selection(
        [("cost", "Real cost"), ("price", "Tariff price")],
        default="cost",
        required=True,
        help="What the share is taken of: what the work or part cost us, or what a customer would pay for it.",
    )
    date_from = fields.Date("From", help="First day of a fault for which this is agreed.")
    date_to = fields.Date("To")

    _share_range = models.Constraint("CHECK (share > 0 AND share <= 1)", "A share lies between 0 and 100 %.")
    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_from <= date_to)",
        "An agreement cannot end before it begins.",
    )
    _once = models.UniqueIndex(
        "(partner_id, cost_class, COALESCE(company_id, 0), COALESCE(date_from, '0001-01-01'::date))",
        "This cost is agreed twice from the same day.",
    )

    @api.constrains("partner_id")
    def _check_partner(self):
        for term in self:
            if term.partner_id != term.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Agreements belong to the company %s, not to one of its contacts.",
                        term.partner_id.commercial_partner_id.display_name,
                    )
                )

    def _get_facts(self):
        return [
            recovery.Term(
                term.cost_class,
                term.share,
                term.basis,
                term.date_from or None,
                term.date_to or None,
                term.company_id.id or 0,
            )
            for term in self
        ]

from odoo import api, fields, models

from .after_sales_service_level import PRIORITIES


class AfterSalesRegime(models.Model):
    """Under which agreement a call is served: in warranty, contract, post-warranty, on demand.

    What differs between them is data on the record (operational and cost rules), never an ``if`` on the code.
    """

    _name = "after.sales.regime"
    _description = "Service Regime"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="What coverage decisions answer, e.g. warranty, contract, on_demand."
    )
    sequence = fields.Integer(default=10)
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    # === Operational rules ===#
    requires_authorisation = fields.Boolean(
        help="An intervention is planned only after somebody authorised it."
    )
    requires_quotation = fields.Boolean(
        help="What the customer pays is quoted and accepted before work begins."
    )
    priority = fields.Selection(PRIORITIES, default="1", help="Priority of a call without service level.")
    service_level_id = fields.Many2one(
        "after.sales.service.level", help="Used when no contract promises another."
    )

    # === Cost rules ===#
    tariff_id = fields.Many2one(
        "after.sales.tariff",
        company_dependent=True,
        help="Prices used when neither contract, site nor customer has its own tariff.",
    )
    show_covered_lines = fields.Boolean(
        default=True, help="What costs the customer nothing is shown to him at a discount of 100 %."
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "There is already a regime with this code.")

    @api.model
    def _get_by_code(self, code):
        """The regime that a coverage decision names; empty when it was archived."""
        return self.search([("code", "=", code)], limit=1)

from odoo import api, fields, models


class AfterSalesPoolThreshold(models.Model):
    """When somebody is told that an hour pool runs out, and who."""

    _name = "after.sales.pool.threshold"
    _description = "Threshold of Hour Pools"
    _order = "kind desc, value, recipient, id"

    kind = fields.Selection(
        [("used", "Hours used (%)"), ("days", "Days before the end, with hours left")],
        "Reached by",
        default="used",
        required=True,
    )
    value = fields.Integer(
        required=True, default=80, help="Percent of the bought hours (over 100: beyond the pool), or days."
    )
    recipient = fields.Selection(
        [("responsible", "Responsible of the contract"), ("customer", "Customer, by e-mail")],
        "Who Is Told",
        default="responsible",
        required=True,
    )
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    active = fields.Boolean(default=True)

    _value_positive = models.Constraint("CHECK (value > 0)", "A threshold is above zero.")
    _value_uniq = models.UniqueIndex(
        "(kind, value, recipient, COALESCE(company_id, 0))", "This threshold exists already."
    )

    @api.depends("kind", "value", "recipient")
    @api.depends_context("lang")
    def _compute_display_name(self):
        recipients = dict(self._fields["recipient"]._description_selection(self.env))
        for threshold in self:
            words = {"value": threshold.value, "who": recipients.get(threshold.recipient, "")}
            threshold.display_name = (
                self.env._("%(value)d %% used: %(who)s", **words)
                if threshold.kind == "used"
                else self.env._("1 day before the end: %(who)s", **words)
                if threshold.value == 1
                else self.env._("%(value)d days before the end: %(who)s", **words)
            )

    @api.model
    def _get_default(self, company):
        """The thresholds of a new pool: those of its company and the shared ones."""
        return self.search([("company_id", "in", [False, company.id])])

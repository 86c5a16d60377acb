from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesWarrantyGrant(models.TransientModel):
    """Give units one more warranty by hand: an extension that was sold or granted."""

    _name = "after.sales.warranty.grant"
    _description = "Give a Warranty"

    unit_ids = fields.Many2many("after.sales.unit", string="Installed Units", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    term_id = fields.Many2one(
        "after.sales.warranty.term",
        required=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    start = fields.Selection(
        [
            ("after", "When the running warranty ends"),
            ("basis", "When the term says"),
            ("date", "On a date"),
        ],
        required=True,
        default="after",
    )
    date_start = fields.Date("Date", default=fields.Date.context_today)
    reason = fields.Char(required=True)

    @api.depends("unit_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.unit_ids.company_id[:1]

    def action_grant(self):
        self.ensure_one()
        self.unit_ids.check_access("write")
        if len(self.unit_ids.company_id) > 1:
            raise UserError(self.env._("Choose units of one company."))
        starts = {unit: self._get_start(unit) for unit in self.unit_ids}
        warranties = self.env["after.sales.warranty"]._grant(
            [(unit, self.term_id) for unit in self.unit_ids], starts=starts, reason=self.reason
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_warranty_action"
        )
        return {**action, "domain": [("id", "in", warranties.ids)], "context": {}}

    def _get_start(self, unit):
        """First day of the new warranty; None lets the term decide."""
        today = fields.Date.context_today(self)
        if self.start == "date":
            return self.date_start
        if self.start == "after":
            return max(unit.warranty_end + timedelta(days=1), today) if unit.warranty_end else today
        return None

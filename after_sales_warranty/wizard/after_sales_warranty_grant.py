from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesWarrantyGrant(models.TransientModel):
    """Give units one more warranty that was not sold. What is more than an agent may give is asked for."""

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

    def _prepare_goodwill_vals(self, unit):
        return {
            "unit_id": unit.id,
            "term_id": self.term_id.id,
            "start": self.start,
            "date_start": self.date_start if self.start == "date" else False,
            "reason": self.reason,
        }

    def action_grant(self):
        self.ensure_one()
        self.unit_ids.check_access("write")
        if len(self.unit_ids.company_id) > 1:
            raise UserError(self.env._("Choose units of one company."))
        # What a person gave is kept for ever, so nobody writes it but through this form.
        goodwills_sudo = (
            self.env["after.sales.goodwill"]
            .sudo()
            .create([self._prepare_goodwill_vals(unit) for unit in self.unit_ids])
        )
        goodwills = goodwills_sudo.with_env(self.env)
        goodwills._submit()
        asked = goodwills.filtered(lambda goodwill: goodwill.state == "requested")
        if asked:
            action = self.env["ir.actions.actions"]._for_xml_id(
                "after_sales_warranty.after_sales_goodwill_action"
            )
            return {**action, "domain": [("id", "in", goodwills.ids)], "context": {}}
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_warranty_action"
        )
        return {**action, "domain": [("id", "in", goodwills.warranty_id.ids)], "context": {}}

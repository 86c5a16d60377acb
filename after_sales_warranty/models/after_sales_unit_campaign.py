from odoo import api, fields, models


class AfterSalesUnit(models.Model):
    """The campaigns a unit is in; an open recall is told wherever the unit is looked at."""

    _inherit = "after.sales.unit"

    campaign_unit_ids = fields.One2many(
        "after.sales.campaign.unit",
        "unit_id",
        "Campaigns",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    campaign_count = fields.Integer(
        compute="_compute_campaign_count", groups="after_sales_warranty.group_after_sales_technician"
    )
    open_recall = fields.Text(
        compute="_compute_open_recall",
        search="_search_open_recall",
        groups="after_sales_warranty.group_after_sales_technician",
        help="Recalls that run and in which this unit is not done yet.",
    )

    def _compute_campaign_count(self):
        counts = dict(
            self.env["after.sales.campaign.unit"]._read_group(
                [("unit_id", "in", self.ids)], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.campaign_count = counts.get(unit._origin, 0)

    @api.model
    def _get_open_recall_domain(self):
        """Rows of recalls that run, still to be dealt with."""
        return [
            ("campaign_id.kind", "=", "recall"),
            ("campaign_id.state", "=", "running"),
            ("state", "in", ("todo", "in_progress", "impossible", "refused")),
        ]

    @api.depends_context("lang")
    def _compute_open_recall(self):
        rows = self.env["after.sales.campaign.unit"].search(
            [("unit_id", "in", self.ids), *self._get_open_recall_domain()]
        )
        for unit in self:
            mine = rows.filtered(lambda row, unit=unit: row.unit_id == unit._origin)
            unit.open_recall = "\n".join(
                self.env._("Open product safety recall: %s", row.campaign_id.display_name) for row in mine
            )

    def _get_portal_recalls(self):
        """Rows of the recalls that are open for this unit, for whoever may see its page."""
        self.ensure_one()
        # sudo: the owner has no access to campaigns and is told of his own unit
        return (
            self.env["after.sales.campaign.unit"]
            .sudo()
            .search([("unit_id", "=", self.id), *self._get_open_recall_domain()])
        )

    def _search_open_recall(self, operator, value):
        if operator != "in" or set(value) - {False, ""}:
            return NotImplemented
        return [("campaign_unit_ids", "not any", self._get_open_recall_domain())]

    def action_view_campaigns(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_campaign_unit_action"
        )
        return {**action, "domain": [("unit_id", "=", self.id)], "context": {"create": False}}

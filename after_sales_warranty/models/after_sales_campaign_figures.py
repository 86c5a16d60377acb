from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesCampaign(models.Model):
    """How far a campaign is, and the ways to its rows."""

    _inherit = "after.sales.campaign"

    unit_count = fields.Integer("Units Concerned", compute="_compute_unit_figures")
    existing_count = fields.Integer(
        "Units That Exist",
        compute="_compute_unit_figures",
        help="Without those no longer in use and those that were returned or replaced meanwhile.",
    )
    done_count = fields.Integer("Units Done", compute="_compute_unit_figures")
    completion_rate = fields.Float(
        "Completed (%)", compute="_compute_unit_figures", help="Units done among those that still exist."
    )
    claim_count = fields.Integer("Claims", compute="_compute_unit_figures")
    unknown_owner_count = fields.Integer("Units of Unknown Owners", compute="_compute_unit_figures")
    owner_count = fields.Integer("Owners to Reach", compute="_compute_owner_figures")
    reached_count = fields.Integer("Owners Reached", compute="_compute_owner_figures")
    answered_count = fields.Integer("Owners Who Answered", compute="_compute_owner_figures")
    unreachable_count = fields.Integer("Owners Not Reached", compute="_compute_owner_figures")
    left_out_count = fields.Integer("Owners Left Out", compute="_compute_owner_figures")

    @api.depends("unit_ids.state", "unit_ids.owner_id", "unit_ids.claim_id")
    def _compute_unit_figures(self):
        mine = Domain("campaign_id", "in", self.ids)
        gone = Domain("state", "=", "gone") | (
            Domain("state", "!=", "done") & Domain("unit_id.state", "=", "ended")
        )
        domains = {
            "unit_count": Domain.TRUE,
            "existing_count": ~gone,
            "done_count": Domain("state", "=", "done"),
            "claim_count": Domain("claim_id", "!=", False),
            "unknown_owner_count": Domain("owner_id", "=", False),
        }
        rows = self.env["after.sales.campaign.unit"]
        for name, domain in domains.items():
            counts = dict(rows._read_group(mine & domain, ["campaign_id"], ["__count"]))
            for campaign in self:
                campaign[name] = counts.get(campaign._origin, 0)
        for campaign in self:
            existing = campaign.existing_count
            campaign.completion_rate = 100.0 * campaign.done_count / existing if existing else 0.0

    @api.depends("owner_ids.state", "owner_ids.date_letter")
    def _compute_owner_figures(self):
        counts = {}
        rows = self.env["after.sales.campaign.owner"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id", "state", "date_letter:year"], ["__count"]
        )
        for campaign, state, letter, count in rows:
            figures = counts.setdefault(
                campaign, dict.fromkeys(("all", "reached", *self._get_owner_states()), 0)
            )
            figures[state] += count
            if state != "left_out":
                figures["all"] += count
            if state in ("notified", "read", "answered") or (state == "unreachable" and letter):
                figures["reached"] += count
        for campaign in self:
            figures = counts.get(campaign._origin, {})
            campaign.owner_count = figures.get("all", 0)
            campaign.reached_count = figures.get("reached", 0)
            campaign.answered_count = figures.get("answered", 0)
            campaign.unreachable_count = figures.get("unreachable", 0)
            campaign.left_out_count = figures.get("left_out", 0)

    @api.model
    def _get_owner_states(self):
        return self.env["after.sales.campaign.owner"]._fields["state"].get_values(self.env)

    # === ACTIONS === #

    def action_view_units(self):
        return self._get_row_action("after_sales_campaign_unit_action")

    def action_view_owners(self):
        return self._get_row_action("after_sales_campaign_owner_action")

    def _get_row_action(self, name):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(f"after_sales_warranty.{name}")
        return {**action, "domain": [("campaign_id", "=", self.id)], "context": {"create": False}}

    def action_view_claims(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("after_sales_warranty.after_sales_claim_action")
        domain = [("campaign_unit_ids.campaign_id", "=", self.id)]
        return {**action, "domain": domain, "context": {"create": False}}

    def action_print_letters(self):
        """The letters of all owners whom no message reaches and who have a postal address."""
        self.ensure_one()
        return self.owner_ids.filtered(lambda o: o.state == "unreachable").action_print_letter()

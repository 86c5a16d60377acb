from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AfterSalesCampaignUnit(models.Model):
    """One unit in a campaign: what its owner wants and what became of it."""

    _name = "after.sales.campaign.unit"
    _description = "Unit in a Campaign"
    _order = "campaign_id desc, id"
    _rec_name = "unit_id"
    _check_company_auto = True

    campaign_id = fields.Many2one("after.sales.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="campaign_id.company_id", store=True, index=True, precompute=True)
    kind = fields.Selection(related="campaign_id.kind")
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    product_id = fields.Many2one(related="unit_id.product_id", store=True, index=True, precompute=True)
    serial = fields.Char(related="unit_id.serial")
    owner_id = fields.Many2one("after.sales.campaign.owner", "Owner Row", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Owner", index="btree_not_null", help="The owner when told.")
    state = fields.Selection(
        [
            ("todo", "To Do"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("impossible", "Cannot Be Done"),
            ("refused", "Refused"),
            ("gone", "No Longer in Use"),
        ],
        "Outcome",
        required=True,
        default="todo",
        index=True,
    )
    answer = fields.Selection(
        [
            ("wanted", "Wants It"),
            ("refused", "Does Not Want It"),
            ("passed_on", "Passed On"),
            ("disposed", "Disposed Of"),
        ],
        readonly=True,
    )
    remedy_id = fields.Many2one("after.sales.campaign.remedy", "Remedy Chosen", index="btree_not_null")
    passed_on_to = fields.Char(help="Who has the unit now, as the owner told it.")
    claim_id = fields.Many2one(
        "after.sales.claim", index="btree_not_null", check_company=True, readonly=True, copy=False
    )
    date_done = fields.Date(
        "Done On", compute="_compute_date_done", store=True, readonly=False, precompute=True, index=True
    )
    note = fields.Char()

    _unit_uniq = models.UniqueIndex("(campaign_id, unit_id)", "This unit is in the campaign already.")
    _claim_uniq = models.UniqueIndex(
        "(claim_id) WHERE claim_id IS NOT NULL", "This claim belongs to another unit of a campaign."
    )

    @api.depends("state")
    def _compute_date_done(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.date_done = (row.date_done or today) if row.state == "done" else False

    @api.constrains("remedy_id")
    def _check_remedy(self):
        for row in self:
            if row.remedy_id and row.remedy_id not in row.campaign_id.remedy_ids:
                raise UserError(
                    self.env._(
                        "%(remedy)s is not offered by %(campaign)s.",
                        remedy=row.remedy_id.name,
                        campaign=row.campaign_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        if self.campaign_id.filtered("date_start"):
            raise UserError(
                self.env._("The campaign was sent: say what became of the unit instead of deleting it.")
            )

    @api.model
    def _get_open_domain(self):
        """Rows of units of which the owner has still to say what he wants."""
        return Domain("answer", "=", False) & Domain("state", "in", ("todo", "in_progress"))

    # === ACTIONS === #

    def action_done(self):
        self.check_access("write")
        self.state = "done"

    def action_open_request(self):
        """Open the work on each unit that has none yet."""
        self.check_access("write")
        for row in self.filtered(lambda r: r.campaign_id.state != "running"):
            raise UserError(self.env._("%s is not running.", row.campaign_id.display_name))
        self._open_request()

    def action_view_claim(self):
        self.ensure_one()
        return self.unit_id._get_record_action_for(self.claim_id)

    # === REQUESTS === #

    def _open_request(self):
        """Open one claim on each unit still to do; asked again, nothing happens.

        To be overridden where the work on a unit is something else than a claim.
        """
        rows = self.filtered(lambda r: not r.claim_id and r.state in ("todo", "in_progress"))
        claims = self.env["after.sales.claim"].create([row._prepare_claim_vals() for row in rows])
        for row, claim in zip(rows, claims, strict=True):
            row.write({"claim_id": claim.id, "state": "in_progress"})
        return claims

    def _prepare_claim_vals(self):
        self.ensure_one()
        campaign = self.campaign_id
        return {
            "unit_id": self.unit_id.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": campaign.user_id.id,
            "outcome": self.remedy_id.outcome,
            "description": "\n".join(
                text for text in (campaign.display_name, self.remedy_id.name, self.owner_id.message) if text
            ),
        }

from odoo import api, fields, models


class AfterSalesCampaignPreview(models.TransientModel):
    """The message of a campaign as one owner would read it."""

    _name = "after.sales.campaign.preview"
    _description = "Preview of a Campaign Message"

    owner_id = fields.Many2one(
        "after.sales.campaign.owner",
        required=True,
        ondelete="cascade",
        domain="[('campaign_id', '=', campaign_id)]",
    )
    campaign_id = fields.Many2one(related="owner_id.campaign_id")
    lang = fields.Selection(related="owner_id.lang")
    subject = fields.Char(compute="_compute_message")
    body = fields.Html(compute="_compute_message", sanitize=False)

    @api.depends("owner_id")
    def _compute_message(self):
        for preview in self:
            owner = preview.owner_id
            # A template may be closed to whoever plans the campaign; what it shows is this owner's own.
            template_sudo = owner.campaign_id.mail_template_id.sudo().with_company(owner.company_id)
            for name, field in (("subject", "subject"), ("body", "body_html")):
                rendered = template_sudo._render_field(field, owner.ids, compute_lang=True) if owner else {}
                preview[name] = rendered.get(owner.id)

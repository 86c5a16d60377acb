from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

#: Remedies that the notice of a recall offers at least (Regulation (EU) 2023/988, art. 37).
RECALL_REMEDIES = 2

#: What an owner reads of the campaign in his language.
MESSAGE_FIELDS = ("title", "product_description", "sale_info", "hazard", "instructions", "body")


class AfterSalesCampaign(models.Model):
    """What a campaign says, and what law asks a recall to say (Regulation (EU) 2023/988, art. 36)."""

    _inherit = "after.sales.campaign"

    mail_template_id = fields.Many2one(
        "mail.template",
        compute="_compute_mail_template_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("model", "=", "after.sales.campaign.owner")],
    )
    image_1920 = fields.Image("Picture", max_width=1920, max_height=1920)
    image_1024 = fields.Image(
        "Picture as Sent", related="image_1920", max_width=1024, max_height=1024, store=True
    )
    brand = fields.Char()
    product_description = fields.Text(translate=True, help="How the owner recognises the product.")
    identification = fields.Char(
        "Batch or Serial Numbers",
        help="As they stand on the product, e.g. B-0009 to B-0120. Needed when units are known without a serial number.",
    )
    sale_info = fields.Text("Where, When and by Whom It Was Sold", translate=True)
    hazard = fields.Text(
        translate=True,
        tracking=True,
        help="What can happen to the owner, in plain words. Words that soften it are refused.",
    )
    instructions = fields.Html("What to Do", translate=True)
    remedy_ids = fields.Many2many(
        "after.sales.campaign.remedy",
        string="Remedies Offered",
        help="The owner of a recalled product chooses between at least two.",
    )
    contact_phone = fields.Char(compute="_compute_contact", store=True, readonly=False, precompute=True)
    contact_is_free = fields.Boolean(
        "Free Phone Number",
        help="Calls to this number cost the owner nothing, which the notice then says. A recall names a free number or "
        "a page on which owners ask: each owner's page is one.",
    )
    contact_email = fields.Char(compute="_compute_contact", store=True, readonly=False, precompute=True)
    body = fields.Html("Message", translate=True)
    untranslated = fields.Char(
        "Not Translated Into",
        compute="_compute_untranslated",
        help="Languages of owners who would read a text in another language.",
    )

    @api.depends("kind")
    def _compute_mail_template_id(self):
        for campaign in self:
            name = "recall" if campaign.kind == "recall" else "offer"
            campaign.mail_template_id = self.env.ref(
                f"after_sales_warranty.mail_template_campaign_{name}", raise_if_not_found=False
            )

    @api.depends("company_id")
    def _compute_contact(self):
        for campaign in self:
            campaign.contact_phone = campaign.contact_phone or campaign.company_id.phone
            campaign.contact_email = campaign.contact_email or campaign.company_id.email

    @api.constrains("hazard", "kind")
    def _check_hazard(self):
        self.filtered(lambda c: c.kind == "recall")._ensure_plain_hazard()

    def _ensure_plain_hazard(self):
        """Refuse the words that make a hazard sound smaller, in the language of the environment."""
        words = self.env["after.sales.campaign.word"]
        for campaign in self.filtered("hazard"):
            found = words._find_in(campaign.hazard, fields.Date.context_today(self))
            if found:
                raise ValidationError(
                    self.env._(
                        "The hazard must be told without words that make it sound smaller. Take out: %s.",
                        ", ".join(found),
                    )
                )

    # === READY TO SEND === #

    def _get_missing(self):
        """Names of what the campaign still needs before it may be sent."""
        self.ensure_one()
        checks = [
            (self.owner_ids, self.env._("units with an owner: press Prepare")),
            (self.contact_phone or self.contact_email, self.env._("a phone number or e-mail to answer to")),
            (self.mail_template_id, self.env._("the mail template")),
        ]
        if self.kind == "recall":
            checks += [
                (self._get_picture(), self.env._("a picture of the product")),
                (
                    (self.product_description or "").strip(),
                    self.env._("the name and description of the product"),
                ),
                ((self.brand or "").strip(), self.env._("the brand")),
                (self._identifies_units(), self.env._("the batch or serial numbers")),
                ((self.sale_info or "").strip(), self.env._("where, when and by whom it was sold")),
                ((self.hazard or "").strip(), self.env._("the hazard")),
                (not is_html_empty(self.instructions), self.env._("what the owner has to do")),
                (len(self.remedy_ids) >= RECALL_REMEDIES, self.env._("at least two remedies to choose from")),
            ]
        else:
            checks.append((not is_html_empty(self.body), self.env._("the message")))
        return [label for present, label in checks if not present]

    def _identifies_units(self):
        """Whether each owner can tell which of his units are meant."""
        self.ensure_one()
        return bool((self.identification or "").strip()) or all(self.unit_ids.unit_id.mapped("serial"))

    @api.depends("owner_ids.lang", *MESSAGE_FIELDS)
    @api.depends_context("lang")
    def _compute_untranslated(self):
        """A text that is the same in the language of an owner as in that of its author was not translated."""
        names = dict(self.env["res.lang"].get_installed())
        for campaign in self:
            written = campaign.create_uid.lang or self.env.lang
            codes = sorted(set(campaign.owner_ids.mapped("lang")) - {written})
            source = campaign.with_context(lang=written)
            campaign.untranslated = ", ".join(
                names.get(code, code)
                for code in codes
                if any(
                    source[name] and source[name] == campaign.with_context(lang=code)[name]
                    for name in MESSAGE_FIELDS
                )
            )

    def _ensure_plain_hazard_in_all_languages(self):
        """Translations are typed apart, so each is looked at before any leaves."""
        recalls = self.filtered(lambda c: c.kind == "recall")
        for code, __ in self.env["res.lang"].get_installed():
            recalls.with_context(lang=code)._ensure_plain_hazard()

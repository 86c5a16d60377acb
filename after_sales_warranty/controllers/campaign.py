from odoo import http
from odoo.http import request

from . import forms


class CampaignPage(http.Controller):
    """The page of one owner in a campaign. The token is the right to it, and it tells of nobody else."""

    def _get_owner(self, token):
        """The row of the token, in its own language; 404 for anything else."""
        # The public has no access to campaigns: the token is the right to this one row.
        owner_sudo = request.env["after.sales.campaign.owner"].sudo()._get_by_token(token)
        if not owner_sudo:
            raise request.not_found()
        lang = request.env["res.lang"]._get_code(owner_sudo.lang) or request.env.lang
        request.update_context(lang=lang)
        return owner_sudo.with_context(lang=lang)

    def _text(self, value):
        """What a form field holds as plain text: a file or a control sign sent instead is no text."""
        return value.replace("\x00", "").strip() if isinstance(value, str) else ""

    def _render(self, owner_sudo, **values):
        response = request.render(
            "after_sales_warranty.campaign_page",
            {
                "owner": owner_sudo,
                "campaign": owner_sudo.campaign_id,
                "choices": owner_sudo._get_answer_choices(),
                "picture": owner_sudo.campaign_id._get_picture()
                and f"/after-sales/campaign/{owner_sudo.token}/picture",
                **values,
            },
        )
        response.headers["Referrer-Policy"] = "same-origin"
        return forms.keep_private(response)

    @http.route(
        "/after-sales/campaign/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def page(self, token, saved=None, **params):
        owner_sudo = self._get_owner(token)
        if not request.env.user._is_internal():
            owner_sudo._register_opening()
        return self._render(owner_sudo, saved=bool(saved))

    @http.route(
        "/after-sales/campaign/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def answer(self, token, phone="", message="", contact="", opt_out="", **params):
        owner_sudo = self._get_owner(token)
        if owner_sudo.campaign_id.state != "running":
            return self._render(owner_sudo, saved=False)
        rows = owner_sudo.unit_ids
        said = owner_sudo._register_answer(
            {row.id: self._text(params.get(f"answer_{row.id}")) for row in rows},
            {row.id: self._text(params.get(f"passed_on_to_{row.id}")) for row in rows},
            phone=self._text(phone),
            message=self._text(message),
            contact=bool(contact),
            opt_out=bool(opt_out),
        )
        if not said:
            return self._render(owner_sudo, saved=False, empty=True)
        return request.redirect(f"/after-sales/campaign/{token}?saved=1")

    @http.route(
        "/after-sales/campaign/<string:token>/picture",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def picture(self, token, **params):
        record = self._get_owner(token).campaign_id._get_picture()
        if not record:
            raise request.not_found()
        return request.env["ir.binary"]._get_image_stream_from(record, "image_1024").get_response()

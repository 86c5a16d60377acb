from lxml import html

from odoo.fields import Command


class HeaderMixin:
    """For an ``HttpCase``: whose name stands at the head of a page."""

    def _get_header(self, url, visitor=None):
        """The name or the logo's title that ``visitor`` (default: nobody logged in) reads, of another company himself."""
        if not visitor:
            self.authenticate(None, None)
            visitor = self.env.ref("base.public_user")
        elsewhere = self.env["res.company"].sudo().create({"name": f"Elsewhere {url}"})
        visitor.sudo().write({"company_ids": [Command.link(elsewhere.id)], "company_id": elsewhere.id})
        (brand,) = html.fromstring(self.url_open(url).text).xpath(
            "//header//a[contains(@class, 'navbar-brand')]"
        )
        return brand.text_content().strip() or brand.find("img").get("title")

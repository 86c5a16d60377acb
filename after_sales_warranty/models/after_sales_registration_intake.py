from datetime import date

from pytz import all_timezones_set

from odoo import api, fields, models
from odoo.http import request
from odoo.tools import email_normalize

from ..tools import uploads
from ..tools.serial_keys import escape_like
from .after_sales_registration import STANDING

#: Longest text of each field of the pages.
LENGTHS = {
    "serial": 64,
    "product_text": 128,
    "dealer": 128,
    "contact_name": 128,
    "email": 128,
    "phone": 32,
    "note": 2000,
    "description": 4000,
    "safety_name": 128,
    "safety_email": 128,
    "safety_phone": 32,
}
LONG_TEXTS = ("note", "description")


class AfterSalesRegistration(models.Model):
    """How a form of the pages becomes a registration: parsed, checked, kept whole or not at all."""

    _inherit = "after.sales.registration"

    # === PARSE === #

    @api.model
    def _clean(self, post):
        """The texts of a form without control characters, one line each unless they are long texts."""
        texts = {}
        for name in LENGTHS:
            text = post.get(name)
            lines = "".join(c if c.isprintable() else "\n" for c in (text if isinstance(text, str) else ""))
            words = [" ".join(line.split()) for line in lines.split("\n")]
            texts[name] = ("\n" if name in LONG_TEXTS else " ").join(words).strip()
        return texts

    @api.model
    def _get_length_errors(self, texts):
        return {
            name: self.env._("This text is too long: use at most %s characters.", length)
            for name, length in LENGTHS.items()
            if len(texts[name]) > length
        }

    @api.model
    def _parse_form(self, post):
        """``(values, errors)`` of the registration form: values of the record, messages by field name."""
        texts = self._clean(post)
        errors = self._get_length_errors(texts)
        required = {
            "serial": self.env._("Type the serial number: it is on the rating plate of the product."),
            "contact_name": self.env._("Tell us your name."),
            "email": self.env._("Tell us your e-mail address: we answer there."),
        }
        for name, message in required.items():
            if not texts[name]:
                errors[name] = message
        for name in ("email", "safety_email"):
            if texts[name] and not email_normalize(texts[name]):
                errors[name] = self.env._("This is not an e-mail address: please correct it.")
        if texts["safety_name"] and not (texts["safety_email"] or texts["safety_phone"]):
            errors["safety_email"] = self.env._(
                "Give an e-mail address or a phone number for safety notices."
            )
        values = {name: texts[name] for name in LENGTHS if name in self._fields}
        try:
            values["purchase_date"] = date.fromisoformat(post.get("purchase_date") or "")
        except (ValueError, TypeError):
            errors["purchase_date"] = self.env._("Choose the day of purchase, as on the receipt.")
        else:
            if values["purchase_date"] > self._get_customer_day():
                errors["purchase_date"] = self.env._(
                    "This day lies in the future: choose the day of purchase, as on the receipt."
                )
        return values, errors

    @api.model
    def _get_customer_day(self):
        """Today where the customer is: in his time zone, else that of his browser, else that of the company."""
        browser = request.cookies.get("tz") if request else None
        zones = [self.env.user.tz, browser, self.env.company.sudo().partner_id.tz, "UTC"]
        tz = next(zone for zone in zones if zone in all_timezones_set)
        return fields.Date.context_today(self.with_context(tz=tz))

    @api.model
    def _parse_safety(self, post):
        """The safety contact of a form: name, e-mail, phone; empty when none is given."""
        texts = self._clean(post)
        if not (texts["safety_email"] or texts["safety_phone"]):
            return {}
        return {
            "name": texts["safety_name"]
            or texts["contact_name"]
            or texts["safety_email"]
            or texts["safety_phone"],
            "email": texts["safety_email"],
            "phone": texts["safety_phone"],
        }

    @api.model
    def _explain_upload(self, refused):
        """What was wrong with a file and what is allowed, for the page."""
        allowed = self.env._(
            "You can send up to %(count)s files of at most %(size)s MB each: PDF, JPEG, PNG, WebP or HEIC.",
            count=uploads.MAX_FILES,
            size=uploads.MAX_SIZE // 1024**2,
        )
        reason = {
            "many": self.env._("These are too many files."),
            "empty": self.env._("The file %s is empty.", refused.name),
            "size": self.env._("The file %s is too large.", refused.name),
            "type": self.env._("The file %s is of a type that we do not accept.", refused.name),
        }[refused.code]
        return f"{reason} {allowed}"

    # === KEEP === #

    def _find_duplicate(self, vals):
        """The registration of the same serial by the same person that stands already, other than these."""
        domain = [
            ("company_id", "=", vals["company_id"]),
            ("serial", "=ilike", escape_like(vals["serial"])),
            ("state", "in", STANDING),
        ]
        if vals.get("product_id"):
            domain.append(("product_id", "in", [False, vals["product_id"]]))
        domain.append(("id", "not in", self.ids))
        person = [("email_normalized", "=", email_normalize(vals["email"]))]
        if vals.get("partner_id"):
            commercial = self.env["res.partner"].browse(vals["partner_id"]).commercial_partner_id
            person = ["|", ("commercial_partner_id", "=", commercial.id), *person]
        return self.search([*domain, *person], limit=1)

    @api.model
    def _take_in(self, vals, files=(), consents=(), safety=None):
        """Keep a registration with all that came with it and apply the rules. For a superuser's model.

        ``vals``: values of the record. ``files``: checked uploads. ``consents``: records of consent texts
        that were ticked. ``safety``: ``name``, ``email``, ``phone`` of the safety contact. Returns the
        registration, an empty one when the same person has registered the same serial before.
        """
        if self._find_duplicate(vals):
            return self.browse()
        quiet = self.with_context(mail_create_nosubscribe=True)
        if not vals.get("partner_id"):
            company = self.env["res.company"].browse(vals["company_id"])
            found = self._find_partner_by_email(email_normalize(vals["email"]), company)
            vals = {**vals, "partner_id": found.id}
        registration = quiet.create(
            {**vals, "consent_ids": [fields.Command.create(self._prepare_consent_vals(c)) for c in consents]}
        )
        registration.attachment_ids = self.env["after.sales.unit"]._store_uploads(registration, files)
        if safety:
            self.env["after.sales.safety.contact"].create(
                {**safety, "registration_id": registration.id, "company_id": registration.company_id.id}
            )
        registration._check()
        return registration

    @api.model
    def _prepare_consent_vals(self, consent):
        return {"consent_id": consent.id, "text": consent.text}

from odoo import fields, models


class AfterSalesRegistration(models.Model):
    """What the customer may still do with his registration while nobody has decided on it."""

    _inherit = "after.sales.registration"

    def _is_open(self):
        """Whether the company has not decided yet."""
        self.ensure_one()
        return self.state in ("received", "review")

    def _is_for_people(self):
        """Whether the pages take no decision and tell none: the agent knows why, a thief is not told."""
        self.ensure_one()
        return self.state == "review" and "alert" in (self.review_codes or "").split(",")

    def _in_customer_words(self):
        """The registration in the language of the page on which it was filled in."""
        self.ensure_one()
        active = dict(self.env["res.lang"].get_installed())
        return self.with_context(lang=self.lang if self.lang in active else self.env.lang)

    def _get_contact_text(self):
        return self.env._(
            "This product cannot be registered online. Please contact us with your proof of purchase."
        )

    def _get_form(self):
        """What the customer typed, by the names of the form."""
        self.ensure_one()
        names = ("serial", "product_text", "dealer", "contact_name", "email", "phone", "note")
        return {
            **{name: self[name] or "" for name in names},
            "purchase_date": str(self.purchase_date),
            "product_id": str(self.product_id.id or ""),
        }

    def _correct(self, vals, files=()):
        """Take over what the customer corrected and apply the rules again. For a superuser's model.

        The product follows from the corrected serial, or from the customer's choice among several.

        :return: False when he has registered the corrected serial before
        """
        self.ensure_one()
        if self._find_duplicate({**vals, "company_id": self.company_id.id, "partner_id": self.partner_id.id}):
            return False
        self.write(vals)
        self.attachment_ids += self.env["after.sales.unit"]._store_uploads(self, files)
        self.message_post(body=self.env._("The customer has corrected his registration."))
        self._check()
        return True

    def _withdraw(self):
        """The customer takes his registration back; nobody needs to look at it any more."""
        for registration in self.filtered(lambda r: r._is_open()):
            registration.write({"state": "withdrawn", "date_decided": fields.Datetime.now()})
            registration.safety_contact_ids.unlink()
            registration.activity_unlink(["mail.mail_activity_data_todo"])

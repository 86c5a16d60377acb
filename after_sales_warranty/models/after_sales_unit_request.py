from odoo import fields, models
from odoo.exceptions import UserError

#: Requests a customer may send in one day, all his units together.
REQUESTS_PER_DAY = 10


class AfterSalesUnit(models.Model):
    """What a customer may ask for on his own page of a unit."""

    _inherit = "after.sales.unit"

    def _prepare_request_vals(self, values):
        self.ensure_one()
        contact = ", ".join(filter(None, (values.get("contact_name"), values.get("phone"))))
        paragraphs = [values["description"], contact and self.env._("Contact: %s", contact)]
        return {
            "unit_id": self.id,
            "partner_id": values["partner_id"],
            "company_id": self.company_id.id,
            "description": "\n\n".join(filter(None, paragraphs)),
            "user_id": False,
        }

    def _open_request(self, values, attachments):
        """Record that the owner asks for service: here a warranty claim to be checked.

        ``values``: ``description`` (text), ``partner_id`` (id of who asks), ``contact_name``, ``phone``.
        ``attachments``: checked ``tools.uploads.Upload``. Returns the record made, a superuser's: it has
        a ``name`` to tell the customer. Raises ``UserError`` when he asks too often or the unit has ended.
        """
        self.ensure_one()
        if self.state == "ended":
            raise UserError(self.env._("This product is no longer in service: please contact us."))
        # The customer has no access to claims: what he may ask was checked on the unit.
        claims_sudo = self.env["after.sales.claim"].sudo().with_context(mail_create_nosubscribe=True)
        asked = [
            ("partner_id", "=", values["partner_id"]),
            ("date", "=", fields.Date.context_today(self)),
            ("state", "=", "draft"),
        ]
        if claims_sudo.search_count(asked) >= REQUESTS_PER_DAY:
            raise UserError(
                self.env._("You have sent many requests today: we answer those first. Please call us.")
            )
        claim_sudo = claims_sudo.create(self._prepare_request_vals(values))
        claim_sudo.attachment_ids = self._store_uploads(claim_sudo, attachments)
        self._hand_on_request(claim_sudo)
        return claim_sudo

    def _hand_on_request(self, claim_sudo):
        """Bring the request to whoever works on it: here an agent looks at the claim.

        Override it, without ``super()``, where the work is another record: one request is one piece of work.
        """
        agent = self._get_reviewer(self.company_id)
        if agent:
            claim_sudo.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Request from the customer's page"),
                user_id=agent.id,
            )

    def _store_uploads(self, record_sudo, uploads):
        """Keep checked files with ``record_sudo``, unchanged: they are evidence."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .with_context(image_no_postprocess=True)
            .create(
                [
                    {
                        "name": upload.name,
                        "raw": upload.content,
                        "mimetype": upload.mimetype,
                        "res_model": record_sudo._name,
                        "res_id": record_sudo.id,
                    }
                    for upload in uploads
                ]
            )
        )

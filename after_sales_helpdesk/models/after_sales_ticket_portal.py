from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from odoo.addons.after_sales_warranty.tools import serial_keys

MAX_DESCRIPTION = 4000
MAX_UNITS = 100
"""Units offered by name; who has more types the serial number."""


class AfterSalesTicket(models.Model):
    """What a customer may open himself on the portal (D44)."""

    _inherit = "after.sales.ticket"

    @api.model
    def _get_portal_services(self, company):
        """Services that a customer's call asks for."""
        services_sudo = self.env[
            "after.sales.service"
        ].sudo()  # the catalogue is no secret to who may order from it
        return services_sudo.search([("trigger", "=", "call"), ("company_id", "in", [False, company.id])])

    @api.model
    def _get_portal_sites(self, partner):
        """Addresses of the customer's company."""
        partners_sudo = self.env["res.partner"].sudo()  # a portal user may not read all of his colleagues
        return partners_sudo.search(
            Domain("id", "child_of", partner.commercial_partner_id.id)
            & (
                Domain("type", "in", ["delivery", "other"])
                | Domain("id", "=", partner.commercial_partner_id.id)
            )
        )

    @api.model
    def _get_portal_units(self, partner, *more, limit=None):
        """Units of the customer that are in service."""
        customer = partner.commercial_partner_id
        domain = [("commercial_partner_id", "=", customer.id), ("state", "!=", "ended"), *more]
        return self.env["after.sales.unit"].search(domain, limit=limit)

    @api.model
    def _open_portal_call(self, partner, company, values, uploads):
        """Register what the customer sent; returns the call as superuser.

        ``values``: ``description``, ``serial``, ``phone`` (texts), ``unit_id``, ``site_id``, ``service_id`` (ids or
        None). ``uploads``: checked ``tools.uploads.Upload``. Raises ``ValidationError`` for what is not his or when
        the service needs more; nothing is kept then.
        """
        description = (values.get("description") or "").strip()
        if not description:
            raise ValidationError(self.env._("Describe what is wrong, so that we come prepared."))
        if len(description) > MAX_DESCRIPTION:
            raise ValidationError(
                self.env._("This text is too long: use at most %s characters.", MAX_DESCRIPTION)
            )
        vals = self._prepare_portal_vals(partner, company, values, description)
        # The customer may not write calls: what he may choose was checked.
        ticket_sudo = self.sudo().with_context(mail_create_nosubscribe=True).create(vals)
        files_sudo = self.env["after.sales.unit"]._store_uploads(ticket_sudo, uploads)
        # Only what the service that he chose asks for: which one it is, an agent knows better.
        if missing := ticket_sudo._get_missing_rows()[ticket_sudo].filtered("service_id"):
            raise ValidationError(self.env._("We also need: %s", missing._get_words()))
        ticket_sudo.message_subscribe(partner_ids=partner.ids)
        if files_sudo:
            # as the system: Odoo lets a portal user post none but the files of his own composer
            ticket_sudo.with_user(SUPERUSER_ID).message_post(
                body=self.env._("Photos and documents"),
                author_id=partner.id,
                attachment_ids=files_sudo.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return ticket_sudo

    @api.model
    def _prepare_portal_vals(self, partner, company, values, description):
        unit, serial = self._get_portal_unit(partner, values)
        choices = {
            "site_id": self._get_portal_sites(partner),
            "service_id": self._get_portal_services(company),
        }
        for name, allowed in choices.items():
            if values.get(name) and values[name] not in allowed.ids:
                raise ValidationError(self.env._("This choice is no longer offered: please choose again."))
        vals = {
            "subject": description.partition("\n")[0][:100],
            "description": plaintext2html(description),
            "channel": "portal",
            "partner_id": partner.id,
            "company_id": unit.company_id.id or company.id,
            "contact_phone": values.get("phone"),
            "serial": serial,
            "unit_id": unit.id,
            "service_id": values.get("service_id"),
        }
        return dict(vals, site_id=values["site_id"]) if values.get("site_id") else vals

    @api.model
    def _get_portal_unit(self, partner, values):
        """The customer's own unit that he chose or typed; a serial of somebody else tells him nothing."""
        serial = (values.get("serial") or "").strip()
        if values.get("unit_id"):
            found = self._get_portal_units(partner, ("id", "=", values["unit_id"]))
            if not found:
                raise ValidationError(self.env._("This choice is no longer offered: please choose again."))
            return found.sudo(), found.serial or serial
        key = serial_keys.key(serial)
        nobody = self.env["after.sales.unit"].sudo()  # as those found: read by rule, shown to the desk
        found = self._get_portal_units(partner, ("serial_key", "=", key), limit=2).sudo() if key else nobody
        return (found if len(found) == 1 else nobody), serial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AfterSalesRegistration(models.Model):
    """What a confirmed or refused registration does to the unit, its warranties and the customer."""

    _inherit = "after.sales.registration"

    # === CONFIRM === #

    def _ensure_confirmable(self):
        self.ensure_one()
        # What stands in the way is told to whoever reviews, whatever he may read.
        self_sudo = self.sudo()
        alerts_sudo = self_sudo.env["after.sales.serial.alert"]._find(
            self.serial, self.product_id, self.company_id
        )
        if alerts_sudo:
            raise UserError(
                self.env._(
                    "The serial number %(serial)s is on the alert list (%(reason)s): archive the alert first, or refuse.",
                    serial=self.serial,
                    reason=alerts_sudo[:1]._get_reason_text(),
                )
            )
        if not self.product_id:
            raise UserError(self.env._("Choose the product of %s first.", self.serial))
        if self.purchase_date > self_sudo._get_today():
            raise UserError(
                self.env._(
                    "The date of purchase lies in the future: correct it as the proof of purchase says."
                )
            )
        unit_sudo = self_sudo._get_candidate()
        standing_sudo = unit_sudo and self_sudo._get_standing(unit_sudo)
        if (
            standing_sudo
            and standing_sudo.commercial_partner_id == self_sudo._find_partner().commercial_partner_id
        ):
            raise UserError(
                self.env._(
                    "%s registers this unit for the same customer already: refuse this one.",
                    standing_sudo.name,
                )
            )

    def _confirm(self):
        """Bind each registration to its unit, which is made when nobody knew the serial."""
        for registration in self:
            registration.partner_id = registration._find_partner() or registration._make_partner()
            unit = registration._get_candidate()
            alive = unit and unit.active and unit.state != "ended"
            vals = {
                "state": "confirmed",
                "candidate_id": unit.id,
                "previous_owner_id": unit.partner_id.id if alive else False,
                "date_decided": fields.Datetime.now(),
                "refusal_reason": False,
            }
            if alive:
                registration._claim_unit(unit)
            else:
                unit = self.env["after.sales.unit"].create(registration._prepare_unit_vals())
            registration.write({**vals, "unit_id": unit.id, "product_id": unit.product_id.id})
            registration._keep_safety_contact()
            registration._keep_marketing_consent()
            self.env["after.sales.registration.reward"]._grant(registration)
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self._send("mail_template_registration_confirmed")

    def _claim_unit(self, unit):
        """The registered unit gets its date, and its owner when he was not known or has changed."""
        self.ensure_one()
        vals = {}
        if not unit.registration_date:
            vals["registration_date"] = self._get_day()
        if unit.commercial_partner_id != self.commercial_partner_id:
            vals.update(partner_id=self.partner_id.id, site_id=self.partner_id.id)
        before = unit.warranty_ids.event_ids
        unit.write(vals)
        lost = (unit.warranty_ids.event_ids - before).filtered(lambda event: event.kind == "void")
        lost.write({"res_model": self._name, "res_id": self.id})

    def _prepare_unit_vals(self):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "serial": self.serial,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "delivery_date": self.purchase_date,
            "registration_date": self._get_day(),
        }

    def _keep_safety_contact(self):
        self.ensure_one()
        contact, known = self.safety_contact_ids[:1], self.unit_id.safety_contact_ids
        if self.channel == "public" and (known or self.previous_owner_id):
            # Nobody proved who he is: recalls of a unit that has an owner go where the owner himself said.
            contact.unlink()
        elif contact:
            (known - contact).unlink()
            contact.unit_id = self.unit_id

    def _keep_marketing_consent(self):
        """Who ticked that he wants offers gets promotions, until he says otherwise."""
        agreed = self.filtered(lambda r: r.consent_ids.consent_id.filtered("is_marketing"))
        # Whoever confirms a registration need not be able to edit contacts.
        agreed.partner_id.sudo().after_sales_wants_promotions = True

    # === WHO === #

    def _find_partner(self):
        """The customer: the one named, else the only one with this e-mail address."""
        self.ensure_one()
        return self.partner_id or self._find_partner_by_email(self.email_normalized, self.company_id)

    @api.model
    def _find_partner_by_email(self, email, company):
        """The contact with this address, empty when several customers share it."""
        partners = self.env["res.partner"]
        if not email:
            return partners
        found = partners.search(
            [("email_normalized", "=", email), ("company_id", "in", [False, company.id])], order="id"
        )
        return found[:1] if len(found.commercial_partner_id) == 1 else partners

    def _make_partner(self):
        self.ensure_one()
        return self.env["res.partner"].create(self._prepare_partner_vals())

    def _prepare_partner_vals(self):
        self.ensure_one()
        active = dict(self.env["res.lang"].get_installed())
        return {
            "name": self.contact_name,
            "email": self.email,
            "phone": self.phone,
            "lang": self.lang if self.lang in active else self.env.lang,
        }

    # === REFUSE === #

    def _refuse(self):
        """Undo what a confirmation did, and tell the customer why."""
        for registration in self:
            unit, confirmed = registration.unit_id, registration.state == "confirmed"
            registration.write({"state": "refused", "date_decided": fields.Datetime.now()})
            registration.safety_contact_ids.unlink()
            registration.reward_ids._revoke()
            if confirmed:
                registration._release_unit(unit)
        self.activity_feedback(["mail.mail_activity_data_todo"])
        self._send("mail_template_registration_refused")

    def _release_unit(self, unit):
        """The unit as it was before: a unit that this registration made ends, another gets its owner back."""
        self.ensure_one()
        if unit != self.candidate_id:
            if unit.state != "ended":
                unit._end(self.env._("The registration %s was refused.", self.name))
            return
        unit.warranty_ids.filtered(lambda w: w.start_basis == "registration").event_ids.filtered(
            lambda event: event.kind == "start" and event.date == unit.registration_date
        ).unlink()
        vals = {"registration_date": False}
        if unit.commercial_partner_id == self.commercial_partner_id:
            vals.update(partner_id=self.previous_owner_id.id, site_id=self.previous_owner_id.id)
        unit.write(vals)
        # What the first owner lost by the registration he has again.
        unit.warranty_ids.event_ids.filtered(
            lambda event: event.kind == "void" and (event.res_model, event.res_id) == (self._name, self.id)
        ).active = False

    # === FORGET === #

    @api.model
    def _get_forget_domain(self):
        """Refused and withdrawn registrations whose data have no purpose any more (Regulation (EU) 2016/679 art. 5(1)(e))."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search([("after_sales_refused_months", ">", 0)])
        return Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("refused", "withdrawn"))
            & Domain("date_decided", "<", now - relativedelta(months=company.after_sales_refused_months))
            for company in companies
        )

    @api.model
    def _cron_forget(self, batch_size=100):
        """Delete refused and withdrawn registrations after the months that their company keeps them.

        With them go the files that were sent, the messages, the consents and what was left for safety.
        """
        domain = self._get_forget_domain()
        remaining = self.search_count(domain)
        while remaining:
            registrations = self.search(domain, limit=batch_size, order="id")
            count = len(registrations)
            registrations.unlink()
            remaining = max(remaining - count, 0)
            if not self.env["ir.cron"]._commit_progress(count, remaining=remaining) or not count:
                break

    # === TELL === #

    def _send(self, template):
        """Mail the customer in his language; whoever has no address is not written to."""
        template = self.env.ref(f"after_sales_warranty.{template}", raise_if_not_found=False)
        reachable = self.filtered(lambda r: r.email or r.partner_id.email) if template else self.browse()
        for registration in reachable:
            template.send_mail(registration.id, email_layout_xmlid="mail.mail_notification_light")

    def _get_cover(self):
        """The warranties the thank-you mail names: those that run or will."""
        self.ensure_one()
        return self.unit_id.warranty_ids.filtered(lambda w: w.state in ("active", "pending"))

from datetime import timedelta

from odoo import api, fields, models

from ..tools import registration as rules
from ..tools import serial_keys
from ..tools.serial_keys import escape_like


class AfterSalesRegistration(models.Model):
    """What is known about the serial and the person, and what the rules make of it."""

    _inherit = "after.sales.registration"

    @api.depends("review_codes")
    @api.depends_context("lang")
    def _compute_review_reasons(self):
        texts = {
            "alert": self.env._("The serial number is on the alert list."),
            "unknown": self.env._("Nobody knows the serial number: was it sold by a dealer?"),
            "not_sold": self.env._("The serial number is in stock and was never delivered."),
            "owned": self.env._("The unit belongs to another customer."),
            "registered": self.env._("The unit is registered already."),
            "out_of_service": self.env._("The unit was returned or has ended."),
            "early": self.env._("It was bought before it was sold or delivered."),
            "future": self.env._("The date of purchase lies in the future."),
            "too_old": self.env._("The date of purchase lies very far back."),
            "too_many": self.env._("The same person registers many products today."),
            "no_partner": self.env._("The person is no customer on record: confirming makes a contact."),
        }
        for registration in self:
            codes = (registration.review_codes or "").split(",")
            registration.review_reasons = "\n".join(texts[c] for c in codes if c in texts) or False

    # === WHAT IS KNOWN === #

    @api.model
    def _find_units(self, serial, company):
        """Every unit that ever had the serial, however it is written, those in service first."""
        domain = [("company_id", "=", company.id), ("serial_key", "=", serial_keys.key(serial))]
        same = serial_keys.compact(serial)
        found = self.env["after.sales.unit"].with_context(active_test=False).search(domain)
        found = found.filtered(lambda unit: serial_keys.compact(unit.serial) == same)
        found = found.filtered(lambda unit: unit.serial == serial) or found
        return found.sorted(lambda unit: (unit.state == "ended", -unit.id))

    @api.model
    def _find_lots(self, serial, company):
        return self.env["stock.lot"].search(
            [("name", "=ilike", escape_like(serial)), ("company_id", "in", [False, company.id])]
        )

    @api.model
    def _get_products(self, serial, company):
        """Products of which we know this serial; a customer may choose among them when they are several."""
        if not serial:
            return self.env["product.product"]
        products = self._find_units(serial, company).product_id | self._find_lots(serial, company).product_id
        return products.filtered(lambda p: p.active and p.after_sales_tracked)

    def _get_candidate(self):
        """The unit the serial and product of this registration belong to, empty when there is none.

        A lot number names many units: those of other customers are not meant.
        """
        self.ensure_one()
        own = self.commercial_partner_id
        units = self._find_units(self.serial, self.company_id).filtered(
            lambda unit: unit.has_serial or unit.commercial_partner_id in (own, own.browse())
        )
        if self.product_id:
            units = units.filtered(lambda unit: unit.product_id == self.product_id)
        if len(units.product_id) != 1:
            return units.browse()
        return units.sorted(lambda unit: (unit.state == "ended", unit.commercial_partner_id != own))[:1]

    def _get_day(self):
        """The day on which the registration came in."""
        self.ensure_one()
        return self.company_id._get_after_sales_day(self.date_received)

    def _get_today(self):
        tz = self.env.user.tz or self.company_id.partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz))

    def _get_facts(self):
        self.ensure_one()
        unit = self.candidate_id
        owner = "none"
        if unit.partner_id:
            same = unit.commercial_partner_id == self.commercial_partner_id
            owner = "self" if same else "other"
        if not unit:
            known = "stock" if self._find_lots(self.serial, self.company_id) else "none"
        else:
            known = "in_service" if self._is_in_service(unit) else "out_of_service"
        # Who ordered before the goods were delivered had bought them on the day of the order.
        ordered = unit.sale_order_id.date_order
        sold = [unit.delivery_date, ordered and self.company_id._get_after_sales_day(ordered)]
        return rules.Facts(
            today=self._get_today(),
            purchase_date=self.purchase_date,
            unit=known,
            owner=owner,
            sold_on=min(filter(None, sold), default=None),
            alert=bool(
                self.env["after.sales.serial.alert"]._find(self.serial, self.product_id, self.company_id)
            ),
            registered=bool(unit and self._get_standing(unit)),
            today_count=self._count_today(),
            partner=bool(self.partner_id),
        )

    @api.model
    def _is_in_service(self, unit):
        return unit.active and unit.state == "in_service" and unit.custody not in ("returned", "scrapped")

    def _get_standing(self, unit):
        """The other registration of this unit that stands."""
        return self.search(
            [("unit_id", "=", unit.id), ("state", "=", "confirmed"), ("id", "not in", self.ids)], limit=1
        )

    def _count_today(self):
        """Other registrations by the same person in the last day."""
        self.ensure_one()
        person = [("email_normalized", "=", self.email_normalized), ("email_normalized", "!=", False)]
        if self.commercial_partner_id:
            person = ["|", ("commercial_partner_id", "=", self.commercial_partner_id.id), "&", *person]
        since = self.date_received - timedelta(days=1)
        return self.search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("date_received", ">", since),
                *person,
            ]
        )

    # === WHAT THE RULES MAKE OF IT === #

    def _check(self):
        """Confirm each registration the rules allow, put the others before a person."""
        for registration in self:
            if not registration.product_id:
                products = self._get_products(registration.serial, registration.company_id)
                registration.product_id = products if len(products) == 1 else False
            registration.candidate_id = registration._get_candidate()
            codes = rules.reasons(registration._get_facts())
            registration.review_codes = ",".join(codes) or False
            if "alert" in codes and not registration.refusal_reason:
                # Proposed to the reviewer: whoever sent it is not told that the serial is on a list.
                registration.refusal_reason = registration._in_customer_words()._get_contact_text()
            if codes:
                registration._ask_for_review()
            else:
                registration._confirm()

    def _ask_for_review(self):
        self.ensure_one()
        if self.state == "review":
            return
        self.state = "review"
        agent = self.user_id or self.env["after.sales.unit"]._get_reviewer(self.company_id)
        if not agent:
            return
        # The activity tells the agent; one mail is enough.
        self.with_context(mail_auto_subscribe_no_notify=True).user_id = agent
        reader = self.with_context(lang=agent.lang)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=reader.env._("Review the registration of %s", self.serial),
            note=reader.review_reasons,
            user_id=agent.id,
        )

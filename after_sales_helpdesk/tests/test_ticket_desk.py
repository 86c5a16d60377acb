from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketDesk(HelpdeskCommon):
    """What helps an agent register a call in under a minute."""

    # The caller -----------------------------------------------------------------------------------------------------

    def test_unknown_caller_becomes_a_contact(self):
        with Form(self.env["after.sales.ticket"].with_user(self.agent)) as form:
            form.subject = "No hot water"
            form.contact_phone = "02 9999 8888"
            form.contact_name = "Nina New"
        partner = form.record.partner_id
        self.assertRecordValues(partner, [{"name": "Nina New", "phone_sanitized": "+390299998888"}])
        again = self._create_ticket(
            self.agent, partner_id=None, contact_phone="0039 0299998888", contact_name="Nina"
        )
        self.assertEqual(again.partner_id, partner)

    def test_shared_number_makes_no_third_contact(self):
        self.env["res.partner"].create([{"name": name, "phone": "02 1234 5678"} for name in ("Ann", "Bob")])
        ticket = self._create_ticket(
            self.agent, partner_id=None, contact_phone="02 1234 5678", contact_name="Ann"
        )
        self.assertFalse(ticket.partner_id)

    def test_new_call_about_a_unit(self):
        """From the unit: customer, unit and site are there."""
        site = self.env["res.partner"].create(
            {"name": "Kitchen", "type": "delivery", "parent_id": self.business.id}
        )
        unit = self._create_unit(serial="SN-302", partner_id=self.business.id, site_id=site.id)
        arch = self.env["after.sales.unit"].with_user(self.agent).get_view(view_type="form")["arch"]
        action = self.env.ref("after_sales_helpdesk.after_sales_ticket_action_new")
        self.assertIn(f'name="{action.id}"', arch)
        Ticket = self.env["after.sales.ticket"].with_user(self.agent).with_context(default_unit_id=unit.id)
        with Form(Ticket) as form:
            form.subject = "No steam"
        self.assertRecordValues(
            form.record, [{"unit_id": unit.id, "partner_id": self.business.id, "site_id": site.id}]
        )
        arch = self.env["after.sales.unit"].with_user(self.technician_user).get_view(view_type="form")["arch"]
        self.assertNotIn(f'name="{action.id}"', arch)

    # Template -------------------------------------------------------------------------------------------------------

    def test_template_fills_what_is_empty(self):
        template = self.env["after.sales.ticket.template"].create(
            {
                "name": "No hot water",
                "subject": "No hot water",
                "description": "<p>Since when? Which error code?</p>",
                "service_id": self.service.id,
                "priority": "3",
            }
        )
        with Form(self.env["after.sales.ticket"].with_user(self.agent)) as form:
            form.template_id = template
            self.assertEqual(form.subject, "No hot water")
            form.partner_id = self.consumer
        ticket = form.record
        self.assertEqual((ticket.service_id, ticket.priority), (self.service, "3"))
        self.assertIn("error code", ticket.description)
        ticket = self._create_ticket(self.agent, subject="My words", template_id=template.id)
        self.assertEqual(ticket.subject, "My words")

    # Guidance -------------------------------------------------------------------------------------------------------

    def test_guidance_beside_the_call(self):
        """HD-41, HD-42: product instructions and answers to objections, where they fit."""
        Guidance = self.env["after.sales.guidance"]
        Guidance.search([]).active = False
        smoke = self.env["after.sales.fault"].create({"name": "Smokes", "code": "HD-SM", "kind": "symptom"})
        heavy = self.env["after.sales.fault"].create(
            {"name": "Smokes heavily", "code": "HD-SMH", "kind": "symptom", "parent_id": smoke.id}
        )
        everywhere = Guidance.create({"name": "Stay calm", "kind": "objection", "body": "<p>Listen.</p>"})
        machine = Guidance.create(
            {"name": "Reset", "body": "<p>Hold.</p>", "product_tmpl_ids": self.machine.product_tmpl_id.ids}
        )
        danger = Guidance.create({"name": "Fire", "body": "<p>Out!</p>", "fault_ids": smoke.ids})
        other = self.env["res.company"].create({"name": "Other"})
        Guidance.create({"name": "Theirs", "body": "<p>-</p>", "company_id": other.id})
        ticket = self._create_ticket(self.agent)
        self.assertEqual(ticket.guidance_ids, everywhere)
        ticket.product_id = self.machine
        self.assertEqual(ticket.guidance_ids, everywhere + machine)
        ticket.fault_id = heavy
        self.assertEqual(ticket.guidance_ids, everywhere + machine + danger)
        with self.assertRaises(AccessError):
            everywhere.with_user(self.agent).write({"name": "Mine"})

    def test_manuals_of_the_product(self):
        self.env["product.document"].create(
            {"name": "Manual", "res_model": "product.template", "res_id": self.machine.product_tmpl_id.id}
        )
        ticket = self._create_ticket(self.agent, product_id=self.machine.id)
        self.assertEqual(ticket.product_document_count, 1)
        action = ticket.action_view_product_documents()
        documents = self.env["product.document"].with_user(self.agent).search(action["domain"])
        self.assertEqual(documents.name, "Manual")

    # Merging --------------------------------------------------------------------------------------------------------

    def test_merge(self):
        unit = self._create_covered_unit(serial="SN-302")
        stays = self._create_ticket(self.agent, unit_id=unit.id)
        goes = self._create_ticket(self.agent, unit_id=unit.id, contact_phone="02 555 0199")
        goes.message_post(body="It also leaks", message_type="comment", attachments=[("leak.txt", b"drip")])
        self.assertEqual(goes.similar_ids, stays)
        action = goes.action_merge()
        wizard = Form.from_action(self.env(user=self.agent), action).save()
        self.assertEqual(wizard.target_id, stays)
        wizard.action_merge()
        self.assertEqual((goes.state, goes.merged_into_id), ("cancelled", stays))
        self.assertIn("It also leaks", "".join(stays.message_ids.mapped("body")))
        self.assertEqual(stays.message_attachment_count, 1)
        self.assertEqual(stays.contact_phone, "02 555 0199")
        self.assertEqual(set(goes.sudo().clock_ids.mapped("state")) - {"met"}, {"dropped"})
        with self.assertRaises(UserError):
            goes.action_reopen()

    def test_merge_takes_over_what_is_lacking(self):
        site = self.env["res.partner"].create(
            {"name": "Kitchen", "type": "delivery", "parent_id": self.consumer.id}
        )
        unit = self._create_covered_unit(serial="SN-305", site_id=site.id)
        smoke = self.env["after.sales.fault"].create({"name": "Smokes", "code": "HD-S2", "kind": "symptom"})
        known = {
            "service_id": self.service.id,
            "fault_id": smoke.id,
            "serial": "SN-305",
            "contact_name": "Nina",
            "contact_email": "nina@example.com",
            "contact_phone": "02 555 0199",
            "description": "<p>It smokes</p>",
        }
        stays = self._create_ticket(self.agent, partner_id=None)
        goes = self._create_ticket(self.agent, **known)
        self.assertEqual((goes.unit_id, goes.site_id), (unit, site))
        names = [*known, "partner_id", "unit_id", "product_id", "site_id", "contract_id"]
        goes._merge_into(stays)
        for name in names:
            self.assertEqual(stays[name], goes[name], name)

    def test_merge_overwrites_nothing(self):
        """A word of its own stays, and a call about another unit says nothing about this one."""
        other = self._create_covered_unit(serial="SN-306")
        site = self.env["res.partner"].create(
            {"name": "Kitchen", "type": "delivery", "parent_id": self.consumer.id}
        )
        unit = self._create_covered_unit(serial="SN-307", site_id=site.id)
        own = {
            "product_id": self.filter.id,
            "contact_name": "Carl",
            "contact_email": "carl@example.com",
            "contact_phone": "02 555 0200",
            "description": "<p>It drips</p>",
        }
        stays = self._create_ticket(self.agent, **own)
        about = self._create_ticket(self.agent, unit_id=other.id)
        goes = [
            self._create_ticket(
                self.agent,
                unit_id=unit.id,
                contact_name="Nina",
                contact_email="nina@example.com",
                contact_phone="02 555 0199",
                description="<p>It smokes</p>",
                service_id=self.service.id,
            )
            for __ in range(2)
        ]
        goes[0]._merge_into(stays)
        goes[1]._merge_into(about)
        self.assertEqual(
            {name: stays._fields[name].convert_to_write(stays[name], stays) for name in own}, own
        )
        self.assertFalse(stays.unit_id)
        self.assertEqual(stays.service_id, self.service)
        self.assertEqual((about.unit_id, about.site_id), (other, self.consumer))

    def test_merged_unit_moves_no_site(self):
        """What a unit would bring gives way to what the call that stays says itself."""
        kitchen, yard = self.env["res.partner"].create(
            [
                {"name": name, "type": "delivery", "parent_id": self.consumer.id}
                for name in ("Kitchen", "Yard")
            ]
        )
        unit = self._create_covered_unit(serial="SN-308", site_id=kitchen.id)
        stays = self._create_ticket(self.agent, site_id=yard.id)
        goes = self._create_ticket(self.agent, unit_id=unit.id)
        self.assertEqual(goes.site_id, kitchen)
        goes._merge_into(stays)
        self.env.flush_all()
        self.assertEqual(
            (stays.unit_id, stays.product_id, stays.site_id, stays.regime_id),
            (unit, unit.product_id, yard, goes.regime_id),
        )

    def test_what_cannot_be_merged(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        foreign = self._create_ticket(self.agent, partner_id=self.business.id)
        finished = self._create_ticket(self.agent)
        finished.action_cancel()
        quoted = self._create_ticket(self.agent, service_id=self.service.id)
        quoted.action_check_coverage()
        quoted.action_quote()
        for goes in (foreign, finished, quoted, ticket, ticket.browse()):
            with self.subTest(call=goes.name), self.assertRaises(UserError):
                goes._merge_into(ticket)
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician_user)._merge_into(
                self._create_ticket().with_user(self.technician_user)
            )
        ticket._merge_into(quoted)
        self.assertEqual(ticket.merged_into_id, quoted)

    # From elsewhere -------------------------------------------------------------------------------------------------

    def test_call_from_a_delivery_and_an_order(self):
        lot = self._create_lot(self.machine, "SN-303")
        unit = self._deliver(self.machine, lots=[lot])
        action = unit.picking_id.with_user(self.env.user).action_open_after_sales_call()
        form = Form(self.env["after.sales.ticket"].with_user(self.agent).with_context(action["context"]))
        self.assertEqual((form.unit_id, form.partner_id), (unit, self.consumer))
        order = self.env["sale.order"].create({"partner_id": self.consumer.id})
        context = order.action_open_after_sales_call()["context"]
        self.assertEqual(
            (context["default_partner_id"], context["default_unit_id"]), (self.consumer.id, False)
        )

    def test_history_of_the_customer(self):
        """HD-40: units, calls and visits of the whole company in one list, none of another customer."""
        unit = self._create_covered_unit(serial="SN-304", partner_id=self.business.id)
        bob = self.env["res.partner"].create({"name": "Bob", "parent_id": self.business.id})
        ticket = self._create_ticket(self.agent, partner_id=bob.id, unit_id=unit.id)
        self._create_ticket(self.agent)
        self.env.flush_all()
        action = bob.with_user(self.agent).action_view_after_sales_history()
        rows = self.env["after.sales.history"].with_user(self.agent).search(action["domain"])
        self.assertEqual(rows.mapped("kind"), ["call", "unit"])
        self.assertEqual(rows[0].action_open()["res_id"], ticket.id)
        with self.assertRaises(AccessError):
            self.env["after.sales.history"].with_user(self.technician_user).search([])

    def test_map_of_the_site(self):
        ticket = self._create_ticket(self.agent)
        self.consumer.write({"street": "Via Roma 1", "zip": "20121", "city": "Milano"})
        self.assertIn("Via+Roma+1", ticket.action_open_map()["url"])
        self.consumer.write({"partner_latitude": 45.46, "partner_longitude": 9.19})
        self.assertTrue(ticket.action_open_map()["url"].endswith("45.46%2C9.19"))

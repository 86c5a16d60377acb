from odoo.tests import tagged
from odoo.tools import email_normalize

from .common_mail import TicketMailCommon


@tagged("post_install", "-at_install", "mail_flow")
class TestTicketMail(TicketMailCommon):
    # Opening --------------------------------------------------------------------------------------------------------

    def test_mail_opens_a_call(self):
        ticket = self._receive(self._mail())
        self.assertEqual(
            (ticket.subject, ticket.channel, ticket.team_id), ("No hot water", "email", self.team)
        )
        self.assertEqual(
            (ticket.partner_id, ticket.contact_email), (self.customer, '"Carla" <carla@example.com>')
        )
        self.assertIn("Since this morning", ticket.description)
        self.assertRegex(ticket.name, "^CALL/")
        self.assertEqual(ticket.company_id, self.company_admin)
        self.assertEqual(ticket.clock_ids.state, "running")
        self.assertIn(self.customer, ticket.message_partner_ids)

    def test_mail_of_the_second_company(self):
        team = self.env["after.sales.team"].create(
            {"name": "Two", "alias_name": "two", "company_id": self.company_2.id}
        )
        ticket = self._receive(self._mail(to=f"two@{self.mail_alias_domain_c2.name}"))
        self.assertEqual((ticket.company_id, ticket.team_id), (self.company_2, team))

    def test_unknown_sender_is_kept(self):
        ticket = self._receive(self._mail(sender="Nobody <nobody@example.net>"))
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.contact_email, '"Nobody" <nobody@example.net>')
        self.assertEqual(ticket.contact_name, "Nobody")

    def test_unknown_sender_is_answered_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("after_sales_helpdesk.mail_template_ticket_registered")
        template.with_context(lang="it_IT").subject = "{{ object.name }}: registrata"
        self.company_admin.partner_id.lang = "it_IT"
        ticket = self._receive(self._mail(sender="Pinco Pallo <pinco@example.net>"))
        self.assertIn(f"{ticket.name}: registrata", ticket.message_ids.mapped("subject"))
        written_to = self.env["res.partner"].search([("email_normalized", "=", "pinco@example.net")])
        self.assertEqual(written_to.lang, "it_IT", "buttons are in the language of the text")

    def test_unknown_sender_becomes_a_contact_of_his_name(self):
        ticket = self._receive(self._mail(sender="Pinco Pallo <pinco@example.net>"))
        written_to = self.env["res.partner"].search([("email_normalized", "=", "pinco@example.net")])
        self.assertEqual(written_to.name, "Pinco Pallo", "the notice of the first stage made it")
        ticket.with_user(self.agent).action_make_contact()
        self.assertEqual(ticket.partner_id.company_id, ticket.company_id)
        self.assertEqual(ticket.partner_id, written_to)
        self.assertRecordValues(
            ticket.partner_id, [{"name": "Pinco Pallo", "email_normalized": "pinco@example.net"}]
        )
        bare = self._receive(self._mail(subject="Bare", sender="bare@example.net"))
        self.assertFalse(bare.contact_name)

    def test_attachments_are_kept(self):
        mail = self._mail()
        mail.add_attachment(b"log", maintype="text", subtype="plain", filename="error.log")
        ticket = self._receive(mail)
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), ["error.log"])

    def test_bad_mails_do_no_harm(self):
        """Without subject, without body, with script: a call all the same, and nothing runs."""
        mail = self._mail(message_id="<none@example.com>")
        del mail["Subject"]
        self.assertEqual(self._receive(mail).subject, "(no subject)")
        self.assertTrue(self._receive(self._mail(subject="Empty", body="")))
        mail = self._mail(subject="Evil")
        mail.set_content(
            "<p>Hi</p><script>alert(1)</script><img src='x' onerror='alert(2)'/>", subtype="html"
        )
        ticket = self._receive(mail)
        self.assertNotIn("script", ticket.description)
        self.assertNotIn("onerror", ticket.description)

    # Not opening ----------------------------------------------------------------------------------------------------

    def test_auto_replies_open_nothing(self):
        for number, headers in enumerate(
            (
                {"Auto_Submitted": "auto-replied"},
                {"Precedence": "auto_reply"},
                {"X_Autoreply": "yes"},
                {"Auto_Submitted": "auto-generated", "In_Reply_To": "<x@y.example.com>"},
            )
        ):
            with self.subTest(headers=headers):
                self.assertFalse(self._receive(self._mail(subject=f"Out of office {number}", **headers)))

    def test_bounce_opens_nothing(self):
        self.assertFalse(self._receive(self._mail(subject="Undelivered", sender="MAILER-DAEMON@example.com")))

    def test_same_mail_twice_opens_one_call(self):
        mail = self._mail()
        self.assertEqual(len(self._receive(mail)), 1)
        self.assertFalse(self._receive(mail))

    def test_loop_is_cut(self):
        self.env["ir.config_parameter"].sudo().set_param("mail.gateway.loop.threshold", 3)
        opened = [self._receive(self._mail(subject=f"Loop {n}")) for n in range(6)]
        self.assertEqual(sum(map(len, opened)), 3)

    # Talking --------------------------------------------------------------------------------------------------------

    def test_reply_threads(self):
        ticket = self._receive(self._mail())
        first = ticket.message_ids.filtered(lambda m: m.message_type == "email")
        opened = self._receive(
            self._mail(subject="Re: No hot water", body="Still none", In_Reply_To=first.message_id)
        )
        self.assertFalse(opened)
        self.assertIn("Still none", ticket.message_ids[0].body)
        self.assertEqual(ticket.clock_ids.state, "running")

    def test_answers_go_to_the_address_of_the_team(self):
        """A customer whose mailer loses the thread opens a call, and is not sent away by the catch-all."""
        ticket = self._receive(self._mail())
        self.assertEqual(email_normalize(ticket._notify_get_reply_to()[ticket.id]), self.address)
        other = ticket.copy({"team_id": False})
        both = (ticket | other)._notify_get_reply_to()
        self.assertEqual(
            [email_normalize(both[record.id]) for record in (ticket, other)],
            [self.address, f"{self.alias_catchall}@{self.alias_domain}"],
        )

    def test_first_human_answer_stops_the_clock(self):
        ticket = self._receive(self._mail())
        ticket = ticket.with_user(self.agent)
        with self.mock_mail_gateway():
            ticket.message_post(body="A thought for us", message_type="comment", subtype_xmlid="mail.mt_note")
            self.assertEqual(ticket.sudo().clock_ids.state, "running")
            ticket.message_post(body="We are coming", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(ticket.sudo().clock_ids.state, "met")

    # Notices --------------------------------------------------------------------------------------------------------

    def test_customer_is_told_at_each_stage(self):
        """HD-29: registered, authorised, done, cancelled; the rating when it is closed."""
        with self.mock_mail_gateway(), self.mock_mail_app():
            ticket = (
                self.env["after.sales.ticket"]
                .with_user(self.agent)
                .create(
                    {
                        "subject": "No hot water",
                        "description": "<p>Since this morning</p>",
                        "partner_id": self.customer.id,
                        "team_id": self.team.id,
                        "service_id": self.env.ref("after_sales_contract.after_sales_service_repair").id,
                    }
                )
            )
        self.assertEqual(self._new_mails.subject, f"{ticket.name}: your call is registered")
        self.assertEqual(self._new_mails.recipient_ids, self.customer)
        with self.mock_mail_gateway(), self.mock_mail_app():
            ticket.action_check_coverage()
        self.assertFalse(self._new_mails)
        ticket.authorise_reason = "Agreed"
        for action, subject in (
            ("action_authorise", "work is authorised"),
            ("action_done", "the work is done"),
            ("action_close", "how did we do?"),
        ):
            with self.subTest(action=action), self.mock_mail_gateway(), self.mock_mail_app():
                getattr(ticket, action)()
                self.assertEqual(self._new_mails.mapped("subject"), [f"{ticket.name}: {subject}"])
                self.assertEqual(self._new_mails.recipient_ids, self.customer)

    def test_one_rating_per_closing(self):
        with self.mock_mail_gateway(), self.mock_mail_app():
            ticket = self.env["after.sales.ticket"].create(
                {"subject": "Call", "partner_id": self.customer.id, "team_id": self.team.id}
            )
            ticket._send_rating_request()
            ticket._send_rating_request()
        self.assertEqual(len(ticket.rating_ids), 1)
        ticket.rating_apply(5, token=ticket.rating_ids.access_token, feedback="Quick")
        self.assertEqual(ticket.rating_last_value, 5)

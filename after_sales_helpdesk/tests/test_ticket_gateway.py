from datetime import timedelta
from itertools import count

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail import TicketMailCommon


@tagged("post_install", "-at_install", "mail_flow")
class TestTicketGateway(TicketMailCommon):
    """Whom the desk believes, and to which call a mail goes."""

    numbers = count(1)

    def _answer(self, ticket, sender="Carla <carla@example.com>", body="Still none", **headers):
        first = ticket.message_ids.filtered(lambda m: m.message_type == "email")[-1:]
        return self._receive(
            self._mail(
                subject=f"Re: {ticket.subject}",
                message_id=f"<answer.{next(self.numbers)}@example.com>",
                body=body,
                sender=sender,
                In_Reply_To=first.message_id,
                **headers,
            )
        )

    def _finish(self, ticket, days_ago=0):
        ticket = ticket.with_user(self.agent)
        ticket.service_id = self.env.ref("after_sales_contract.after_sales_service_repair")
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed on the phone"
        with self.mock_mail_gateway(), self.mock_mail_app():
            ticket.action_authorise()
            ticket.action_done()
            ticket.action_close()
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        ticket.sudo().write({"date_done": moment, "date_closed": moment})
        return ticket.sudo()

    # Strangers and forgers ------------------------------------------------------------------------------------------

    def test_answer_to_a_foreign_call_is_a_call_of_its_own(self):
        """Who has nothing to do with a call is neither read by its customer nor wakes it."""
        ticket = self._receive(self._mail())
        messages = ticket.message_ids
        opened = self._answer(ticket, sender="Mallory <mallory@evil.example>", body="Send it to me")
        self.assertEqual(ticket.message_ids, messages)
        self.assertEqual(len(opened), 1)
        self.assertEqual((opened.team_id, opened.partner_id.id), (self.team, False))

    def test_colleague_of_the_customer_answers(self):
        company = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "email": "info@acme.example"}
        )
        ann = self.env["res.partner"].create(
            {"name": "Ann", "email": "ann@acme.example", "parent_id": company.id}
        )
        ticket = self._receive(self._mail(sender=ann.email_formatted))
        self.assertEqual(ticket.commercial_partner_id, company)
        for sender in ("New <new@acme.example>", "Ann <ANN@acme.example>"):
            with self.subTest(sender=sender):
                self.assertFalse(self._answer(ticket, sender=sender))
        self.assertTrue(self._answer(ticket, sender="ann@acme.example.evil.example"))

    def test_whoever_was_asked_may_answer(self):
        ticket = self._receive(self._mail())
        supplier = self.env["res.partner"].create({"name": "Maker", "email": "help@maker.example"})
        with self.mock_mail_gateway(), self.mock_mail_app():
            ticket.with_user(self.agent).message_post(
                body="Do you know this fault?",
                partner_ids=supplier.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.assertFalse(self._answer(ticket, sender=supplier.email_formatted))

    def test_forged_sender_is_not_believed(self):
        """Our mail server says the customer did not send it: no name, no contract, no notice to whom it abuses."""
        self.env["after.sales.stage"].search([("state", "=", "registered")]).template_id = self.env.ref(
            "after_sales_helpdesk.mail_template_ticket_registered"
        )
        forged = {
            "Authentication_Results": "mx.example.org; spf=softfail; dmarc=fail header.from=example.com"
        }
        ticket = self._receive(self._mail(**forged))
        self.assertTrue(ticket.is_unverified)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.message_ids.author_id - self.env.ref("base.partner_root"))
        self.assertIn("carla@example.com", ticket.contact_email)
        self.assertFalse(self._new_mails)
        honest = self._receive(self._mail(subject="Honest", Authentication_Results="mx; dmarc=pass"))
        self.assertEqual((honest.partner_id, honest.is_unverified), (self.customer, False))

    def test_forged_colleague_does_not_stop_the_clock(self):
        ticket = self._receive(self._mail())
        opened = self._answer(
            ticket, sender=self.agent.email_formatted, Authentication_Results="mx; dmarc=fail"
        )
        self.assertTrue(opened.is_unverified)
        self.assertEqual(ticket.clock_ids.state, "running")

    def test_unknown_sender_becomes_a_contact_when_a_person_says_so(self):
        ticket = self._receive(self._mail(sender="Nobody <nobody@example.net>"))
        self.assertFalse(ticket.partner_id)
        ticket.with_user(self.agent).action_make_contact()
        self.assertRecordValues(ticket.partner_id, [{"name": "Nobody", "email": "nobody@example.net"}])
        again = self._receive(self._mail(subject="Again", sender="N. <nobody@example.net>"))
        self.assertEqual(again.partner_id, ticket.partner_id)

    # Copies ---------------------------------------------------------------------------------------------------------

    def test_five_hundred_recipients(self):
        """Copies are kept of the customer's own people only (D44): nobody writes to the crowd by answering."""
        carlo = self.env["res.partner"].create(
            {"name": "Carlo", "email": "carlo@example.org", "parent_id": self.customer.id}
        )
        crowd = [f"stranger{n}@crowd.example" for n in range(500)]
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            ticket = self._receive(self._mail(Cc=", ".join([*crowd[:250], carlo.email, *crowd[250:]])))
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.email_cc, "carlo@example.org")
        self.assertEqual(ticket.message_partner_ids, self.customer)
        self._answer(ticket, Cc="later@crowd.example, Carlo <carlo@example.org>")
        self.assertNotIn("crowd", ticket.email_cc)

    # Odd mails ------------------------------------------------------------------------------------------------------

    def test_mail_of_thirty_megabytes(self):
        mail = self._mail(subject="Video")
        content = b"\x00\x01" * (15 * 1024 * 1024)
        mail.add_attachment(content, maintype="video", subtype="mp4", filename="noise.mp4")
        ticket = self._receive(mail)
        self.assertEqual(ticket.message_ids.attachment_ids.file_size, len(content))
        mail = self._mail(subject="Long log", body="line of a log\n" * 100_000)
        ticket = self._receive(mail)
        self.assertLess(len(ticket.description), 300_000)
        self.assertGreater(max(len(message.body) for message in ticket.message_ids), 1_000_000)

    def test_broken_encoding(self):
        """A body that is not what its header says, and headers cut in two: a call all the same."""
        raw = (
            f"From: Carla <carla@example.com>\r\nTo: {self.address}\r\nSubject: =?utf-8?b?w6fDo28=?= =?utf-8?q?=FF=FE?=\r\n"
            "Message-ID: <broken@example.com>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        ).encode() + b"Kaputt \xff\xfe\x00 caff\xe8\r\n"
        before = self.env["after.sales.ticket"].search([])
        with self.mock_mail_gateway(), self.mock_mail_app():
            self.env["mail.thread"].message_process(None, raw)
        ticket = self.env["after.sales.ticket"].search([]) - before
        self.assertEqual(len(ticket), 1)
        self.assertIn("Kaputt", ticket.description)

    # Finished calls -------------------------------------------------------------------------------------------------

    def test_answer_within_the_grace_period_reopens(self):
        """D43: counted, so that the figures know it."""
        ticket = self._finish(self._receive(self._mail()), days_ago=3)
        self.assertFalse(self._answer(ticket))
        self.assertEqual((ticket.state, ticket.reopen_count), ("authorised", 1))

    def test_machine_does_not_reopen(self):
        ticket = self._finish(self._receive(self._mail()))
        self.assertFalse(self._answer(ticket, Auto_Submitted="auto-replied"))
        self.assertEqual(ticket.state, "closed")

    def test_later_answer_opens_a_linked_call_once(self):
        ticket = self._finish(self._receive(self._mail()), days_ago=30)
        later = self._answer(ticket)
        self.assertEqual((later.parent_id, later.partner_id, later.channel), (ticket, self.customer, "email"))
        self.assertEqual((ticket.state, ticket.reopen_count), ("closed", 0))
        self.assertFalse(self._answer(ticket, body="One more thing"))
        self.assertIn("One more thing", later.message_ids[0].body)

    def test_answer_to_a_merged_call_goes_to_the_one_that_stays(self):
        stays, goes = self._receive(self._mail()), self._receive(self._mail(subject="The same again"))
        first = goes.message_ids.filtered(lambda m: m.message_type == "email").message_id
        goes.with_user(self.agent)._merge_into(stays)
        self.assertFalse(self._receive(self._mail(subject="Again", body="And?", In_Reply_To=first)))
        self.assertIn("And?", stays.message_ids[0].body)
        self.assertEqual(goes.state, "cancelled")

    def _create_unit(self, serial, partner=None, **values):
        product = self.env["product.product"].create(
            {"name": "Boiler", "is_storable": True, "tracking": "serial"}
        )
        return self.env["after.sales.unit"].create(
            {
                "product_id": product.id,
                "serial": serial,
                "partner_id": (partner or self.customer).id,
                "company_id": self.team.company_id.id,
                **values,
            }
        )

    def test_serial_in_a_mail_names_the_unit(self):
        """As a whole word, whatever its case and dashes, in the subject or in the text; and only the sender's own."""
        unit, other = self._create_unit("SN-40771"), self._create_unit("SN-40772")
        short, number = self._create_unit("A12"), self._create_unit("20121")
        stranger = self.env["res.partner"].create({"name": "Sam", "email": "sam@example.org"})
        foreign = self._create_unit("SN-40773", stranger)
        self._create_unit("SN-40774")._end("Scrapped")
        cases = {
            "subject": ("No hot water, sn 40771 or sn40771", "Come soon.", unit),
            "body": ("No hot water", "The boiler (S/N: SN-40771) is cold.\nCarla, 20121 Milano", unit),
            "twice the same": ("SN-40772", "SN-40772", other),
            "two units": ("SN-40771", "and also SN-40772", None),
            "part of a word": ("No hot water", "Order XSN-407719", None),
            "too short": ("A12", "Call me on A12.", None),
            "small number": ("No hot water", "Carla, 20121 Milano", None),
            "of another customer": ("SN-40773", "It is cold.", None),
            "no longer in service": ("SN-40774", "It is cold.", None),
        }
        for name, (subject, body, found) in cases.items():
            with self.subTest(name):
                mail = self._mail(subject, body, message_id=f"<serial.{next(self.numbers)}@example.com>")
                self.assertEqual(self._receive(mail).unit_id, found or unit.browse())
        self.assertTrue(short and number and foreign)
        mail = self._mail("SN-40771", sender="New <new@example.net>", message_id="<serial.new@example.com>")
        self.assertFalse(self._receive(mail).unit_id, "nobody we know")
        mail = self._mail(
            "SN-40771",
            message_id="<serial.forged@example.com>",
            Authentication_Results="mx.example.com; dmarc=fail",
        )
        self.assertFalse(self._receive(mail).unit_id, "not who he says")

    def test_colleague_of_the_owner_names_the_unit(self):
        house = self.env["res.partner"].create({"name": "Hotel Aurora", "is_company": True})
        self.customer.parent_id = house
        unit = self._create_unit("SN-40775", house)
        ticket = self._receive(self._mail("Boiler SN-40775"))
        self.assertEqual((ticket.unit_id, ticket.partner_id), (unit, self.customer))
        self.assertTrue(ticket.regime_id, "what the unit is entitled to is known")

    def _count_mail(self, subject):
        """Statements of a mail, without the notice to the customer, which is core's work."""
        self.env["after.sales.stage"].search([]).template_id = False
        mail = self._mail(subject=subject).as_string()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        with self.mock_mail_gateway(), self.mock_mail_app():
            self.env["mail.thread"].message_process(None, mail)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_mail_in_a_bounded_number_of_statements(self):
        """Speed: the second mail of a batch. Two of three are core's gateway: aliases, loops, message."""
        for number in range(2):
            self._create_unit(f"SN-4078{number}")
        self._count_mail("Warm-up SN-40780")
        self.assertLessEqual(self._count_mail("Counted SN-40799"), 37)
        # With a unit its warranty, contract and hour pools are asked for, as for a call on the telephone.
        self.assertLessEqual(self._count_mail("Known SN-40781"), 40)
        self.assertTrue(self.env["after.sales.ticket"].search([("subject", "=", "Known SN-40781")]).unit_id)

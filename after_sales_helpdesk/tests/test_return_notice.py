from odoo.tests import HttpCase, tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestReturnNotice(WorkshopCommon, HttpCase):
    """HD-29: whose goods come without a call is told at each step, in his language, with his own link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        for step in ("authorised", "received", "accepted", "refused", "ready", "closed", "cancelled"):
            template = cls.env.ref(f"after_sales_helpdesk.mail_template_return_{step}")
            template.active = True
            template.with_context(lang="it_IT").subject = "{{ object.name }}: IT " + step
        cls.consumer.lang = "it_IT"
        __, cls.units = cls._sold_units("M-1", "M-2")

    def _get_notices(self, record):
        """The subjects of what the customer got, the first one first."""
        notes = record.message_ids.filtered(lambda message: message.partner_ids == self.consumer)
        return notes.sorted("id").mapped("subject")

    def _assert_told(self, record, *steps):
        self.assertEqual(self._get_notices(record), [f"{record.name}: IT {step}" for step in steps])

    def test_told_at_each_step(self):
        record = self._create_return(*self.units)
        record.action_authorise()
        self._assert_told(record, "authorised")
        body = record.message_ids.filtered("subject")[:1].body
        link = f"/my/returns/{record.id}?access_token={record.access_token}"
        self.assertIn(link, body.replace("&amp;", "&"))
        lines = record.line_ids.with_context(lang="it_IT")
        states = dict(lines._fields["state"]._description_selection(lines.env))
        for text in ("M-1", states[lines[0].state]):
            self.assertIn(text, body)
        self._receive(record.with_user(self.technician_user))
        first, second = record.line_ids
        first.condition = "damaged"
        first.with_user(self.technician_user).action_accept()
        second.refusal_reason = "Aperta da altri"
        second.action_refuse()
        self._assert_told(record, "authorised", "received", "accepted", "refused")
        self.assertIn("Aperta da altri", record.message_ids.filtered("subject")[:1].body)
        self._repair(first)
        self._hand_out(record.line_ids)
        self._assert_told(record, "authorised", "received", "accepted", "refused", "ready", "closed")

    def test_cancelled(self):
        record = self._create_return(self.units[0])
        record.action_cancel()
        self._assert_told(record, "cancelled")

    def test_a_call_speaks_for_its_return(self):
        ticket = self._create_ticket(unit_id=self.units[0].id, service_id=self.service.id)
        record = self._create_return(self.units[0], ticket_id=ticket.id)
        record.action_authorise()
        self._receive(record)
        self._assert_told(record)

    def test_not_sent(self):
        """To whom has no address, and what the manager has archived."""
        self.consumer.email = False
        silent = self._create_return(self.units[0])
        silent.action_authorise()
        self.consumer.email = "carla@example.com"
        self.env.ref("after_sales_helpdesk.mail_template_return_authorised").active = False
        other = self._create_return(self.units[1])
        other.action_authorise()
        self._assert_told(silent)
        self._assert_told(other)

    def test_his_page(self):
        record = self._create_return(self.units[0])
        record.action_authorise()
        link = record.sudo().get_portal_url()
        page = self.url_open(link)
        for text in (record.name, "M-1", "Download the label"):
            self.assertIn(text, page.text)
        self._receive(record)
        record.line_ids.refusal_reason = "Opened by others"
        record.line_ids.action_refuse()
        self.env.flush_all()
        page = self.url_open(link).text
        self.assertIn("Opened by others", page)
        self.assertNotIn("Download the label", page)
        for wrong in (f"/my/returns/{record.id}", f"/my/returns/{record.id}?access_token=wrong"):
            self.assertNotIn("Opened by others", self.url_open(wrong).text)

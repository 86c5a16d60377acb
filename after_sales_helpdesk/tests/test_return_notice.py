from odoo.tests import HttpCase, tagged

from .common_workshop import WorkshopCommon


@tagged("post_install", "-at_install")
class TestReturnNotice(WorkshopCommon, HttpCase):
    """HD-29: whose goods come without a call is told at each step, in his language, with his own link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        for step in (
            "authorised",
            "received",
            "accepted",
            "refused",
            "ready",
            "exchanged",
            "closed",
            "cancelled",
        ):
            template = cls.env.ref(f"after_sales_helpdesk.mail_template_return_{step}")
            template.active = True
            template.with_context(lang="it_IT").subject = "{{ object.name }}: IT " + step
        cls.consumer.lang = "it_IT"
        cls.warehouse_user = cls._create_user("return_stock", "stock.group_stock_user")
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

    def _exchange(self, lines, *serials):
        """Deliver other machines instead."""
        self._stock(self.machine, 1, [self._create_lot(self.machine, serial) for serial in serials])
        lines.unrepairable_reason = "Worn"
        lines.action_not_repairable()
        lines.outcome = "exchange"
        lines.action_settle()
        moves = lines.sudo().other_move_ids
        moves.picked = True
        for picking in moves.picking_id:
            picking.with_user(self.warehouse_user).button_validate()

    def test_told_of_the_exchange_and_of_its_end_at_once(self):
        record = self._create_return(*self.units, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        told = self._get_notices(record)
        first, second = record.line_ids
        self._exchange(first, "M-8")
        self._assert_last_notices(record, told, "exchanged")
        body = record.message_ids.filtered("subject")[:1].body
        for text in ("M-1", "M-8"):
            self.assertIn(text, body)
        self.assertNotIn("M-2", body)
        self._exchange(second, "M-9")
        self._assert_last_notices(record, told, "exchanged", "closed")
        body = record.message_ids.filtered("subject")[:1].body
        for text in ("M-8", "M-9"):
            self.assertIn(text, body)
        page = self.url_open(record.sudo().get_portal_url()).text
        for serial in ("M-8", "M-9"):
            self.assertRegex(page, f"Replaced by [^<]*{serial}")

    def _assert_last_notices(self, record, before, *steps):
        self.assertEqual(
            self._get_notices(record)[len(before) :], [f"{record.name}: IT {step}" for step in steps]
        )

    def test_exchange_of_a_call_is_told_once(self):
        """Its stages say that work is done, not which machine stands there now."""
        ticket = self._create_ticket(unit_id=self.units[0].id, service_id=self.service.id)
        record = self._create_return(self.units[0], ticket_id=ticket.id, policy_id=self.quick_policy.id)
        record.action_authorise()
        self._receive(record)
        self._exchange(record.line_ids, "M-9")
        self._assert_told(record, "exchanged")
        self.env.flush_all()
        page = self.url_open(ticket.sudo().get_portal_url()).text
        self.assertRegex(page, "Replaced by [^<]*M-9")

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

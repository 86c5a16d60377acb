from lxml import html

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common_field import SIGNATURE, FieldCommon


@tagged("post_install", "-at_install")
class TestTicketAgreement(FieldCommon, HttpCase):
    """The customer's answer to a quotation: by his own link, with signature or reason, and what follows from it."""

    def _quoted(self, **values):
        ticket = self._create_ticket(self.agent, service_id=self.service.id, **values)
        ticket.action_check_coverage()
        ticket.action_quote()
        ticket.action_send_quotation()
        return ticket

    def _decline(self, order, token, reason="Too expensive"):
        self.authenticate(None, None)
        page = self.url_open(f"/my/orders/{order.id}?access_token={order.access_token}").text
        csrf = page.split('csrf_token: "')[1].split('"')[0]
        return self.url_open(
            f"/my/orders/{order.id}/decline?access_token={token}",
            data={"csrf_token": csrf, "decline_message": reason},
        )

    def test_refused_on_the_portal_with_reason_and_fee(self):
        ticket = self._quoted(inspection_fee=40.0)
        order = ticket.sale_order_id.sudo()
        order._portal_ensure_token()
        self.assertTrue(order.require_signature)
        self.assertIn("40", order.order_line.filtered("display_type").name)
        self._decline(order, "wrong")
        self.env.invalidate_all()
        self.assertEqual((order.state, ticket.state), ("sent", "quoted"), "a stranger refuses nothing")
        self._decline(order, order.access_token)
        self.env.invalidate_all()
        self.assertRecordValues(
            ticket,
            [{"state": "cancelled", "quotation_refusal": "Too expensive", "waiting_for": False}],
        )
        self.assertRecordValues(
            ticket.inspection_charge_id,
            [{"amount_customer": 40.0, "state": "confirmed", "partner_id": self.consumer.id}],
        )
        self.assertEqual(ticket.inspection_charge_id.tax_ids, self.tax)

    def test_the_fee_is_written_as_the_customer_writes_amounts(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.consumer.lang = "it_IT"
        note = self._quoted(inspection_fee=1040.0).sale_order_id.sudo().order_line.filtered("display_type")
        self.assertIn("1.040,00", note.name)

    def _get_fee_notes(self, order):
        return order.order_line.filtered("is_after_sales_fee").mapped("name")

    def test_a_fee_changes_with_its_draft_and_is_locked_by_the_offer(self):
        """HD-11: what he reads in the quotation is what his refusal costs."""
        ticket = self._create_ticket(self.agent, service_id=self.service.id, inspection_fee=125050.0)
        ticket.action_check_coverage()
        ticket.action_quote()
        order = ticket.sale_order_id.sudo()
        count = len(order.order_line)
        ticket.inspection_fee = 1250.5
        self.assertRegex(self._get_fee_notes(order)[0], r"1,250\.50")
        self.assertEqual(len(order.order_line), count)
        ticket.inspection_fee = 0
        self.assertFalse(self._get_fee_notes(order))
        ticket.inspection_fee = 80.0
        self.assertRegex(self._get_fee_notes(order)[0], r"80\.00")
        ticket.action_send_quotation()
        for state in ("sent", "sale"):
            order.state = state
            with self.subTest(state=state), self._quietly_refused(UserError, "make a new quotation"):
                ticket.inspection_fee = 80.4
        ticket.write({"inspection_fee": 80.0, "priority": "2"})
        order._action_cancel()
        ticket.inspection_fee = 80.4
        self.assertRegex(self._get_fee_notes(order)[0], r"80\.00", "what was offered stays on paper")

    def _get_notices(self, url, name):
        """Texts of the notices of this name on a page."""
        tree = html.fromstring(self.url_open(url).text)
        return [" ".join(node.text_content().split()) for node in tree.xpath(f"//*[@name='{name}']")]

    def test_the_customer_is_told_what_his_refusal_costs(self):
        """On his page, in the dialog in which he refuses, and afterwards on the page of his call."""
        ticket = self._quoted(inspection_fee=40.0)
        order = ticket.sale_order_id.sudo()
        order._portal_ensure_token()
        page = f"/my/orders/{order.id}?access_token={order.access_token}"
        self.authenticate(None, None)
        notices = self._get_notices(page, "after_sales_fee")
        self.assertEqual(len(notices), 2, "the page and the dialog")
        for notice in notices:
            self.assertRegex(notice, r"inspection fee of .*40\.00.* \(before taxes\) is charged")
        call = f"/my/calls/{ticket.id}?access_token={ticket.sudo()._portal_ensure_token()}"
        self.assertFalse(self._get_notices(call, "refusal"))
        self._decline(order, order.access_token)
        self.assertFalse(self._get_notices(page, "after_sales_fee"), "it is over")
        self.assertRegex(self._get_notices(call, "refusal")[0], r"Too expensive.*fee is charged:.*40\.00")

    def test_the_customer_is_told_of_no_fee_where_none_was_agreed(self):
        ticket = self._quoted()
        order = ticket.sale_order_id.sudo()
        order._portal_ensure_token()
        self.authenticate(None, None)
        page = f"/my/orders/{order.id}?access_token={order.access_token}"
        self.assertFalse(self._get_notices(page, "after_sales_fee"))
        self._decline(order, order.access_token)
        call = f"/my/calls/{ticket.id}?access_token={ticket.sudo()._portal_ensure_token()}"
        self.assertEqual(self._get_notices(call, "refusal"), ["You refused the quotation: Too expensive"])

    def test_refused_without_fee_costs_nothing(self):
        ticket = self._quoted()
        ticket.sale_order_id.sudo().with_context(after_sales_refusal="No")._action_cancel()
        self.assertEqual(ticket.state, "cancelled")
        self.assertFalse(self.env["after.sales.charge"].search([("ticket_id", "=", ticket.id)]))

    def test_our_own_cancelling_is_no_refusal(self):
        ticket = self._quoted(inspection_fee=40.0)
        ticket.sale_order_id.sudo()._action_cancel()
        self.assertEqual((ticket.state, ticket.quotation_refusal), ("checked", False))
        self.assertFalse(ticket.inspection_charge_id)

    def test_accepted_and_signed_on_the_portal(self):
        ticket = self._quoted()
        order = ticket.sale_order_id.sudo()
        order._portal_ensure_token()
        self.authenticate(None, None)
        for token, state in (("wrong", "quoted"), (order.access_token, "authorised")):
            self.make_jsonrpc_request(
                f"/my/orders/{order.id}/accept",
                {"access_token": token, "name": "Carla", "signature": SIGNATURE},
            )
            self.env.invalidate_all()
            self.assertEqual(ticket.state, state)
        self.assertEqual(order.signed_by, "Carla")

    def _work(self, ticket, hours):
        visit = self._create_visit(self.agent, ticket_id=ticket.id)
        self._add_session(visit, "work", 11, 11 + hours)
        return self._finish(visit.with_user(self.technician_user))

    def test_what_was_accepted_is_not_silently_exceeded(self):
        ticket = self._quoted()
        order = ticket.sale_order_id.sudo()
        order.action_confirm()
        agreed = order.amount_untaxed
        hours = int(agreed / 52) + 1
        charges = self._work(ticket, hours)
        over = charges.filtered("problem")
        self.assertTrue(over)
        self.assertEqual(set(over.mapped("state")), {"draft"})
        self.assertIn("accepted", over[0].problem)
        over.with_user(self.agent).action_confirm()
        self.assertEqual(set(charges.mapped("state")), {"confirmed"})

    def test_within_the_tolerance_of_the_regime(self):
        ticket = self._quoted()
        order = ticket.sale_order_id.sudo()
        order.action_confirm()
        ticket.regime_id.sudo().quotation_tolerance = 100.0
        charges = self._work(ticket, int(order.amount_untaxed / 52) + 1)
        self.assertEqual(set(charges.mapped("state")), {"confirmed"})

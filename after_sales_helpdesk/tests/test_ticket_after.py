from datetime import date, datetime, time, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketAfter(HelpdeskCommon, HttpCase):
    """After the work: reopened or followed, asked, called back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._create_user("hd_leader2", "after_sales_warranty.group_after_sales_manager")
        cls.team.write({"user_id": cls.leader.id, "reopen_days": 14})
        cls.unit = cls._create_covered_unit(labour=100, travel=100, serial="SN-401")

    def _closed(self, days_ago=0, **values):
        ticket = self._create_ticket(self.agent, unit_id=self.unit.id, **{"user_id": self.agent.id, **values})
        for action in ("check_coverage", "authorise", "done", "close"):
            getattr(ticket, f"action_{action}")()
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        ticket.sudo().write({"date_done": moment, "date_closed": moment})
        return ticket

    def test_grace_period(self):
        """D43: inside it a call is reopened and counted, later another one is opened and linked."""
        fresh, old = self._closed(days_ago=13), self._closed(days_ago=15)
        fresh.action_reopen()
        self.assertEqual((fresh.state, fresh.reopen_count), ("authorised", 1))
        with self.assertRaisesRegex(UserError, "follow-up"):
            old.action_reopen()
        context = old.action_follow_up_call()["context"]
        later = self.env["after.sales.ticket"].with_user(self.agent).with_context(**context).create({})
        self.assertEqual((later.parent_id, later.unit_id, later.partner_id), (old, self.unit, self.consumer))
        self.assertEqual(old.reopen_count, 0)

    def test_word_on_the_portal(self):
        portal = self.env["res.users"].create(
            {
                "login": "hd_carla",
                "partner_id": self.consumer.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        fresh, old = self._closed(), self._closed(days_ago=30)
        for ticket in (fresh, old):
            ticket.with_user(portal).message_post(
                body="It is broken again", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual((fresh.state, old.state), ("authorised", "closed"))
        self.assertEqual((old.child_ids.channel, old.child_ids.partner_id), ("portal", self.consumer))
        self.assertIn("broken again", old.child_ids.description)
        old.message_post(body="We saw it", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual((old.state, len(old.child_ids)), ("closed", 1))

    def test_follow_up_after_closing(self):
        """HD-38."""
        self.assertFalse(self._closed().activity_ids)
        self.team.follow_up_days = 5
        activity = self._closed().activity_ids
        self.assertEqual(activity.user_id, self.agent)
        today = fields.Date.context_today(self.team.with_context(tz=self.agent.tz))
        self.assertEqual(activity.date_deadline, today + timedelta(days=5))

    def test_follow_up_counts_from_the_day_of_who_is_reminded(self):
        """Whoever closes it: in Rome it is tomorrow already, in New York still today."""
        self.team.follow_up_days = 5
        for zone, days in (("Europe/Rome", 6), ("America/New_York", 5)):
            self.leader.tz = zone
            with freeze_time(datetime.combine(date.today(), time(23, 20))):
                deadline = self._closed(user_id=self.leader.id).activity_ids.date_deadline
            self.assertEqual(deadline, date.today() + timedelta(days=days))

    def test_follow_up_of_a_call_nobody_answers_for(self):
        """Without leader and responsible the nearest who may see the call is reminded (HD-38)."""
        member = self._create_user("hd_member2", "after_sales_warranty.group_after_sales_agent")
        self.team.write({"user_id": False, "follow_up_days": 5})
        self.assertEqual(self._closed(user_id=False).activity_ids.user_id, self.agent, "who registered it")
        self.team.member_ids = member
        self.assertEqual(self._closed(user_id=False).activity_ids.user_id, member)
        self.team.user_id = self.leader
        self.assertEqual(self._closed(user_id=False).activity_ids.user_id, self.leader)

    def test_low_rating_is_answered_by_a_person(self):
        ticket = self._closed().sudo()
        ticket.rating_apply(5, token=ticket._rating_get_access_token())
        self.assertFalse(ticket.activity_ids)
        token = ticket._rating_get_access_token()
        ticket.rating_apply(1, token=token, feedback="They left a mess")
        self.assertEqual(ticket.activity_ids.user_id, self.leader)
        self.assertIn("mess", ticket.activity_ids.note)
        ticket.rating_apply(1, token=token, feedback="And were late")
        self.assertEqual(len(ticket.activity_ids), 1)
        self.assertIn("late", ticket.activity_ids.note)
        self.assertEqual(ticket.state, "closed")
        found = self.env["after.sales.ticket"].search(
            [("rating_last_value", ">", 0), ("rating_last_value", "<", 3), ("id", "=", ticket.id)]
        )
        self.assertEqual(found, ticket)

    def test_low_rating_by_the_link_of_a_mail(self):
        """Nobody signs in to say that he is not content, and a customer who has is heard, too."""
        self._create_user("hd_rater", "base.group_portal", partner_id=self.consumer.id)
        for login in (None, "hd_rater"):
            ticket = self._closed()
            token = ticket._rating_get_access_token()
            self.authenticate(login, login)
            answer = self.url_open(
                f"/rate/{token}/submit_feedback",
                data={"rate": 1, "feedback": "They left a mess", "csrf_token": Request.csrf_token(self)},
            )
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(ticket.sudo().rating_ids.feedback, "They left a mess")
            self.assertEqual(ticket.activity_ids.user_id, self.leader)
            self.assertFalse(ticket.activity_ids.create_uid.share, "the desk may read who made it")

    def test_low_rating_of_a_call_nobody_answers_for(self):
        """Without leader and responsible a member of the team is told, then who registered it, then a manager."""
        member = self._create_user("hd_member", "after_sales_warranty.group_after_sales_agent")
        gone = self._create_user("hd_gone", "after_sales_warranty.group_after_sales_agent")
        self.team.write({"user_id": False, "member_ids": (gone | member).ids})
        gone.active = False
        of_member, of_agent = self._closed().sudo(), self._closed().sudo()
        (of_member | of_agent).user_id = False
        of_member.rating_apply(1, token=of_member._rating_get_access_token())
        self.assertEqual(of_member.activity_ids.user_id, member)
        self.team.member_ids = False
        of_agent.rating_apply(1, token=of_agent._rating_get_access_token())
        self.assertEqual(of_agent.activity_ids.user_id, self.agent)
        of_manager = self._closed().sudo()
        of_manager.user_id = False
        self.agent.active = False
        of_manager.rating_apply(1, token=of_manager._rating_get_access_token())
        told = of_manager.activity_ids.user_id
        self.assertTrue(told.has_group("after_sales_warranty.group_after_sales_manager"))
        self.assertIn(self.company, told.company_ids)

    def test_each_closing_is_rated_once(self):
        self.team.rating_request = True
        ticket = self._closed()
        first = ticket.sudo().rating_ids
        self.assertEqual(len(first), 1)
        ticket.sudo().rating_apply(3, token=first.access_token)
        ticket.action_reopen()
        ticket.action_done()
        ticket.action_close()
        self.assertEqual(len(ticket.sudo().rating_ids), 2)
        self.assertEqual(ticket.sudo().rating_ids.filtered("consumed"), first)

    def test_cancelling_tells_the_customer_why(self):
        self.stages["cancelled"].template_id = self.env.ref(
            "after_sales_helpdesk.mail_template_ticket_cancelled"
        )
        ticket = self._create_ticket(self.agent)
        Wizard = self.env["after.sales.ticket.cancel"].with_user(self.agent)
        Wizard.create({"ticket_ids": ticket.ids, "reason": "It works again"}).action_cancel_calls()
        self.assertEqual((ticket.state, ticket.cancel_reason), ("cancelled", "It works again"))
        self.assertIn("It works again", "".join(ticket.message_ids.mapped("body")))

    def test_notices_in_the_language_of_the_customer(self):
        """HD-29: each notice speaks his language and carries his own link."""
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("after_sales_helpdesk.mail_template_ticket_registered")
        template.with_context(lang="it_IT").subject = "{{ object.name }}: chiamata registrata"
        self.stages["registered"].template_id = template
        self.consumer.lang = "it_IT"
        ticket = self._create_ticket(self.agent)
        message = ticket.message_ids.filtered(lambda m: "registrata" in (m.subject or ""))
        self.assertEqual(len(message), 1)
        for text in (f"/my/calls/{ticket.id}?", f"access_token={ticket.sudo().access_token}"):
            self.assertIn(text, message.body)

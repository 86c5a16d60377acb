from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import AGENT, TECHNICIAN, ContractCommon

#: One white pixel.
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)


@freeze_time("2026-03-02 10:00:00")
class TestProposal(ContractCommon):
    """A proposal is sent, seen, signed or refused, and lapses; notice is given by the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("proposer", AGENT)
        cls.consumer.email = "carla@example.com"

    def _propose(self, **values):
        contract = self._create_contract(start=False, date_start=date(2026, 4, 1), **values).with_user(
            self.agent
        )
        contract.action_propose()
        return contract

    def _messages(self, contract):
        return " ".join(contract.message_ids.mapped("subject") or [""])

    def test_sent_by_mail(self):
        """Opening the mail changes nothing, sending it proposes; the PDF and the instalments are there."""
        contract = self._create_contract(start=False).with_user(self.agent)
        action = contract.action_send_proposal()
        composer = (
            self.env[action["res_model"]].with_user(self.agent).with_context(**action["context"]).create({})
        )
        self.assertEqual((contract.state, contract.instalment_ids.ids), ("draft", []))
        self.assertIn(contract.name, composer.subject)
        self.assertEqual(composer.partner_ids, self.consumer)
        composer._action_send_mail()
        self.assertRecordValues(
            contract,
            [{"state": "proposed", "proposal_state": "sent", "proposal_validity": date(2026, 4, 1)}],
        )
        self.assertEqual(len(contract.instalment_ids), 4)
        self.assertTrue(contract.access_token)
        rows = self._create_contract(start=False)._get_instalment_summary()
        self.assertEqual([row["amount"] for row in rows], [300.0] * 4)

    def test_proposed_without_mail(self):
        """Nobody says that it was sent before it was; the customer may see and sign it on the portal all the same."""
        contract = self._propose()
        self.assertEqual((contract.state, contract.proposal_state), ("proposed", "to_send"))
        self.assertTrue(contract._is_open_proposal())
        contract.with_context(mark_after_sales_proposed=True).message_post(body="Our proposal")
        self.assertEqual(contract.proposal_state, "sent")
        seen = self._propose()
        seen._mark_seen()
        self.assertEqual(seen.proposal_state, "seen")

    def test_what_others_read_later(self):
        """The responsible person's task is in his language, what stands on the contract in the company's."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.company.partner_id.lang = "it_IT"
        boss = self._create_user("boss_it", AGENT, lang="it_IT")
        contract = self._propose(user_id=boss.id)
        contract.with_context(lang="en_US")._refuse("Too dear")
        self.assertEqual(contract.activity_ids.summary, "La proposta è stata rifiutata")
        running = self._create_contract().with_user(self.agent).with_context(lang="en_US")
        running._transfer(self.business, date(2026, 3, 20))
        self.assertIn("Busy Ltd", running.close_reason)
        self.assertNotIn("Transferred", running.close_reason)

    def test_validity_by_template(self):
        template = self._create_contract_template(proposal_days=10)
        contract = self._propose(template_id=template.id)
        self.assertEqual(contract.proposal_validity, date(2026, 3, 12))
        template.proposal_days = 0
        self.assertFalse(self._propose(template_id=template.id).proposal_validity)

    def test_signed(self):
        contract = self._propose()
        contract._mark_seen()
        contract._mark_seen()
        self.assertEqual(contract.proposal_state, "seen")
        contract._accept("Carla Consumer", SIGNATURE)
        self.assertRecordValues(
            contract, [{"state": "running", "proposal_state": "accepted", "signed_by": "Carla Consumer"}]
        )
        self.assertTrue(contract.signature)
        self.assertIn("accepted", self._messages(contract))
        with self.assertRaisesRegex(UserError, "answered already"):
            contract._accept("Carla Consumer", SIGNATURE)
        with self.assertRaisesRegex(UserError, "answered already"):
            contract._refuse("Too late")
        self.assertEqual(contract.state, "running")

    def test_signed_and_waiting_for_the_delivery(self):
        """What begins with an event is proposed without a date, and starts when the event comes."""
        contract = self._propose_open()
        contract._accept("Carla", SIGNATURE)
        self.assertEqual((contract.state, contract.proposal_state), ("proposed", "accepted"))
        contract._start_on("delivery", date(2026, 5, 4))
        self.assertRecordValues(contract, [{"state": "running", "date_start": date(2026, 5, 4)}])
        self.assertEqual(len(contract.instalment_ids), 4)
        waiting = self._propose_open()
        with self.assertRaisesRegex(UserError, "no first day"):
            waiting.action_start()

    def _propose_open(self):
        contract = self._create_contract(start=False, date_start=False, start_basis="delivery").with_user(
            self.agent
        )
        contract.action_propose()
        return contract

    def test_refused(self):
        contract = self._propose()
        contract._refuse("Too dear")
        self.assertRecordValues(
            contract, [{"state": "cancelled", "proposal_state": "refused", "close_reason": "Too dear"}]
        )
        self.assertEqual(set(contract.instalment_ids.mapped("state")), {"cancelled"})
        self.assertIn("Too dear", contract.activity_ids.note)
        contract.action_draft()
        contract.action_propose()
        self.assertEqual((contract.proposal_state, contract.refuse_reason), ("to_send", False))

    def test_lapsed(self):
        contract, valid, signed = self._propose(), self._propose(), self._propose()
        valid.proposal_validity = date(2026, 4, 10)
        signed._accept("Carla", SIGNATURE)
        with freeze_time("2026-04-05"):
            with self.assertRaisesRegex(UserError, "no longer valid"):
                contract._accept("Carla", SIGNATURE)
            cron = self.env.ref("after_sales_contract.ir_cron_lapse_proposals")
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
        self.assertRecordValues(
            contract | valid | signed,
            [
                {"state": "cancelled", "proposal_state": "lapsed"},
                {"state": "proposed", "proposal_state": "to_send"},
                {"state": "running", "proposal_state": "accepted"},
            ],
        )

    def test_notice_in_time(self):
        contract = self._create_contract(tacit_renewal=True)
        self.assertTrue(contract._receive_notice("Carla", "I sold the machine"))
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "notice",
                    "notice_date": date(2026, 3, 2),
                    "tacit_renewal": False,
                    "date_end": date(2026, 12, 31),
                }
            ],
        )
        self.assertIn("your notice", self._messages(contract))
        with self.assertRaisesRegex(UserError, "ends by itself"):
            contract._receive_notice("Carla")
        contract.action_withdraw_notice()
        self.assertRecordValues(contract, [{"state": "running", "tacit_renewal": True, "notice_date": False}])

    def test_notice_too_late(self):
        """It is recorded and somebody answers: the contract is not ended against its terms by a click."""
        contract = self._create_contract(tacit_renewal=True)
        with freeze_time("2026-12-15"):
            self.assertFalse(contract._receive_notice("Carla"))
        self.assertRecordValues(contract, [{"state": "running", "notice_date": date(2026, 12, 15)}])
        self.assertIn("too late", contract.activity_ids.summary)
        with self.assertRaises(UserError):
            contract._receive_notice("Carla")
        agent = self._create_user("answers_late", AGENT)
        contract.with_user(agent).action_withdraw_notice()
        self.assertRecordValues(contract, [{"state": "running", "notice_date": False, "tacit_renewal": True}])
        with freeze_time("2026-12-15"):
            contract._receive_notice("Carla")
        with freeze_time("2026-12-16"):
            wizard = Form.from_action(self.env(user=agent), contract.with_user(agent).action_notice())
            self.assertEqual(wizard.date, date(2026, 12, 15))
            self.assertIn("too late for this term", wizard.effects)
            wizard.save().action_apply()
        self.assertEqual((contract.state, contract.notice_date), ("notice", date(2026, 12, 15)))

    def test_notice_by_letter(self):
        """The letter came some days ago: the dialog shows by when it had to and when the contract ends, and stores nothing
        before it is applied."""
        contract = self._create_contract(tacit_renewal=True)
        agent = self._create_user("opens_letters", AGENT)
        with freeze_time("2026-12-05"):
            wizard = Form.from_action(self.env(user=agent), contract.with_user(agent).action_notice())
            self.assertEqual(wizard.date, date(2026, 12, 5))
            self.assertIn("12/01/2026: it arrived too late", wizard.effects)
            wizard.date = date(2026, 12, 6)
            self.assertIn("still to come", wizard.effects)
            wizard.date = date(2026, 11, 27)
            self.assertIn("12/01/2026: it arrived in time", wizard.effects)
            self.assertIn("Last day under contract: 12/31/2026", wizard.effects)
            self.assertFalse(contract.notice_date)
            wizard.reason = "Sold the machine"
            wizard.save().action_apply()
        self.assertRecordValues(
            contract,
            [{"state": "notice", "notice_date": date(2026, 11, 27), "close_reason": "Sold the machine"}],
        )
        self.assertIn("your notice", self._messages(contract))

    def test_customer_without_address(self):
        self.consumer.email = False
        contract = self._propose()
        contract._accept("Carla", SIGNATURE)
        self.assertIn("no e-mail address", contract.message_ids[0].body)

    def test_mail_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("after_sales_contract.mail_template_contract_notice")
        template.with_context(lang="it_IT").subject = "Disdetta {{ object.name }}"
        self.consumer.lang = "it_IT"
        contract = self._create_contract(tacit_renewal=True)
        contract._receive_notice("Carla")
        self.assertIn("Disdetta", self._messages(contract))

    def test_rights(self):
        contract = self._create_contract(start=False).with_user(self._create_user("looker", TECHNICIAN))
        for action in ("action_propose", "action_notice", "action_draft"):
            with self.assertRaises(UserError):
                getattr(contract, action)()
        with self.assertRaises(AccessError):
            contract.proposal_validity = date(2030, 1, 1)
        self.assertEqual(contract.state, "draft")

    def test_printed_proposal(self):
        contract = self._propose(line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 480.0})])
        report = self.env["ir.actions.report"].with_user(self.agent)
        html = report._render_qweb_html("after_sales_contract.report_contract", contract.ids)[0].decode()
        self.assertIn("valid until", html)
        self.assertNotIn("data:image", html.split("For the customer")[1])
        contract._accept("Carla Consumer", SIGNATURE)
        html = report._render_qweb_html("after_sales_contract.report_contract", contract.ids)[0].decode()
        self.assertIn("Carla Consumer", html.split("For the customer")[1])
        self.assertIn("data:image", html.split("For the customer")[1])

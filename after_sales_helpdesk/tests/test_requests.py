from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestRequests(HelpdeskCommon):
    """What an owner asks for outside the phone reaches the desk as a call that points at its claim."""

    def test_request_from_the_page_of_a_unit(self):
        unit = self._create_unit(serial="REQ-1")
        values = {"description": "It does not start.\nIt clicks once.", "partner_id": unit.partner_id.id}
        claim = unit._open_request(values, [])
        ticket = unit.ticket_ids
        self.assertRecordValues(
            ticket,
            [
                {
                    "subject": "It does not start.",
                    "channel": "portal",
                    "partner_id": unit.partner_id.id,
                    "claim_id": claim.id,
                }
            ],
        )
        self.assertIn("It clicks once.", ticket.description)
        self.assertFalse(claim.activity_ids, "one request is one piece of work: the call")

    def _recall(self, units):
        """A running recall of these units."""
        remedies = [
            self.env.ref(f"after_sales_warranty.after_sales_campaign_remedy_{n}").id
            for n in ("repair", "refund")
        ]
        campaign = self.env["after.sales.campaign"].create(
            {
                "title": "The burner can overheat",
                "kind": "recall",
                "product_ids": [(6, 0, units.product_id.ids)],
                "image_1920": (
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
                ),
                "product_description": "Boiler",
                "brand": "Fuoco",
                "sale_info": "Sold by us in 2026",
                "hazard": "The burner can set fire to the room.",
                "instructions": "<p>Do not use it any more.</p>",
                "remedy_ids": [(6, 0, remedies)],
                "contact_phone": "800 123456",
            }
        )
        campaign.action_prepare()
        campaign.action_start()
        return campaign

    def test_recall_opens_a_call_for_each_unit_once(self):
        units = self._create_unit(serial="REQ-2") | self._create_unit(serial="REQ-3")
        rows = self._recall(units).unit_ids.with_user(self.agent)
        rows.action_open_request()
        rows.action_open_request()
        self.assertEqual(len(units.ticket_ids), 2)
        self.assertEqual(set(units.ticket_ids.mapped("channel")), {"internal"})
        self.assertEqual(units.ticket_ids.claim_id, units.claim_ids)
        ticket = units.ticket_ids[0]
        request = ticket._prepare_coverage_request("k", "labour")
        decision = self.env["after.sales.coverage"]._resolve([request])["k"]
        self.assertEqual((decision.customer_share, decision.rule), (0.0, "recall"))

    def _finish(self, tickets):
        """Their work is done, step by step."""
        for ticket in tickets.with_user(self.agent):
            ticket.action_check_coverage()
            ticket.authorise_reason = "A recall is free of charge"
            ticket.action_authorise()
            ticket.action_done()

    def test_desk_work_finishes_a_recall(self):
        units = self._create_unit(serial="REQ-4") | self._create_unit(serial="REQ-5")
        campaign = self._recall(units)
        rows = campaign.unit_ids
        rows.with_user(self.agent).action_open_request()
        first = rows[0].claim_id.ticket_ids
        self._finish(first)
        self.assertEqual(rows.mapped("state"), ["done", "in_progress"])
        self.assertTrue(rows[0].date_done)
        self.assertEqual(campaign.completion_rate, 50.0)
        self._finish(units.ticket_ids - first)
        self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_work_taken_up_again_opens_the_recall_again(self):
        unit = self._create_unit(serial="REQ-6")
        row = self._recall(unit).unit_ids
        row.with_user(self.agent).action_open_request()
        ticket = unit.ticket_ids
        self._finish(ticket)
        self.assertEqual(row.state, "done")
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual(row.state, "in_progress")

    def test_a_cancelled_call_finishes_nothing(self):
        unit = self._create_unit(serial="REQ-7")
        row = self._recall(unit).unit_ids
        row.with_user(self.agent).action_open_request()
        unit.ticket_ids.with_user(self.agent).action_cancel()
        self.assertEqual(row.state, "in_progress")

    def test_what_the_owner_refused_stays_refused(self):
        unit = self._create_unit(serial="REQ-8")
        row = self._recall(unit).unit_ids
        row.with_user(self.agent).action_open_request()
        row.state = "refused"
        self._finish(unit.ticket_ids)
        self.assertEqual(row.state, "refused")

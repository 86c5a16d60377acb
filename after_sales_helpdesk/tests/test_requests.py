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

    def test_recall_opens_a_call_for_each_unit_once(self):
        units = self._create_unit(serial="REQ-2") | self._create_unit(serial="REQ-3")
        remedies = [
            self.env.ref(f"after_sales_warranty.after_sales_campaign_remedy_{n}").id
            for n in ("repair", "refund")
        ]
        campaign = self.env["after.sales.campaign"].create(
            {
                "title": "The burner can overheat",
                "kind": "recall",
                "product_ids": [(6, 0, units.product_id.ids)],
                "hazard": "The burner can set fire to the room.",
                "instructions": "<p>Do not use it any more.</p>",
                "remedy_ids": [(6, 0, remedies)],
                "contact_phone": "800 123456",
            }
        )
        campaign.action_prepare()
        campaign.action_start()
        rows = campaign.unit_ids.with_user(self.agent)
        rows.action_open_request()
        rows.action_open_request()
        self.assertEqual(len(units.ticket_ids), 2)
        self.assertEqual(set(units.ticket_ids.mapped("channel")), {"internal"})
        self.assertEqual(units.ticket_ids.claim_id, units.claim_ids)

from odoo.tests import tagged

from .campaign_common import CampaignCommon


@tagged("post_install", "-at_install")
class TestCampaignSafety(CampaignCommon):
    """A recall goes to the owner, and a copy to whom he named for safety (L28); nothing else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.units = cls._create_unit(serial="SAFE-1", partner_id=cls.anna.id)
        cls.units |= cls._create_unit(serial="SAFE-2", partner_id=cls.anna.id)
        cls.first, cls.second = cls.units

    def _name(self, unit, email, phone=""):
        unit._set_safety_contact({"name": "Nina", "email": email, "phone": phone})

    def _recall(self, **values):
        campaign = self._start(self._create_campaign(**values))
        self._send()
        return campaign

    def _get_addresses(self, campaign):
        return [
            (mail.email_to, sorted(filter(None, (mail.email_cc or "").split(","))))
            for mail in self._get_mails(campaign.owner_ids)
        ]

    def test_a_copy_to_each_address(self):
        self._name(self.first, "one@example.com")
        self._name(self.second, "two@example.com")
        self.assertEqual(
            self._get_addresses(self._recall()),
            [("anna@example.com", ["one@example.com", "two@example.com"])],
        )

    def test_one_address_for_several_units_is_one_copy(self):
        for unit in self.units:
            self._name(unit, "one@example.com")
        self.assertEqual(self._get_addresses(self._recall()), [("anna@example.com", ["one@example.com"])])

    def test_the_owner_s_own_address_is_no_copy(self):
        self._name(self.first, "anna@example.com")
        self.assertEqual(self._get_addresses(self._recall()), [("anna@example.com", [])])

    def test_an_owner_without_address_is_reached_by_it(self):
        self.anna.email = False
        self._name(self.first, "one@example.com")
        campaign = self._recall()
        self.assertEqual(self._get_addresses(campaign), [("one@example.com", [])])
        self.assertEqual(campaign.owner_ids.state, "notified")

    def test_a_phone_number_alone_is_no_address(self):
        self.anna.email = False
        self._name(self.first, False, phone="555 123")
        campaign = self._recall()
        self.assertFalse(self._get_addresses(campaign))
        self.assertEqual(campaign.owner_ids.state, "unreachable")

    def test_a_reminder_copies_too(self):
        self._name(self.first, "one@example.com")
        campaign = self._recall(reminder_days=1, reminder_max=1)
        campaign.owner_ids.next_reminder = "2020-01-01"
        self._send()
        self.assertEqual(self._get_addresses(campaign), [("anna@example.com", ["one@example.com"])] * 2)

    def test_the_address_of_a_former_owner_is_gone(self):
        self._name(self.first, "one@example.com")
        self.units.partner_id = self.consumer
        self.assertEqual(self._get_addresses(self._recall()), [("carla@example.com", [])])

    def test_a_unit_of_another_recall_is_not_told_of(self):
        """Only the addresses of the units that are recalled get the copy."""
        pump = self._create_unit(product_id=self.pump.id, partner_id=self.anna.id)
        self._name(pump, "pump@example.com")
        self.assertEqual(self._get_addresses(self._recall()), [("anna@example.com", [])])

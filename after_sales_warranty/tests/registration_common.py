from datetime import date

from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


class RegistrationCommon(AfterSalesCommon):
    """A unit whose owner is not known, and the people who register it or look at registrations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls._create_user("technician", TECHNICIAN)
        cls.agent = cls._create_user("agent", AGENT, email="agent@example.com")
        cls.manager = cls._create_user("manager", MANAGER)
        cls.term = cls._create_term("Two years", conditions=False)
        cls.start_term = cls._create_term("From registration", start_basis="registration", duration=12)
        cls.unit = cls._create_unit(serial="S1", partner_id=False)
        cls.registrations = cls.env["after.sales.registration"]

    @classmethod
    def _register(cls, serial="S1", safety=None, **values):
        return cls.registrations._take_in(
            {
                "serial": serial,
                "contact_name": "Carla Consumer",
                "email": "carla@example.com",
                "purchase_date": date(2026, 4, 1),
                "company_id": cls.company.id,
                "channel": "public",
                **values,
            },
            safety=safety,
        )

    @classmethod
    def _create_incentive(cls, **values):
        return cls.env["after.sales.registration.incentive"].create({"name": "Thank you", **values})

    @classmethod
    def _create_program(cls):
        return cls.env["loyalty.program"].create(
            {
                "name": "Next time",
                "program_type": "coupons",
                "reward_ids": [(0, 0, {"required_points": 1, "discount": 10})],
            }
        )

    def _get_mails(self, registration):
        """What was written to the customer; the reviewer is told about his work too."""
        mails = self.env["mail.mail"].search(
            [("model", "=", registration._name), ("res_id", "=", registration.id)], order="id"
        )
        return mails.filtered(lambda mail: not mail.recipient_ids.user_ids.filtered(lambda u: not u.share))

    def _get_addresses(self, mail):
        return {*filter(None, (mail.email_to or "").split(",")), *mail.recipient_ids.mapped("email")}

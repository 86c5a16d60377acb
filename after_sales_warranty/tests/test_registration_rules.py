"""The pure rules of registrations and uploads: doctests and the table of cases."""

import doctest
from datetime import date, timedelta

from odoo.tests import BaseCase

from ..tools import registration, uploads
from ..tools.registration import MAX_YEARS, PER_DAY, REASONS, Facts, reasons

TODAY = date(2026, 5, 10)
BOUGHT = date(2026, 5, 1)


class TestRegistrationRules(BaseCase):
    def test_doctests(self):
        for module in (registration, uploads):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertEqual(result.failed, 0)

    def test_table(self):
        """What comes in, and why a person has to look; nothing: confirmed at once."""
        day = timedelta(days=1)
        table = [
            # known, in service, nobody's or his own
            ({}, []),
            ({"owner": "self"}, []),
            ({"sold_on": BOUGHT}, []),
            ({"sold_on": BOUGHT - day}, []),
            ({"purchase_date": TODAY}, []),
            ({"today_count": PER_DAY - 1}, []),
            # one reason
            ({"unit": "none"}, ["unknown"]),
            ({"unit": "stock"}, ["not_sold"]),
            ({"unit": "out_of_service"}, ["out_of_service"]),
            ({"unit": "out_of_service", "owner": "self"}, ["out_of_service"]),
            ({"owner": "other"}, ["owned"]),
            ({"owner": "other", "registered": True}, ["owned"]),
            ({"owner": "self", "registered": True}, ["registered"]),
            ({"registered": True}, ["registered"]),
            ({"alert": True}, ["alert"]),
            ({"alert": True, "unit": "none"}, ["alert", "unknown"]),
            ({"sold_on": BOUGHT + day}, ["early"]),
            ({"purchase_date": TODAY + day}, ["future"]),
            ({"purchase_date": TODAY.replace(year=TODAY.year - MAX_YEARS)}, []),
            ({"purchase_date": TODAY.replace(year=TODAY.year - MAX_YEARS) - day}, ["too_old"]),
            ({"purchase_date": date.min}, ["too_old"]),
            ({"purchase_date": date.max}, ["future"]),
            ({"today_count": PER_DAY}, ["too_many"]),
            ({"partner": False}, ["no_partner"]),
            # all at once, in the order in which they are told
            (
                {
                    "alert": True,
                    "owner": "other",
                    "unit": "out_of_service",
                    "today_count": 99,
                    "partner": False,
                },
                ["alert", "owned", "out_of_service", "too_many", "no_partner"],
            ),
        ]
        for changes, expected in table:
            with self.subTest(changes):
                facts = Facts(**{"today": TODAY, "purchase_date": BOUGHT, **changes})
                self.assertEqual(reasons(facts), expected)
        told = {code for __, expected in table for code in expected}
        self.assertEqual(told, set(REASONS), "every reason has its case")

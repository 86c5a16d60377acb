from datetime import date, datetime

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common import MANAGER, ContractCommon


class TestTariffRules(ContractCommon):
    """Bad input of tariffs and bands, overtime after daily hours, and prices of companies in other currencies."""

    def _create_band(self, name, *hours, **values):
        return self.env["after.sales.time.band"].create(
            {
                "name": name,
                "line_ids": [
                    Command.create({"dayofweek": day, "hour_from": start, "hour_to": stop})
                    for day, start, stop in hours
                ],
                **values,
            }
        )

    def test_overlapping_hours_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "twice"):
            self._create_band("Night", ("0", 20, 24), (False, 22, 24), sequence=5)
        with self.assertRaisesRegex(ValidationError, "same rank"):
            self._create_band("Morning", ("0", 7, 9), sequence=self.ordinary.sequence)
        first = self._create_band("Morning", ("0", 7, 9), sequence=5)
        cut = self.env["after.sales.time.band"]._split(
            datetime(2026, 1, 5, 7), datetime(2026, 1, 5, 9), "Europe/Rome"
        )
        self.assertEqual([(band, piece.hours) for band, piece in cut], [(first, 1.0), (self.ordinary, 1.0)])
        with self.assertRaisesRegex(ValidationError, "twice"):
            first.line_ids.copy({"band_id": first.id, "hour_from": 8.5, "hour_to": 10})
        with self.assertRaisesRegex(ValidationError, "same rank"):
            first.sequence = self.ordinary.sequence

    def test_overtime_after_eight_hours(self):
        over = self._create_band("After eight", after_hours=8, is_overtime=True, sequence=30)
        day = date(2026, 1, 5)
        split = self.env["after.sales.time.band"]._split
        long = split(datetime(2026, 1, 5, 7), datetime(2026, 1, 5, 16), "Europe/Rome")
        self.assertEqual([(b, p.hours) for b, p in long], [(self.ordinary, 8.0), (over, 1.0)])
        second = split(datetime(2026, 1, 5, 14), datetime(2026, 1, 5, 15), "Europe/Rome", worked={day: 7.5})
        self.assertEqual([(b, p.hours) for b, p in second], [(self.ordinary, 0.5), (over, 0.5)])

    def test_first_hour_full_then_quarters(self):
        tariff = self._create_tariff("Quarters")
        tariff.line_ids.write({"minimum": 1.0, "step": 0.25})
        table = {0.0: 0.0, 0.1: 1.0, 1.0: 1.0, 1.01: 1.25, 1.25: 1.25, 1.5: 1.5, 2.6: 2.75}
        self.assertEqual({hours: tariff.line_ids._get_billable_quantity(hours) for hours in table}, table)

    def test_tariff_in_the_shadow_of_another(self):
        tariffs = self.env["after.sales.tariff"]
        tariffs.search([]).active = False
        old = self._create_tariff("2025", date_to=date(2025, 12, 31), sequence=1)
        new = self._create_tariff("2026", date_from=date(2026, 1, 1), sequence=2)
        special = self._create_tariff("Agreed", is_special=True, sequence=3)
        own = self._create_tariff("Own", partner_id=self.business.id, sequence=4)
        self.assertFalse((old | new | special | own).rival_id)
        shadowed = self._create_tariff("Second half", date_from=date(2026, 7, 1), sequence=5)
        self.assertEqual(shadowed.rival_id, new)
        new.invalidate_recordset(["loser_ids"])
        self.assertEqual(new.loser_ids, shadowed, "both say it")
        self.assertFalse((old | shadowed | special | own).loser_ids)
        new.date_to = date(2026, 6, 30)
        shadowed.invalidate_recordset(["rival_id"])
        self.assertFalse(shadowed.rival_id)
        twice = self._create_tariff("Own again", partner_id=self.business.id, sequence=6)
        self.assertEqual(twice.rival_id, own)

    def test_rivals_follow_the_form(self):
        """Which tariff goes first shows while its days, its customer or its place are typed."""
        manager = self.env(user=self._create_user("tariff_manager", MANAGER))
        self.env["after.sales.tariff"].search([]).active = False
        days = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}
        first = self._create_tariff("2026", sequence=2, **days)
        other = self._create_tariff("2027", date_from=date(2027, 1, 1), sequence=3)
        with Form(other.with_env(manager)) as form:
            self.assertFalse(form.rival_id)
            form.date_from = date(2026, 7, 1)
            self.assertEqual(form.rival_id, first)
            form.partner_id = self.business
            self.assertFalse(form.rival_id)
        with Form(first.with_env(manager)) as form:
            self.assertFalse(form.loser_ids[:])
            form.partner_id = self.business
            self.assertEqual(form.loser_ids[:], other)
        with Form(self.env["after.sales.tariff"].with_env(manager)) as form:
            form.name = "Not saved yet"
            form.partner_id = self.business
            self.assertEqual(form.rival_id, first)

    def test_currency_without_rate_is_refused(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "q"})
        with self.assertRaisesRegex(ValidationError, "no exchange rate of QQQ"):
            self._create_tariff("Strange", currency_id=currency.id)
        with self.assertRaisesRegex(ValidationError, "no exchange rate of QQQ"):
            self._create_contract(currency_id=currency.id)
        self.env["res.currency.rate"].create({"currency_id": currency.id, "name": "2026-01-01", "rate": 2.0})
        self.assertTrue(self._create_tariff("Known", currency_id=currency.id))

    def test_prices_of_a_company_in_another_currency(self):
        """CT-29: the starting prices are euro; a company that keeps its books in another currency has them converted,
        and a tariff follows when the company gets its currency later."""
        self.env["res.currency.rate"].search([]).unlink()
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "q"})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": "2020-01-01", "rate": 100.0, "company_id": False},
                {
                    "currency_id": self.env.ref("base.EUR").id,
                    "name": "2020-01-01",
                    "rate": 1.0,
                    "company_id": False,
                },
            ]
        )
        company = self.env["res.company"].create({"name": "Far Away", "currency_id": currency.id})
        tariff = self.env["after.sales.tariff"].search([("company_id", "=", company.id)])
        self.assertEqual(tariff._get_line("travel_time").price, 3800.0)
        self.assertEqual(tariff.currency_id, currency)
        company.currency_id = self.env.ref("base.CHF")
        self.assertEqual(tariff.currency_id, self.env.ref("base.CHF"))

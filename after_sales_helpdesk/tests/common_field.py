from contextlib import contextmanager
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.after_sales_warranty.tests.common import TECHNICIAN

from .common import HelpdeskCommon

NOW = "2026-03-11 20:00:00"
DAY = datetime(2026, 3, 11)
SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class FieldCommon(HelpdeskCommon):
    """A technician with a van and a cost, a tariff with two bands, two parts: everything a visit needs.

    It is Wednesday 11 March 2026, 20:00 UTC; Rome is one hour ahead.
    """

    @classmethod
    def setUpClass(cls):
        frozen = freeze_time(NOW)
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_globally"
        cls.tax = cls._create_tax(22.0)
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Tea Technician",
                "user_id": cls.technician_user.id,
                "company_id": cls.company.id,
                "hourly_cost": 31.0,
                "tz": "Europe/Rome",
            }
        )
        cls.van = cls.env["stock.location"].create(
            {"name": "Van 1", "usage": "internal", "location_id": cls.warehouse.view_location_id.id}
        )
        cls.technician = cls.employee.resource_id
        cls.technician.write(
            {
                "is_technician": True,
                "after_sales_location_id": cls.van.id,
                "calendar_id": False,
                "tz": "Europe/Rome",
            }
        )
        cls._create_bands()
        cls.tariff = cls._create_tariff()
        cls.part_a = cls._create_product(
            "Board", list_price=120.0, standard_price=70.0, after_sales_tracked=False, taxes_id=cls.tax.ids
        )
        cls.part_b = cls._create_product(
            "Gasket", list_price=18.4, standard_price=6.0, after_sales_tracked=False, taxes_id=cls.tax.ids
        )
        quant = cls.env["stock.quant"]
        for part in cls.part_a | cls.part_b:
            quant._update_available_quantity(part, cls.van, 10)

    @classmethod
    def _create_tax(cls, amount):
        country = cls.company.account_fiscal_country_id or cls.company.country_id
        group = cls.env["account.tax.group"].create(
            {"name": "VAT", "company_id": cls.company.id, "country_id": country.id}
        )
        return cls.env["account.tax"].create(
            {
                "name": f"VAT {amount:g} %",
                "amount": amount,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "company_id": cls.company.id,
                "country_id": country.id,
            }
        )

    @classmethod
    def _create_bands(cls):
        Band = cls.env["after.sales.time.band"]
        Band.search([]).active = False
        cls.ordinary = Band.create(
            {
                "name": "Ordinary",
                "sequence": 1,
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create({"dayofweek": str(day), "hour_from": 8, "hour_to": 17}) for day in range(5)
                ],
            }
        )
        cls.overtime = Band.create(
            {"name": "Overtime", "sequence": 2, "is_overtime": True, "company_id": cls.company.id}
        )

    @classmethod
    def _create_tariff(cls, **values):
        cls.env["after.sales.tariff"].search([]).active = False
        prices = [
            ("call_out", False, 35.0, 0.0),
            ("travel_km", False, 0.62, 0.4),
            ("travel_time", False, 38.0, 25.0),
            ("labour", cls.ordinary, 52.0, 30.0),
            ("overtime", cls.overtime, 78.0, 40.0),
            ("per_diem", False, 46.48, 30.0),
            ("expense", False, 0.0, 0.0),
            ("subcontract", False, 0.0, 0.0),
        ]
        products = {
            kind: cls.env["product.product"].create(
                {"name": kind, "type": "service", "taxes_id": cls.tax.ids}
            )
            for kind, *__ in prices
        }
        return cls.env["after.sales.tariff"].create(
            {
                "name": "Tariff 2026",
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "band_id": band and band.id,
                            "price": price,
                            "cost": cost,
                            "product_id": products[kind].id,
                        }
                    )
                    for kind, band, price, cost in prices
                ],
                **values,
            }
        )

    @classmethod
    def _create_technician(cls, login, company=None, **values):
        """Another technician with a user of his own."""
        company = company or cls.company
        user = cls._create_user(
            login, TECHNICIAN, company_id=company.id, company_ids=[Command.set(company.ids)]
        )
        return cls.env["resource.resource"].create(
            {
                "name": login,
                "user_id": user.id,
                "company_id": company.id,
                "is_technician": True,
                "tz": "Europe/Rome",
                "calendar_id": False,
                **values,
            }
        )

    @classmethod
    def _create_pool_contract(cls, unit, hours, **pool):
        """A contract of the unit at the tariff, with a pool of so many hours."""
        bought = Command.create({"name": "Bought", "quantity": hours})
        pool = {"name": "Hours", "date_from": DAY - timedelta(days=30), "entry_ids": [bought], **pool}
        return cls._create_contract(unit, tariff_id=cls.tariff.id, pool_ids=[Command.create(pool)])

    @classmethod
    def _create_visit(cls, user=None, **values):
        Visit = cls.env["after.sales.intervention"]
        visit = (Visit.with_user(user) if user else Visit).create(
            {
                "partner_id": cls.consumer.id,
                "technician_ids": [Command.set(cls.technician.ids)],
                "date_start": DAY + timedelta(hours=11),
                "date_end": DAY + timedelta(hours=19),
                "call_out": False,
                "defect": "Pump seized",
                "work_done": "Pump freed",
                **values,
            }
        )
        return visit

    @classmethod
    def _add_session(cls, visit, kind, start, stop, **values):
        """A session from ``start`` to ``stop``, hours of the day in UTC."""
        return visit.env["after.sales.session"].create(
            {
                "intervention_id": visit.id,
                "kind": kind,
                "date_start": DAY + timedelta(hours=start),
                "date_stop": stop and DAY + timedelta(hours=stop),
                **values,
            }
        )

    @classmethod
    def _add_part(cls, visit, product, quantity=1.0, **values):
        return visit.env["after.sales.intervention.part"].create(
            {"intervention_id": visit.id, "product_id": product.id, "quantity": quantity, **values}
        )

    @classmethod
    def _collect(cls, visit, **values):
        return visit.env["after.sales.intervention.collect"].create({"intervention_id": visit.id, **values})

    @classmethod
    def _finish(cls, visit, outcome="solved", **values):
        if visit.state == "draft":
            visit.action_plan()
        if visit.state == "planned":
            visit.action_start()
        visit.check_ids.filtered(lambda check: not check.is_done).is_done = True
        visit.write({"outcome": outcome, **values})
        visit.action_done()
        return cls._get_charges(visit)

    @classmethod
    def _get_charges(cls, visit):
        return cls.env["after.sales.charge"].search(
            [("intervention_id", "=", visit.id), ("state", "!=", "cancelled")]
        )

    @classmethod
    def _charge_toll(cls, **values):
        """What an agent charges by hand: 9.00 each."""
        charges = cls.env["after.sales.charge"].with_user(cls.agent)
        return charges.create(
            {"name": "Toll", "kind": "expense", "partner_id": cls.consumer.id, "price_unit": 9.0, **values}
        )

    @contextmanager
    def _quietly_refused(self, exception, text=None):
        """Nothing half done: what was written before the refusal is rolled back."""
        with self.assertRaisesRegex(exception, text or ""), self.env.cr.savepoint():
            yield

from datetime import date

from odoo import Command

from odoo.addons.after_sales_warranty.tests.common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon
from odoo.addons.after_sales_warranty.tools.coverage import CoverageRequest

__all__ = ["AGENT", "MANAGER", "TECHNICIAN", "ContractCommon"]


class ContractCommon(AfterSalesCommon):
    """Factories for contracts, tariffs and coverage requests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fee = cls._create_service_product("Yearly fee", list_price=1200.0)
        cls.service = cls.env.ref("after_sales_contract.after_sales_service_maintenance")
        cls.ordinary = cls.env.ref("after_sales_contract.after_sales_time_band_ordinary")
        cls.overtime = cls.env.ref("after_sales_contract.after_sales_time_band_overtime")

    @classmethod
    def _create_service_product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "type": "service", "taxes_id": False, **values}
        )

    @classmethod
    def _create_contract_template(
        cls, name="Full cover", includes=("labour", "travel", "call_out"), **values
    ):
        return cls.env["after.sales.contract.template"].create(
            {
                "name": name,
                "interval_unit": "quarter",
                "inclusion_ids": [Command.create({"cost_class": cost_class}) for cost_class in includes],
                **values,
            }
        )

    @classmethod
    def _create_contract(cls, units=(), includes=("labour", "travel", "call_out"), start=True, **values):
        """A running contract over 2026 for the consumer, at 1200 a year in quarters."""
        contract = cls.env["after.sales.contract"].create(
            {
                "partner_id": cls.consumer.id,
                "date_start": date(2026, 1, 1),
                "interval_unit": "quarter",
                "cover_policy": "contract_start",
                "line_ids": [Command.create({"product_id": cls.fee.id, "price_unit": 1200.0})],
                "inclusion_ids": [Command.create({"cost_class": cost_class}) for cost_class in includes],
                "cover_ids": [Command.create({"unit_id": unit.id}) for unit in units],
                **values,
            }
        )
        if start:
            contract.action_start()
        return contract

    @classmethod
    def _create_tariff(cls, name="Price list", prices=(("labour", None, 52.0),), **values):
        """A tariff of (kind, band, price)."""
        product = cls._create_service_product("Work")
        return cls.env["after.sales.tariff"].create(
            {
                "name": name,
                "line_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "band_id": band.id if band else False,
                            "product_id": product.id,
                            "price": price,
                        }
                    )
                    for kind, band, price in prices
                ],
                **values,
            }
        )

    @classmethod
    def _request(cls, unit=None, cost_class="labour", day=date(2026, 6, 15), **values):
        """A coverage request of the consumer."""
        values = {
            "key": cost_class,
            "company_id": cls.company.id,
            "partner_id": cls.consumer.id,
            "unit_id": unit.id if unit else False,
            "product_id": False,
            "cost_class": cost_class,
            "date": day,
            **values,
        }
        return CoverageRequest(**values)

    @classmethod
    def _decide(cls, *requests):
        """Decisions in the order of the requests."""
        decisions = cls.env["after.sales.coverage"]._resolve(requests)
        return [decisions[request.key] for request in requests]

    @classmethod
    def _create_other_company(cls):
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.env.user.company_ids += company
        return company

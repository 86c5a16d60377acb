from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.after_sales_warranty.tests.common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon


class HelpdeskCommon(AfterSalesCommon):
    """A service company with a team, working hours 9-13 and 14-18 in UTC, and people in every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.it")
        cls.calendar = cls._create_calendar("Two shifts")
        cls.level = cls.env["after.sales.service.level"].create(
            {
                "name": "Eight hours",
                "response_hours": 8,
                "restore_hours": 16,
                "resolve_hours": 40,
                "priority": "2",
            }
        )
        cls.team = cls.env["after.sales.team"].create(
            {
                "name": "Field team",
                "sequence": 1,
                "calendar_id": cls.calendar.id,
                "service_level_id": cls.level.id,
                "company_id": cls.company.id,
                "rating_request": False,
            }
        )
        cls.stages = cls.env["after.sales.stage"].search([("team_ids", "=", False)]).grouped("state")
        cls.env["after.sales.stage"].search([]).template_id = False
        # What the shipped desk asks of every call is not what most tests are about.
        cls.env["after.sales.service.requirement"].search([("service_id", "=", False)]).unlink()
        cls.technician_user = cls._create_user("hd_technician", TECHNICIAN)
        cls.agent = cls._create_user("hd_agent", AGENT)
        cls.manager = cls._create_user("hd_manager", MANAGER)
        cls.service = cls.env.ref("after_sales_contract.after_sales_service_repair")

    @classmethod
    def _create_calendar(cls, name, tz="UTC", shifts=((9, 13), (14, 18)), days=range(5), **values):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": "morning" if stop <= 13 else "afternoon",
                        }
                    )
                    for day in days
                    for start, stop in shifts
                ],
                **values,
            }
        )

    @classmethod
    def _create_ticket(cls, user=None, **values):
        Ticket = cls.env["after.sales.ticket"].with_user(user) if user else cls.env["after.sales.ticket"]
        values = {
            "subject": "It does not start",
            "partner_id": cls.consumer.id,
            "team_id": cls.team.id,
            **values,
        }
        return Ticket.create({name: value for name, value in values.items() if value is not None})

    @classmethod
    def _create_contract(cls, unit=None, included=(), begins="contract_start", **values):
        """A running contract, of the unit's owner when there is a unit."""
        today = fields.Date.today()
        contract = cls.env["after.sales.contract"].create(
            {
                "partner_id": (unit.partner_id if unit else cls.consumer).id,
                "company_id": cls.company.id,
                "date_start": today - relativedelta(months=1),
                "date_end": today + relativedelta(months=11, days=-1),
                "line_ids": [
                    Command.create({"product_id": cls.filter.id, "name": "Service", "price_unit": 1200.0})
                ],
                "cover_ids": [Command.create({"unit_id": unit.id, "start_policy": begins})] if unit else [],
                "inclusion_ids": [Command.create({"cost_class": name, "share": 100}) for name in included],
                **values,
            }
        )
        contract.action_start()
        return contract

    @classmethod
    def _create_covered_unit(cls, part=100.0, labour=0.0, travel=0.0, **values):
        """A unit delivered a month ago, in warranty with these shares."""
        term = cls._create_term(part_share=part, labour_share=labour, travel_share=travel)
        unit = cls._create_unit(delivery_date=date.today() - relativedelta(months=1), **values)
        term.active = False
        return unit

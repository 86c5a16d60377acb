from .common import HelpdeskCommon


class TeamCommon(HelpdeskCommon):
    """A team of two, and technicians with a skill that expires."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = cls._create_user("hd_bea", "after_sales_warranty.group_after_sales_agent")
        cls.team.member_ids = cls.agent | cls.bea
        cls.skill = cls.env["after.sales.skill"].create({"name": "Gas burners", "validity_months": 12})

    def _technician(self, name, **values):
        return self.env["resource.resource"].create(
            {"name": name, "is_technician": True, "calendar_id": self.calendar.id, "tz": "UTC", **values}
        )

    def _visit(self, technician, start="2026-03-09 10:00:00", **values):
        return self.env["after.sales.intervention"].create(
            {
                "partner_id": self.consumer.id,
                "technician_ids": technician.ids,
                "date_start": start,
                "state": "planned",
                **values,
            }
        )

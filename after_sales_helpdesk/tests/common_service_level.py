from freezegun import freeze_time

from .common import HelpdeskCommon


class ServiceLevelCommon(HelpdeskCommon):
    """Calls with a service level, as time goes by; working hours 9-13 and 14-18 UTC, March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._create_user("hd_leader", "after_sales_warranty.group_after_sales_manager")
        cls.team.user_id = cls.leader
        cls.cron = cls.env.ref("after_sales_helpdesk.ir_cron_send_alerts")

    def _open(self, when="2026-03-06 16:00:00", **values):
        with freeze_time(when):
            return self._create_ticket(channel="email", user_id=self.agent.id, **values)

    def _clock(self, ticket, kind="response"):
        return ticket.clock_ids.filtered(lambda clock: clock.kind == kind)

    def _run_cron(self, when, cron=None):
        self.env.flush_all()
        with freeze_time(when), self.enter_registry_test_mode():
            (cron or self.cron).method_direct_trigger()
        self.env.invalidate_all()

from odoo.tests import HttpCase, tagged

from .common import AfterSalesKpiCommon


@tagged("post_install", "-at_install", "browser")
class TestDashboardTour(AfterSalesKpiCommon, HttpCase):
    def test_a_manager_opens_the_dashboard(self):
        """In Chromium: the figures of a visit are drawn."""
        self._golden_visit(self._create_unit(), self._create_contract())
        self.start_tour(
            "/odoo/action-after_sales_kpi.after_sales_dashboard_action",
            "after_sales_dashboard",
            login=self.manager.login,
        )

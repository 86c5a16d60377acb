import json

from odoo.tests import tagged

from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, odoo_charts

from .common import AfterSalesKpiCommon


@tagged("post_install", "-at_install")
class TestDashboard(AfterSalesKpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref("after_sales_kpi.spreadsheet_dashboard_after_sales")
        cls._golden_visit(cls._create_unit(), cls._create_contract())

    def test_opened_by_our_managers_only(self):
        dashboards = self.env["spreadsheet.dashboard"]
        self.assertIn(self.dashboard, dashboards.with_user(self.manager).search([]))
        self.assertNotIn(self.dashboard, dashboards.with_user(self.agent).search([]))
        action = self.env.ref("after_sales_kpi.after_sales_dashboard_action")
        self.assertEqual(action.params["dashboard_id"], self.dashboard.id)
        data = json.loads(self.dashboard.with_user(self.manager)._get_serialized_readonly_dashboard())
        self.assertEqual(data["translation_namespace"], "after_sales_kpi")

    def test_fields_and_menus_exist(self):
        """Core checks this on installation with tests only: check it always."""
        data = json.loads(self.dashboard.spreadsheet_data)
        self.dashboard._check_spreadsheet_data()
        for model, names in fields_in_spreadsheet(data).items():
            for name in names:
                self.assertIn(name.split(".")[0].split(":")[0], self.env[model]._fields, f"{model} {name}")

    def test_every_figure_can_be_read_by_a_manager(self):
        data = json.loads(self.dashboard.spreadsheet_data)
        for pivot in data["pivots"].values():
            model = self.env[pivot["model"]].with_user(self.manager)
            aggregates = [
                f"{m['fieldName']}:{model._fields[m['fieldName']].aggregator}" for m in pivot["measures"]
            ]
            with self.subTest(pivot["name"]):
                model.formatted_read_group(
                    pivot["domain"], [row["fieldName"] for row in pivot["rows"]], aggregates
                )
        for chart in odoo_charts(data):
            meta = chart["metaData"]
            model = self.env[meta["resModel"]].with_user(self.manager)
            measure = meta["measure"]
            with self.subTest(chart["id"]):
                model.formatted_read_group(
                    chart["searchParams"]["domain"],
                    meta["groupBy"],
                    [f"{measure}:{model._fields[measure].aggregator}"],
                )

    def test_figures_are_named_as_the_client_reads_them(self):
        """A figure without its chart id breaks the whole page in the browser, and nowhere else."""
        data = json.loads(self.dashboard.spreadsheet_data)
        figures = [figure for sheet in data["sheets"] for figure in sheet["figures"]]
        self.assertTrue(figures)
        for figure in figures:
            self.assertEqual(figure["data"]["chartId"], figure["id"])

    def test_filters_reach_every_pivot_and_chart(self):
        data = json.loads(self.dashboard.spreadsheet_data)
        filters = {row["id"] for row in data["globalFilters"]}
        sources = [*data["pivots"].values(), *odoo_charts(data)]
        for source in sources:
            model = source.get("model") or source["metaData"]["resModel"]
            for key, matching in source["fieldMatching"].items():
                self.assertIn(key, filters)
                self.assertIn(matching["chain"], self.env[model]._fields)

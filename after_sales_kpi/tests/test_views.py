from ast import literal_eval

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import AfterSalesKpiCommon


@tagged("post_install", "-at_install")
class TestViews(AfterSalesKpiCommon):
    """Every menu opens on something: its views load, its default filters and groupings can be read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._golden_visit(cls._create_unit(), cls._create_contract(inclusions=(("travel", 100.0),)))
        cls.kpi.search([])._refresh_due()

    def _actions(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        data = self.env["ir.model.data"].search(
            [("module", "=", "after_sales_kpi"), ("model", "=", "ir.ui.menu")]
        )
        visible = menus.browse(menus._visible_menu_ids()) & menus.browse(data.mapped("res_id"))
        return [menu.action for menu in visible.sudo() if menu.action]

    def _open(self, action, user):
        model = self.env[action.res_model].with_user(user)
        context = safe_eval(action.context or "{}", {"uid": user.id})
        views = [(False, mode) for mode in action.view_mode.split(",")] + [(False, "search")]
        arches = model.get_views(views)["views"]
        domain = literal_eval(action.domain or "[]")
        search = self.env["ir.ui.view"].sudo().browse(arches["search"]["id"])
        tree = search._get_combined_arch()
        for key in context:
            if key.startswith("search_default_"):
                [node] = tree.xpath(f"//filter[@name='{key[15:]}']")
                if node.get("domain"):
                    domain += safe_eval(node.get("domain"), {"uid": user.id})
        model.search_count(domain)
        rows = context.get("pivot_row_groupby", []) + context.get("pivot_column_groupby", [])
        measures = context.get("pivot_measures", []) + [
            context[key] for key in ("graph_measure",) if key in context
        ]
        aggregates = [f"{name}:{model._fields[name].aggregator}" for name in measures]
        for groupby in (rows, context.get("graph_groupbys", []), []):
            model.formatted_read_group(domain, groupby, aggregates or ["__count"])
        for node in tree.xpath("//filter[contains(@context, 'group_by')]"):
            groupby = safe_eval(node.get("context"))["group_by"]
            model.formatted_read_group(domain, [groupby], aggregates or ["__count"])

    def test_agent_opens_every_menu(self):
        actions = self._actions(self.agent)
        self.assertGreaterEqual(len(actions), 12)
        models = {action.res_model for action in actions if action._name == "ir.actions.act_window"}
        self.assertNotIn("after.sales.charge.fact", models)
        self.assertNotIn("after.sales.contract.month", models)
        for action in actions:
            if action._name == "ir.actions.act_window":
                with self.subTest(action.name):
                    self._open(action, self.agent)

    def test_manager_opens_every_menu(self):
        actions = self._actions(self.manager)
        models = {action.res_model for action in actions if action._name == "ir.actions.act_window"}
        self.assertIn("after.sales.contract.month", models)
        for action in actions:
            if action._name == "ir.actions.act_window":
                with self.subTest(action.name):
                    self._open(action, self.manager)

    def test_every_measure_can_be_grouped(self):
        """Pivot and graph offer every stored measure of a fact: each can be read."""
        for name, __ in self.kpi._selection_fact():
            model = self.env[name].with_user(self.manager)
            aggregates = [
                f"{field.name}:{field.aggregator}"
                for field in model._fields.values()
                if field.store and field.aggregator and field.name != "id"
            ]
            with self.subTest(name):
                model.formatted_read_group([], ["company_id"], aggregates)
                model.search([]).read()

    def test_nothing_is_left_of_a_fact_without_its_view(self):
        for name, __ in self.kpi._selection_fact():
            views = self.env[name].get_views(
                [(False, "list"), (False, "pivot"), (False, "graph"), (False, "search")]
            )
            for kind in ("list", "pivot", "graph", "search"):
                self.assertTrue(views["views"][kind]["id"], f"{name} {kind}")

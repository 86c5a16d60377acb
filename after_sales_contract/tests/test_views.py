from ast import literal_eval
from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.tests import Form, tagged

from .common import AGENT, MANAGER, TECHNICIAN, ContractCommon


@tagged("post_install", "-at_install")
class TestViews(ContractCommon):
    """What people open: every action, filter, form and the printed contract, with the rights of each role."""

    def _get_actions(self, user):
        """Actions of our menus that the user sees."""
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False).values()
        ids = {
            menu["action_id"]
            for menu in menus
            if (menu.get("xmlid") or "").startswith("after_sales_contract.") and menu.get("action_id")
        }
        return self.env["ir.actions.act_window"].browse(ids)

    def test_every_action_opens(self):
        contract = self._create_contract(pool_hours=5)
        self.assertTrue(contract.pool_ids)
        counts = {}
        for group in (TECHNICIAN, AGENT, MANAGER):
            user = self._create_user(group.split("_")[-1], group)
            actions = self._get_actions(user)
            counts[group] = len(actions)
            for action in actions:
                model = self.env[action.res_model].with_user(user)
                views = model.get_views([(False, kind) for kind in [*action.view_mode.split(","), "search"]])
                domain = literal_eval(action.domain or "[]")
                model.search_read(domain, limit=5)
                search = etree.fromstring(views["views"]["search"]["arch"])
                for node in search.iter("filter"):
                    if node.get("domain") and "uid" not in node.get("domain"):
                        model.search(literal_eval(node.get("domain")), limit=1)
        self.assertGreater(counts[MANAGER], counts[TECHNICIAN])
        self.assertGreaterEqual(counts[TECHNICIAN], 6)

    def test_technician_opens_the_forms(self):
        user = self._create_user("reader", TECHNICIAN)
        unit = self._create_unit(serial="V-1")
        contract = self._create_contract(
            units=unit, visit_plan_ids=[Command.create({"service_id": self.service.id})]
        )
        for record in (contract, contract.visit_ids[0], contract.instalment_ids[0], unit):
            Form(record.with_user(user))

    def test_agent_adds_sold_units(self):
        """CT-09: what the customer has is proposed, except what a contract covers already."""
        user = self._create_user("adder", AGENT)
        covered, free, foreign = (
            self._create_unit(serial=serial, partner_id=partner.id)
            for serial, partner in (("N-1", self.consumer), ("N-2", self.consumer), ("N-3", self.business))
        )
        self._create_contract(units=covered)
        contract = self._create_contract(date_start=date(2026, 5, 1)).with_user(user)
        wizard = Form.from_action(self.env(user=user), contract.action_add_units())
        self.assertEqual(wizard.unit_ids.ids, free.ids)
        saved = wizard.save()
        self.assertFalse(contract.cover_ids, "D22: a wizard that is left adds nothing")
        saved.action_add()
        self.assertEqual(contract.cover_ids.unit_id.ids, free.ids)
        self.assertFalse(foreign.cover_ids)

    @freeze_time("2026-07-01 10:00:00")
    def test_what_joins_a_contract_in_force_pays_from_its_day(self):
        """The day is proposed and may be changed; the instalments to come are planned with it at once."""
        delivered = date(2025, 12, 1)
        first, second = (self._create_unit(serial=n, delivery_date=delivered) for n in ("J-1", "J-2"))
        line = Command.create({"product_id": self.fee.id, "price_unit": 1200.0, "pricing": "per_unit"})
        contract = self._create_contract(units=first, line_ids=[line])
        before = contract.amount_untaxed
        user = self._create_user("joiner", AGENT)
        wizard = Form.from_action(self.env(user=user), contract.with_user(user).action_add_units())
        self.assertEqual(wizard.date_from, date(2026, 7, 1))
        wizard.save().action_add()
        cover = contract.cover_ids.filtered(lambda cover: cover.unit_id == second)
        self.assertEqual(cover.date_from, date(2026, 7, 1))
        self.assertAlmostEqual(contract.amount_untaxed, before * 1.5, 2)
        self.assertFalse(contract.is_plan_outdated)
        self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount")), contract.amount_untaxed, 2)

    @freeze_time("2026-05-10")
    def test_units_covered_at_another_time_are_offered(self):
        """One whose only cover begins far in the future is free now; one that left this contract may come back."""
        user = self._create_user("adder_later", AGENT)
        later, left, here = (self._create_unit(serial=f"N-{n}") for n in (5, 6, 7))
        self._create_contract(units=later, date_start=date(2028, 1, 1))
        contract = self._create_contract(units=[left, here]).with_user(user)
        contract.cover_ids[0].date_to = date(2026, 3, 31)
        wizard = Form.from_action(self.env(user=user), contract.action_add_units())
        self.assertEqual(set(wizard.unit_ids.ids), {later.id, left.id})

    def test_printed_contract(self):
        self.consumer.lang = self.env.user.lang
        contract = self._create_contract(
            units=self._create_unit(serial="PRINT-1"),
            service_level_id=self.env.ref("after_sales_contract.after_sales_service_level_premium").id,
            visit_plan_ids=[Command.create({"service_id": self.service.id})],
            pool_hours=5,
            tacit_renewal=True,
            line_ids=[Command.create({"product_id": self.fee.id, "price_unit": 1000.0, "discount": 10})],
        )
        report = self.env["ir.actions.report"].with_user(self._create_user("printer", AGENT))
        html = report._render_qweb_html("after_sales_contract.report_contract", contract.ids)[0].decode()
        for text in (contract.name, "PRINT-1", "900.00", "225.00", "Labour", "technician on site"):
            self.assertIn(text, html)
        draft = self._create_contract(start=False)
        html = report._render_qweb_html("after_sales_contract.report_contract", draft.ids)[0].decode()
        self.assertIn("Proposal", html)

    def test_form_of_a_large_contract_is_bounded(self):
        """A contract form needs no more statements with ten times as many covered units."""

        def count(number, prefix):
            product = self.machine.id
            units = self.env["after.sales.unit"].create(
                [
                    {"product_id": product, "serial": f"{prefix}{index}", "partner_id": self.consumer.id}
                    for index in range(number)
                ]
            )
            contract = self._create_contract(units=units)
            fields = {
                name: {} for name in ("cover_count", "is_plan_outdated", "amount_untaxed", "next_due_date")
            }
            fields["cover_ids"] = {
                "fields": {"unit_id": {"fields": {"display_name": {}}}, "date_from": {}, "warranty_end": {}},
                "limit": 40,
            }
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            contract.web_read(fields)
            return self.cr.sql_log_count - before

        count(2, "W")
        few, many = count(4, "F"), count(40, "M")
        self.assertLessEqual(many, few)

    def test_states_have_the_gender_of_their_noun(self):
        """In Italian a contract is masculine, a visit is not: nouns of different gender do not share a label."""
        for lang, expected in (
            (
                "it_IT",
                ("Annullato", "Annullata", "Annullata", "Rinnovo annullato", "Proposta inviata", "Inviato"),
            ),
            (
                "ru_RU",
                (
                    "Отменён",
                    "Отменён",
                    "Отменён",
                    "Продление не состоялось",
                    "Предложение отправлено",
                    "Отправлено",
                ),
            ),
        ):
            self.env["res.lang"]._activate_lang(lang)
            self.env["ir.module.module"]._load_module_terms(["after_sales_contract"], [lang])
            labels = []
            for model, field, value in (
                ("after.sales.contract", "state", "cancelled"),
                ("after.sales.contract.visit", "state", "cancelled"),
                ("after.sales.renewal", "state", "cancelled"),
                ("after.sales.renewal.line", "state", "called_off"),
                ("after.sales.contract", "proposal_state", "sent"),
                ("after.sales.contract.alert", "state", "sent"),
            ):
                env = self.env(context={"lang": lang})
                labels.append(dict(env[model]._fields[field]._description_selection(env))[value])
            self.assertEqual(tuple(labels), expected)

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .common import AGENT, ContractCommon


class TestPool(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(scope="customer", includes=(), pool_hours=10)
        cls.pool = cls.contract.pool_ids

    def test_pool_is_opened_once(self):
        """CT-15: bought, used and left are sums of entries."""
        self.assertRecordValues(
            self.pool, [{"bought": 10.0, "used": 0.0, "balance": 10.0, "date_to": date(2026, 12, 31)}]
        )
        self.contract._open_pools()
        self.assertEqual(len(self.contract.pool_ids), 1)
        self.pool._consume([{"name": "Visit", "quantity": 2.5}])
        self.assertRecordValues(self.pool, [{"bought": 10.0, "used": 2.5, "balance": 7.5}])
        self.env["after.sales.pool.entry"].create({"pool_id": self.pool.id, "name": "Top-up", "quantity": 5})
        self.assertRecordValues(self.pool, [{"bought": 15.0, "used": 2.5, "balance": 12.5}])
        self.assertEqual(self.contract.pool_balance, 12.5)

    def test_new_pool_finds_its_contract(self):
        """Hour Pools > New, and Planned Visits > New: nothing says the company before a contract is chosen."""
        agent = self.env(user=self._create_user("pools", AGENT))
        for model in ("after.sales.pool", "after.sales.contract.visit", "after.sales.contract.cover"):
            domain = agent[model].fields_get(["contract_id"])["contract_id"].get("domain") or []
            if isinstance(domain, str):
                domain = safe_eval(domain, {"company_id": False, "allowed_company_ids": agent.companies.ids})
            self.assertIn(self.contract, agent["after.sales.contract"].search(domain), model)
        form = Form(agent["after.sales.pool"])
        form.contract_id = self.contract.with_env(agent)
        form.name = "Bought apart"
        self.assertEqual(form.save().company_id, self.contract.company_id)

    def test_balance_follows_the_form(self):
        """What is entered, changed or taken out counts before it is saved, as it does after."""
        agent = self.env(user=self._create_user("pool_entry_agent", AGENT))
        with Form(self.pool.with_env(agent)) as form:
            self.assertEqual(form.balance, 10.0)
            with form.entry_ids.new() as entry:
                entry.name, entry.kind, entry.quantity = "Bought", "purchase", 5.0
            self.assertEqual((form.bought, form.balance), (15.0, 15.0))
            with form.entry_ids.new() as entry:
                entry.name, entry.kind, entry.quantity = "Kept", "reserve", -3.0
            self.assertEqual((form.reserved, form.balance), (3.0, 15.0))
        self.assertEqual((self.pool.bought, self.pool.reserved, self.pool.available), (15.0, 3.0, 12.0))

    def test_pool_never_below_zero(self):
        with self.assertRaisesRegex(UserError, "10.00 hours left"):
            self.pool._consume([{"name": "Visit", "quantity": 10.5}])

    def test_hours_are_written_as_the_reader_writes_numbers(self):
        self.env["res.lang"]._activate_lang("it_IT")
        italian = self.pool.with_context(lang="it_IT")
        with self.assertRaisesRegex(UserError, "10,00.*10,50"):
            italian._consume([{"name": "Visit", "quantity": 10.5}])
        self.consumer.lang = "it_IT"
        (decision,) = self._decide(self._request(quantity=1.0))
        self.assertIn("10,00", " ".join(part.reason for part in decision.allocations))

    def test_pool_pays_labour_while_it_lasts(self):
        requests = [
            self._request(key=key, quantity=hours) for key, hours in (("first", 8.0), ("second", 4.0))
        ]
        first, second = self._decide(*requests)
        self.assertEqual(first.main_payer, "pool")
        self.assertEqual(
            [(a.payer, a.quantity) for a in second.allocations], [("pool", 2.0), ("customer", 2.0)]
        )
        (travel,) = self._decide(self._request(cost_class="travel"))
        self.assertEqual(travel.main_payer, "customer")
        coverage = self.env["after.sales.coverage"]
        cause = ("res.partner", self.consumer.id)
        coverage._settle(
            [(requests[0], first, *cause, "first", "Visit"), (requests[1], second, *cause, "second", "Visit")]
        )
        self.assertEqual(self.pool.balance, 0.0)
        (third,) = self._decide(self._request())
        self.assertEqual(third.main_payer, "customer")
        coverage._release("res.partner", [self.consumer.id])
        self.assertEqual(self.pool.balance, 10.0)

    def test_expired_pool_pays_nothing(self):
        self.pool.date_to = date(2026, 5, 31)
        (decision,) = self._decide(self._request())
        self.assertEqual(decision.main_payer, "customer")

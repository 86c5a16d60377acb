from datetime import date

from odoo import Command

from .common import TECHNICIAN, ContractCommon


class TestCoverage(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_unit(serial="M-1", delivery_date=date(2025, 3, 10))

    def test_included_and_not(self):
        """D30: inclusion is set per cost class, the rest is the customer's, with the reason in words."""
        tariff = self._create_tariff(is_special=True)
        contract = self._create_contract(
            units=self.unit, includes=("travel", "call_out"), tariff_id=tariff.id
        )
        travel, labour = self._decide(self._request(self.unit, "travel"), self._request(self.unit, "labour"))
        self.assertEqual((travel.main_payer, travel.covered_share), ("contract", 1.0))
        self.assertEqual(travel.allocations[0].source, ("after.sales.contract", contract.id))
        self.assertIn(contract.name, travel.reason)
        self.assertEqual((labour.main_payer, labour.regime), ("customer", "contract"))
        self.assertIn("does not include", labour.reason)
        self.assertEqual(labour.tariff, ("after.sales.tariff", tariff.id))

    def test_warranty_pays_first(self):
        self._create_term(part_share=100, labour_share=0, travel_share=0)
        unit = self._create_unit(serial="W-1", delivery_date=date(2026, 1, 10))
        self._create_contract(units=unit, includes=("part", "labour"))
        part, labour, travel = self._decide(
            *(self._request(unit, cost_class) for cost_class in ("part", "labour", "travel"))
        )
        self.assertEqual((part.main_payer, part.regime), ("warranty", "warranty"))
        self.assertEqual((labour.main_payer, labour.regime), ("contract", "warranty"))
        self.assertEqual(travel.main_payer, "customer")

    def test_share(self):
        contract = self._create_contract(units=self.unit, includes=("part",))
        contract.inclusion_ids.share = 40
        (part,) = self._decide(self._request(self.unit, "part"))
        self.assertEqual(
            [(a.payer, a.share) for a in part.allocations], [("contract", 0.4), ("customer", 0.6)]
        )
        self.assertIn("40 percent", part.reason)

    def test_dates_and_states(self):
        contract = self._create_contract(units=self.unit, cover_ids=False)
        contract.cover_ids = [
            Command.create(
                {"unit_id": self.unit.id, "date_from": date(2026, 3, 1), "date_to": date(2026, 8, 31)}
            )
        ]

        def payer(day):
            return self._decide(self._request(self.unit, day=day))[0].main_payer

        self.assertEqual(payer(date(2026, 2, 28)), "customer")
        self.assertEqual(payer(date(2026, 3, 1)), "contract")
        self.assertEqual(payer(date(2026, 9, 1)), "customer")
        contract._give_notice(date(2026, 3, 1))
        self.assertEqual(payer(date(2026, 8, 31)), "contract")
        contract.date_closed = date(2026, 6, 30)
        self.assertEqual(payer(date(2026, 7, 1)), "customer")
        contract.state = "ended"
        self.assertEqual(payer(date(2026, 6, 30)), "contract", "work done while it was in force")
        contract.state = "cancelled"
        self.assertEqual(payer(date(2026, 6, 30)), "customer")

    def test_draft_covers_nothing(self):
        contract = self._create_contract(units=self.unit, start=False)
        self.assertEqual(self._decide(self._request(self.unit))[0].regime, "on_demand")
        contract.action_start()
        self.assertEqual(self._decide(self._request(self.unit))[0].regime, "contract")

    def test_product_and_customer_scope(self):
        """CT-07: a unit without serial is covered through its product, for the contract's customer only."""
        pump = self._create_unit(product_id=self.pump.id, quantity=2)
        foreign = self._create_unit(product_id=self.pump.id, partner_id=self.business.id)
        self._create_contract(cover_ids=[Command.create({"product_id": self.pump.id, "quantity": 2})])
        own, other = self._decide(
            self._request(pump, key="own"), self._request(foreign, key="other", partner_id=self.business.id)
        )
        self.assertEqual((own.main_payer, other.main_payer), ("contract", "customer"))
        self._create_contract(partner_id=self.business.id, scope="customer", includes=("labour",))
        self.assertEqual(
            self._decide(self._request(foreign, partner_id=self.business.id))[0].main_payer, "contract"
        )

    def test_component_is_covered_with_its_machine(self):
        component = self._create_unit(product_id=self.pump.id, parent_id=self.unit.id)
        self._create_contract(units=self.unit)
        self.assertEqual(self._decide(self._request(component))[0].main_payer, "contract")

    def test_named_contract_first(self):
        rich = self._create_contract(units=self.unit)
        poor = self._create_contract(units=self.unit, includes=())
        free, named = self._decide(
            self._request(self.unit, key="free"), self._request(self.unit, key="named", contract_id=poor.id)
        )
        self.assertEqual(free.allocations[0].source[1], rich.id)
        self.assertEqual(named.main_payer, "customer")
        self.assertIn(poor.name, named.reason)

    def test_named_contract_without_unit(self):
        contract = self._create_contract()
        self.assertEqual(self._decide(self._request(contract_id=contract.id))[0].main_payer, "contract")
        self.assertEqual(self._decide(self._request())[0].main_payer, "customer")

    def test_limit_is_a_ledger(self):
        """Three hours are included: the second line gets what the first one left, settling writes it down."""
        contract = self._create_contract(units=self.unit, includes=())
        contract.inclusion_ids = [Command.create({"cost_class": "labour", "limit_quantity": 3.0})]
        requests = [self._request(self.unit, key=key, quantity=2.0) for key in ("first", "second")]
        first, second = self._decide(*requests)
        self.assertEqual((first.covered_share, second.covered_share), (1.0, 0.5))
        coverage = self.env["after.sales.coverage"]
        settled = [
            (request, decision, "res.partner", self.consumer.id, request.key, "Work")
            for request, decision in zip(requests, (first, second), strict=True)
        ]
        coverage._settle(settled)
        self.assertEqual(contract.inclusion_ids.used_quantity, 3.0)
        (third,) = self._decide(self._request(self.unit))
        self.assertEqual((third.covered_share, third.regime), (0.0, "contract"))
        self.assertIn("used up", third.reason)
        coverage._release("res.partner", self.consumer.ids)
        self.assertEqual(contract.inclusion_ids.used_quantity, 0.0)

    def test_other_company(self):
        self._create_contract(units=self.unit)
        other = self._create_other_company()
        self.assertEqual(
            self._decide(self._request(self.unit, company_id=other.id))[0].main_payer, "customer"
        )

    def test_same_for_a_technician(self):
        self._create_contract(units=self.unit)
        user = self._create_user("tech", TECHNICIAN)
        request = self._request(self.unit)
        decision = self.env["after.sales.coverage"].with_user(user)._resolve([request])[request.key]
        self.assertEqual(decision.main_payer, "contract")

    def test_constant_number_of_queries(self):
        units = [self._create_unit(serial=f"Q-{number}") for number in range(12)]
        for unit in units:
            self._create_contract(units=unit)
        self.env.flush_all()

        def count(some):
            requests = [
                self._request(unit, cost_class, key=(unit.id, cost_class))
                for unit in some
                for cost_class in ("labour", "part", "travel")
            ]
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["after.sales.coverage"]._resolve(requests)
            return self.cr.sql_log_count - before

        count(units)
        self.assertEqual(count(units[:3]), count(units))

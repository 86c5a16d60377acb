from datetime import date

from odoo import Command

from .common import ContractCommon


class TestCoverageLimit(ContractCommon):
    """D30: what is included by cost class, limit and period; cover by family and by site."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_unit(serial="L-1", delivery_date=date(2025, 12, 1))

    def _use(self, contract, cost_class, day, quantity=1.0, key="use"):
        request = self._request(self.unit, cost_class, key=key, day=day, quantity=quantity)
        (decision,) = self._decide(request)
        self.env["after.sales.coverage"]._settle(
            [(request, decision, "res.partner", self.consumer.id, f"{key} {day}", "Work")]
        )
        return decision.covered_share

    def test_number_of_calls_a_year(self):
        """Two call-outs each year of the contract: the third is the customer's, next year begins anew."""
        contract = self._create_contract(units=self.unit, includes=(), duration=2)
        contract.inclusion_ids = [
            Command.create({"cost_class": "call_out", "limit_quantity": 2.0, "limit_period": "year"})
        ]
        days = [date(2026, 2, 1), date(2026, 12, 31), date(2026, 5, 5), date(2027, 1, 1)]
        shares = [self._use(contract, "call_out", day) for day in days]
        self.assertEqual(shares, [1.0, 1.0, 0.0, 1.0])
        self.assertEqual(contract.inclusion_ids.used_quantity, 3.0)

    def test_hours_a_month_in_one_batch(self):
        """What one line of a batch takes of a month is not there for the next, another month has its own."""
        contract = self._create_contract(units=self.unit, includes=())
        contract.inclusion_ids = [
            Command.create(
                {"cost_class": "labour", "share": 50, "limit_quantity": 2.0, "limit_period": "month"}
            )
        ]
        requests = [
            self._request(self.unit, key=key, day=day, quantity=3.0)
            for key, day in (("a", date(2026, 3, 1)), ("b", date(2026, 3, 31)), ("c", date(2026, 4, 1)))
        ]
        shares = [decision.covered_share for decision in self._decide(*requests)]
        self.assertEqual([round(share, 3) for share in shares], [0.5, 0.167, 0.5])

    def test_everything_of_a_family(self):
        family, below = self.env["product.category"].create([{"name": "Machines"}, {"name": "Lathes"}])
        below.parent_id = family
        other = self._create_unit(product_id=self.pump.id)
        self.machine.categ_id = below
        self._create_contract(cover_ids=[Command.create({"categ_id": family.id})])
        own, pump = self._decide(self._request(self.unit, key="own"), self._request(other, key="pump"))
        self.assertEqual((own.main_payer, pump.main_payer), ("contract", "customer"))

    def test_everything_at_a_site(self):
        site = self.env["res.partner"].create({"name": "Plant 2", "parent_id": self.consumer.id})
        there = self._create_unit(serial="L-2", site_id=site.id)
        foreign = self._create_unit(serial="L-3", site_id=site.id, partner_id=self.business.id)
        self._create_contract(scope="site", site_ids=[Command.set(site.ids)])
        decisions = self._decide(
            self._request(self.unit, key="elsewhere"),
            self._request(there, key="there"),
            self._request(foreign, key="foreign", partner_id=self.business.id),
        )
        self.assertEqual([row.main_payer for row in decisions], ["customer", "contract", "customer"])

from odoo import Command
from odoo.tests import Form, tagged

from .common import AGENT, ContractCommon


@tagged("post_install", "-at_install")
class TestPlanSize(ContractCommon):
    """Statements are counted: they do not grow with the units of a contract, nor faster than the contracts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("size_agent", AGENT)

    def _create_large(self, number, prefix):
        values = {"product_id": self.machine.id, "partner_id": self.consumer.id}
        units = self.env["after.sales.unit"].create(
            [{**values, "serial": f"{prefix}{index}"} for index in range(number)]
        )
        line = {"product_id": self.fee.id, "price_unit": 12.0, "pricing": "per_unit"}
        return self._create_contract(units=units, line_ids=[Command.create(line)])

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_whole_form(self):
        """Everything that the form shows of a contract, as its user reads it."""
        small, large = self._create_large(5, "S"), self._create_large(150, "L")
        spec = Form(small.with_user(self.agent))._view["fields_spec"]
        spec["cover_ids"]["limit"] = 40
        self._count(lambda: small.with_user(self.agent).web_read(spec))
        few = self._count(lambda: small.with_user(self.agent).web_read(spec))
        many = self._count(lambda: large.with_user(self.agent).web_read(spec))
        self.assertLessEqual(many, few)

    def test_plan_of_a_large_contract(self):
        small, large = self._create_large(5, "S"), self._create_large(150, "L")
        self._count(small._sync_plan)
        self.assertLessEqual(self._count(large._sync_plan), self._count(small._sync_plan))

    def test_plans_of_many_contracts(self):
        """A few statements for each hundred contracts more, not some for each."""

        def make(number):
            contracts = self.env["after.sales.contract"].union(
                *(self._create_contract(start=False) for __ in range(number))
            )
            return self._count(contracts._sync_plan)

        make(2)
        self.assertLessEqual(make(20), make(5) + 3)

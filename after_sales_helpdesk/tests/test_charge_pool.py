from odoo.fields import Command
from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestChargePool(FieldCommon):
    """Hours that the customer bought pay for charges, as long as they last."""

    def test_hour_pool_pays_until_it_is_empty_and_gets_back_what_is_cancelled(self):
        unit = self._create_unit()
        contract = self._create_pool_contract(unit, 4.0)
        pool = contract.pool_ids
        visit = self._create_visit(unit_id=unit.id, contract_id=contract.id)
        self._add_session(visit, "work", 13, 18)
        charges = self._finish(visit.with_user(self.technician_user)).sorted("kind")
        self.assertEqual(pool.balance, 0.0)
        self.assertRecordValues(
            charges,
            [
                {"kind": "labour", "quantity": 3.0, "amount_customer": 0.0},
                {"kind": "overtime", "quantity": 2.0, "amount_customer": 78.0},
            ],
        )
        visit.with_user(self.agent).action_reopen()
        self.assertEqual(pool.balance, 4.0)

    def test_hour_pool_weighs_the_band_and_the_result_shows_the_cost(self):
        """An hour of overtime takes an hour and a half of the pool; costs and extra charges are in the contract's result."""
        unit = self._create_unit()
        band = self.overtime
        contract = self._create_pool_contract(
            unit, 5.0, name="Five hours", weight_ids=[Command.create({"band_id": band.id, "weight": 1.5})]
        )
        pool = contract.pool_ids
        visit = self._create_visit(unit_id=unit.id, contract_id=contract.id)
        self._add_session(visit, "work", 13, 18)
        charges = self._finish(visit.with_user(self.technician_user)).sorted("kind")
        self.assertRecordValues(pool, [{"balance": 0.0, "used": 5.0, "overage": 1.0}])
        profit = dict(
            self.env["after.sales.contract.profit"]._read_group(
                [("contract_id", "=", contract.id), ("source", "in", ("extra", "labour"))],
                ["source"],
                ["margin:sum"],
            )
        )
        self.assertAlmostEqual(profit["extra"], sum(charges.mapped("amount_customer")), places=2)
        self.assertAlmostEqual(profit["labour"], -sum(charges.mapped("cost")), places=2)
        ticket = self._create_ticket(self.agent, unit_id=unit.id, contract_id=contract.id)
        self.assertIn("Five hours", ticket.pool_alert)

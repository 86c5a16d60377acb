from datetime import date

from odoo.tests import tagged

from .common_recovery import SupplierRecoveryCommon


@tagged("post_install", "-at_install")
class TestSupplierDue(SupplierRecoveryCommon):
    """BI-16: what a supplier bears of which charge, by agreement or law of the warranty he gave."""

    def test_parts_in_full_without_an_agreement(self):
        """Part A is under warranty and cost 70.00; part B is the customer's, labour is not agreed"""
        charge = self._visit_charges()
        self.assertRecordValues(
            charge,
            [
                {
                    "product_id": self.part_a.id,
                    "amount_recoverable": 70.0,
                    "recovery_state": "to_claim",
                    "recovery_supplier_id": self.supplier.id,
                    "recovery_unit_id": self.unit.id,
                }
            ],
        )

    def test_shares_by_cost_class(self):
        """A contract pays the labour: half of its cost is the supplier's by agreement"""
        contract = self._create_contract(inclusions=(("labour", 100.0),), units=self.unit)
        self._agree(part=0.8, labour=0.5)
        charges = self._visit_charges(contract=contract)
        labour = charges.filtered(lambda charge: charge.cost_class == "labour")
        self.assertEqual(sum(labour.mapped("amount_recoverable")), sum(labour.mapped("cost")) / 2)
        self.assertEqual(
            charges.filtered(lambda charge: charge.kind == "part").mapped("amount_recoverable"), [56.0]
        )

    def test_share_of_the_tariff_price(self):
        self._agree(part=1.0).basis = "price"
        self.assertEqual(self._visit_charges().amount_recoverable, 120.0)

    def test_an_agreement_reached_later_counts_for_what_is_not_claimed(self):
        charge = self._visit_charges()
        term = self._agree(part=0.5)
        self.assertEqual(charge.amount_recoverable, 35.0)
        self._make_claims(charge)
        term.share = 0.1
        self.assertEqual(charge.amount_recoverable, 35.0, "what is claimed stays")
        term.write({"share": 0.1, "date_from": date(2026, 5, 1)})
        other = self._create_supplied("SN0002")
        self.assertEqual(self._covered_charge(other).amount_recoverable, 70.0, "not agreed on that day")

    def test_what_is_not_the_suppliers(self):
        charge = self._visit_charges()
        for record, vals in [
            (self.unit, {"supplier_warranty_end": date(2026, 3, 8)}),
            (self.unit, {"supplier_warranty_end": False}),
            (self.unit, {"supplier_id": False}),
            (charge.ticket_id, {"service_id": self._create_maintenance().id}),
            (charge, {"fault_id": self._create_misuse().id}),
            (charge, {"cost": 0.0}),
        ]:
            with self.subTest(vals=vals):
                old = {name: record[name] for name in vals}
                record.sudo().write(vals)
                self.assertEqual((charge.amount_recoverable, charge.recovery_state), (0.0, False))
                self.assertTrue(charge._get_unclaimable_reason())
                record.sudo().write({name: getattr(value, "id", value) for name, value in old.items()})
                self.assertEqual(charge.amount_recoverable, 70.0)
        self.unit.supplier_warranty_end = date(2026, 3, 9)
        self.assertEqual(charge.amount_recoverable, 70.0, "the last day counts, and the day of the fault")

    def _create_maintenance(self):
        return self.env["after.sales.service"].create({"name": "Yearly check", "trigger": "due_date"})

    def _create_misuse(self):
        return self.env["after.sales.fault"].create({"name": "Dropped", "code": "DROP", "is_misuse": True})

    def test_a_component_has_its_own_supplier(self):
        maker = self.env["res.partner"].create({"name": "Pump maker"})
        pump = self._create_supplied("P1", parent_id=self.unit.id, supplier_id=maker.id)
        bare = self._create_supplied("P2", parent_id=self.unit.id, supplier_id=False)
        charges = self._create_charge(unit_id=pump.id) + self._create_charge(unit_id=bare.id)
        self.assertEqual(charges[0].recovery_supplier_id, maker)
        self.assertEqual(charges[1].recovery_unit_id, self.unit, "of the whole, when the component has none")

    def test_customers_bill_is_not_touched(self):
        """The supplier is no payer: who pays and what is billed stays the same"""
        charge = self._visit_charges()
        self._make_claims(charge)
        self.assertEqual((charge.billing_state, charge.amount_customer), ("nothing", 0.0))
        part_b = charge.intervention_id.visit_charge_ids.filtered(lambda c: c.product_id == self.part_b)
        self.assertEqual(part_b.billing_state, "to_bill")
        self.assertTrue(self._bill())
        self.assertEqual(charge.recovery_state, "claimed")

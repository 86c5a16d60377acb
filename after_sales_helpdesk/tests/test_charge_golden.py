from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestChargeGolden(FieldCommon):
    """The golden example, to the cent, up to the charges.

    Call-out 35.00; 46 km at 0.62 = 28.52; 1.5 h travel at 38.00 = 57.00; 3 h labour at 52.00 = 156.00;
    2 h overtime at 78.00 = 156.00; per-diem 46.48; part A 120.00 covered by warranty at 100 %; part B 18.40.

    On demand: 35.00 + 28.52 + 57.00 + 156.00 + 156.00 + 46.48 + 0.00 + 18.40 = 497.40, VAT 22 % = 109.43
    (109.428), total 606.83. Under a contract that includes travel and call-out: 497.40 - 35.00 - 28.52 - 57.00 =
    376.88, VAT 82.91 (82.9136), total 459.79.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls._create_covered_unit()
        cls.unit.warranty_ids.excluded_product_ids = cls.part_b

    def _visit(self, **ticket_values):
        ticket = self._create_ticket(
            self.agent, unit_id=self.unit.id, service_id=self.service.id, **ticket_values
        )
        ticket.action_check_coverage()
        ticket.authorise_reason = "The customer agreed on the phone"
        ticket.action_authorise()
        visit = self._create_visit(self.agent, ticket_id=ticket.id, call_out=True)
        visit.action_plan()
        visit = visit.with_user(self.technician_user)
        visit.action_start()
        self._add_session(visit, "travel", 11.5, 13, distance_km=46)
        self._add_session(visit, "work", 13, 18)
        self._add_part(visit, self.part_a)
        self._add_part(visit, self.part_b)
        visit.per_diem_days = 1
        return visit

    def _assert_charges(self, visit, covered=()):
        charges = self._finish(visit)
        expected = {
            "call_out": (1.0, 35.0, 35.0, 0.0),
            "travel_km": (46.0, 0.62, 28.52, 18.4),
            "travel_time": (1.5, 38.0, 57.0, 46.5),
            "labour": (3.0, 52.0, 156.0, 93.0),
            "overtime": (2.0, 78.0, 156.0, 62.0),
            "per_diem": (1.0, 46.48, 46.48, 30.0),
        }
        work = {charge.kind: charge for charge in charges if charge.kind != "part"}
        self.assertEqual(set(work), set(expected))
        for kind, (quantity, price, amount, cost) in expected.items():
            with self.subTest(kind):
                self.assertRecordValues(
                    work[kind],
                    [
                        {
                            "quantity": quantity,
                            "price_unit": price,
                            "list_price": price,
                            "amount": amount,
                            "cost": cost,
                            "amount_customer": 0.0 if kind in covered else amount,
                            "payer": "contract" if kind in covered else "customer",
                            "state": "confirmed",
                            "tax_ids": self.tax.ids,
                        }
                    ],
                )
        parts = charges.filtered(lambda c: c.kind == "part").sorted("amount")
        self.assertRecordValues(
            parts,
            [
                {
                    "product_id": self.part_b.id,
                    "amount": 18.4,
                    "amount_customer": 18.4,
                    "payer": "customer",
                    "cost": 6.0,
                },
                {
                    "product_id": self.part_a.id,
                    "amount": 120.0,
                    "amount_customer": 0.0,
                    "payer": "warranty",
                    "cost": 70.0,
                },
            ],
        )
        return visit.with_user(self.agent)._get_report_totals()

    def _assert_totals(self, totals, net, tax, total):
        self.assertAlmostEqual(totals["base_amount_currency"], net, 2)
        self.assertAlmostEqual(totals["tax_amount_currency"], tax, 2)
        self.assertAlmostEqual(totals["total_amount_currency"], total, 2)

    def test_on_demand(self):
        visit = self._visit()
        totals = self._assert_charges(visit)
        self._assert_totals(totals, 497.40, 109.43, 606.83)
        self.assertEqual(visit.ticket_id.state, "done")

    def test_under_a_contract_that_includes_travel_and_call_out(self):
        account = self.env["account.analytic.account"].create(
            {
                "name": "Contract",
                "plan_id": self.env["account.analytic.plan"].create({"name": "Contracts"}).id,
            }
        )
        contract = self._create_contract(
            self.unit, ("travel", "call_out"), tariff_id=self.tariff.id, analytic_account_id=account.id
        )
        visit = self._visit(contract_id=contract.id)
        totals = self._assert_charges(visit, ("call_out", "travel_km", "travel_time"))
        self._assert_totals(totals, 376.88, 82.91, 459.79)
        # the real cost of all of it is on the contract, covered or not: 18.40 + 46.50 + 93 + 62 + 30 + 70 + 6
        lines = self._get_charges(visit).analytic_line_id
        self.assertAlmostEqual(sum(lines.mapped("amount")), -325.9, 2)
        self.assertEqual(len(lines), 7, "the call-out fee costs nothing")
        self.assertEqual(lines[account.plan_id._column_name()], account)

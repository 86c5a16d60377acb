from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from .common import ContractCommon


class TestSale(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_term(name="Two years", product_tmpl_ids=False)
        cls.template = cls._create_contract_template(duration=3)
        cls.plan = cls._create_service_product(
            "Care plan",
            invoice_policy="order",
            after_sales_contract_policy="contract",
            after_sales_contract_template_id=cls.template.id,
        )
        cls.salesman = cls._create_user("seller", "sales_team.group_sale_salesman")
        cls.tax = cls.env["account.tax"].create({"name": "VAT 22", "amount": 22})

    def _order(self, *products, confirm=True, **line):
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": self.consumer.id,
                    "client_order_ref": "PO 7",
                    "order_line": [
                        Command.create({"product_id": product.id, **(line if product == self.plan else {})})
                        for product in products
                    ],
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    @freeze_time("2026-03-02")
    def test_order_makes_the_contract(self):
        """D19: quantity, unit, price, discount, taxes and description of the order are those of the contract."""
        order = self._order(
            self.machine,
            self.plan,
            name="Care plan, gold",
            product_uom_qty=2,
            price_unit=600.0,
            discount=10.0,
            tax_ids=[Command.set(self.tax.ids)],
        )
        contract = order.sudo().after_sales_contract_ids
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "running",
                    "partner_id": self.consumer.id,
                    "date_start": date(2026, 3, 2),
                    "date_end": date(2029, 3, 1),
                    "amount_untaxed": 1080.0,
                    "reference": "PO 7",
                    "template_id": self.template.id,
                }
            ],
        )
        self.assertRecordValues(
            contract.line_ids,
            [
                {
                    "name": "Care plan, gold",
                    "quantity": 2.0,
                    "price_unit": 600.0,
                    "discount": 10.0,
                    "tax_ids": self.tax.ids,
                    "price_basis": "term",
                    "sale_line_id": order.order_line[1].id,
                }
            ],
        )
        self.assertEqual(len(contract.instalment_ids), 12)
        self.assertEqual(order.after_sales_contract_count, 1)

    def test_order_does_not_invoice_the_contract(self):
        order = self._order(self.plan, price_unit=600.0)
        line = order.order_line
        self.assertEqual(line.qty_to_invoice, 0.0)
        self.assertEqual(line.untaxed_amount_to_invoice, 0.0)
        self.assertEqual(line.amount_to_invoice, 0.0)
        self.assertEqual(order.invoice_status, "no")
        with self.assertRaises(UserError):
            order.sudo()._create_invoices()
        mixed = self._order(self.fee, self.plan)
        self.assertEqual(mixed.invoice_status, "to invoice" if self.fee.invoice_policy == "order" else "no")

    def test_changed_product_leaves_old_orders_alone(self):
        order = self._order(self.plan)
        self.plan.after_sales_contract_policy = "none"
        order.order_line.invalidate_recordset()
        self.assertTrue(order.order_line.is_after_sales_contract)

    def test_no_contract_twice(self):
        order = self._order(self.plan)
        contract = order.sudo().after_sales_contract_ids
        order.sudo()._make_after_sales_contracts()
        self.assertEqual(order.sudo().after_sales_contract_ids, contract)
        order._action_cancel()
        self.assertEqual(contract.state, "cancelled")
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.sudo().after_sales_contract_ids, contract)
        self.assertEqual(contract.state, "running")
        self.assertEqual(len(contract.instalment_ids.filtered(lambda row: row.state == "planned")), 12)

    def test_proposal(self):
        """CT-16, CT-19: the product says whether the order makes a proposal or a running contract."""
        self.plan.after_sales_contract_policy = "proposal"
        contract = self._order(self.plan).sudo().after_sales_contract_ids
        self.assertEqual(contract.state, "draft")
        contract.action_propose()
        contract.action_start()
        self.assertEqual(contract.state, "running")

    @freeze_time("2026-03-02")
    def test_units_are_covered_as_they_are_born(self):
        """CT-10: each delivered unit is covered from the end of its warranty, serials and quantities alike."""
        order = self._order(self.machine, self.pump, self.plan).sudo()
        order.order_line[0].product_uom_qty = 2
        contract = order.after_sales_contract_ids
        lots = [self._create_lot(self.machine, name) for name in ("S-1", "S-2")]
        units = self._ship(order, {self.machine: lots})
        self.assertEqual(len(units), 3)
        self.assertEqual(contract.cover_ids.unit_id, units)
        self.assertEqual(set(contract.cover_ids.mapped("date_from")), {date(2028, 3, 3)})
        self.assertEqual(units[0].warranty_end, date(2028, 3, 2))
        contract._cover_units(units)
        self.assertEqual(len(contract.cover_ids), 3)
        in_warranty, after = self._decide(
            self._request(units[0], key="in", day=date(2027, 1, 1)),
            self._request(units[0], key="after", day=date(2028, 6, 1)),
        )
        self.assertEqual(in_warranty.main_payer, "warranty")
        self.assertEqual(after.main_payer, "contract")

    @freeze_time("2026-03-02")
    def test_contract_begins_with_the_delivery(self):
        """D20: the start basis is selectable."""
        self.template.start_basis = "delivery"
        order = self._order(self.machine, self.plan).sudo()
        contract = order.after_sales_contract_ids
        self.assertEqual((contract.state, contract.date_start), ("draft", False))
        with freeze_time("2026-05-11"):
            self._ship(order, {self.machine: [self._create_lot(self.machine, "D-1")]})
        self.assertEqual((contract.state, contract.date_start), ("running", date(2026, 5, 11)))
        self.assertTrue(contract.instalment_ids)

    @freeze_time("2026-03-02")
    def test_contract_begins_with_the_end_of_the_warranty(self):
        self.template.start_basis = "warranty_end"
        order = self._order(self.machine, self.plan).sudo()
        contract = order.after_sales_contract_ids
        unit = self._ship(order, {self.machine: [self._create_lot(self.machine, "E-1")]})
        self.assertEqual(contract.date_start, date(2028, 3, 3))
        self.assertEqual(contract.cover_ids.date_from, date(2028, 3, 3))
        self.assertEqual(contract.cover_ids.unit_id, unit)
        self.assertEqual(contract.instalment_ids.sorted("date_due")[0].date_due, date(2028, 3, 3))

    @freeze_time("2026-03-02")
    def test_unit_is_born_though_the_contract_fails(self):
        """A contract that cannot start keeps its trouble to itself: the unit exists, its responsible is told."""
        self.template.start_basis = "delivery"
        order = self._order(self.machine, self.plan).sudo()
        contract = order.after_sales_contract_ids
        contract.line_ids.unlink()
        units = self._ship(order, {self.machine: [self._create_lot(self.machine, "F-1")]})
        self.assertEqual(len(units), 1)
        self.assertFalse(contract.cover_ids)
        self.assertIn("no price line", contract.activity_ids.note)

    def test_delivery_by_a_warehouse_user(self):
        """Who ships needs no right on contracts."""
        order = self._order(self.machine, self.plan).sudo()
        lot = self._create_lot(self.machine, "H-1")
        self._stock(self.machine, 1, [lot])
        user = self._create_user("shipper", "stock.group_stock_user")
        picking = order.picking_ids.with_user(user)
        picking.action_assign()
        picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(order.after_sales_contract_ids.cover_ids.unit_id.lot_id, lot)

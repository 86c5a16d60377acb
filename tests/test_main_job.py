"""The life of a sold unit, from the order to the figures, on real documents and with each role's own rights."""

import io
from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from odoo.addons.after_sales_billing.tests.common import AfterSalesBillingCommon
from odoo.addons.after_sales_helpdesk.tests.common_field import SIGNATURE

MAIL = """Message-ID: <main-job@customer.example>
From: Rossi Srl <rossi@example.com>
To: {to}
Subject: The second boiler drips
Content-Type: text/plain; charset=utf-8

Serial number B-0002, water under the boiler since this morning.
"""


@tagged("post_install", "-at_install")
class TestMainJob(AfterSalesBillingCommon):
    """One test a chapter would share nothing: this is one story, told once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env,
            login="job_salesman",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.warehouse_user = new_test_user(
            cls.env,
            login="job_warehouse",
            groups="stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.reviewer = new_test_user(
            cls.env,
            login="job_reviewer",
            groups="after_sales_complaint.group_after_sales_reviewer",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env["after.sales.warranty.term"].create(
            {
                "name": "Parts for two years",
                "duration": 24,
                "applies_to": "all",
                "part_share": 100.0,
                "labour_share": 0.0,
                "travel_share": 0.0,
                "excluded_product_ids": [Command.set(cls.part_b.ids)],
            }
        )
        cls.softener = cls._create_goods("Softener", tracking="none", list_price=90.0)
        cls.service_product = cls._create_service(
            "Service contract",
            list_price=1200.0,
            after_sales_contract_policy="contract",
            after_sales_contract_template_id=cls._create_template().id,
        )
        cls.customer.phone = "+39 02 5550 4711"
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.lots = cls.env["stock.lot"].create(
            [
                {"name": name, "product_id": cls.machine.id, "company_id": cls.company.id}
                for name in ("B-0001", "B-0002")
            ]
        )
        Quant = cls.env["stock.quant"]
        for lot in cls.lots:
            Quant._update_available_quantity(cls.machine, cls.warehouse.lot_stock_id, 1, lot_id=lot)
        Quant._update_available_quantity(cls.softener, cls.warehouse.lot_stock_id, 5)

    @classmethod
    def _create_template(cls):
        """Four years at 1200.00 a year, 100.00 a month in advance; travel and call-out included."""
        return cls.env["after.sales.contract.template"].create(
            {
                "name": "Comfort",
                "duration": 4,
                "interval": 1,
                "interval_unit": "month",
                "price_basis": "year",
                "cover_policy": "warranty_end",
                "inclusion_ids": [
                    Command.create({"cost_class": "travel", "share": 100}),
                    Command.create({"cost_class": "call_out", "share": 100}),
                ],
            }
        )

    def test_from_the_order_to_the_figures(self):
        with freeze_time("2026-01-12 09:00:00"):
            order = self._sell()
        with freeze_time("2026-01-15 09:00:00"):
            units = self._deliver(order)
        contract = self._check_contract(order, units)
        with freeze_time("2026-03-09 09:00:00"):
            ticket = self._call(units, contract)
        with freeze_time("2026-03-10 18:30:00"):
            visit = self._visit(ticket)
        with freeze_time("2026-03-31 18:00:00"):
            invoice = self._bill_march(contract, visit)
        with freeze_time("2026-04-02 10:00:00"):
            self._complain(ticket, invoice)
        with freeze_time("2026-04-03 10:00:00"):
            self._check_figures(ticket, visit, contract)

    # 1. A sale order delivers two serial-numbered units and one without serial ------------------------------------

    def _sell(self):
        form = Form(self.env["sale.order"].with_user(self.salesman))
        form.partner_id = self.customer
        for product, quantity in ((self.machine, 2), (self.softener, 1), (self.service_product, 1)):
            with form.order_line.new() as line:
                line.product_id = product
                line.product_uom_qty = quantity
        order = form.save()
        order.action_confirm()
        return order

    def _deliver(self, order):
        picking = order.sudo().picking_ids.with_user(self.warehouse_user)
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        units = self.env["after.sales.unit"].with_user(self.agent).search([("sale_order_id", "=", order.id)])
        self.assertEqual(set(units.mapped("serial")), {"B-0001", "B-0002", False})
        for unit in units:
            self.assertRecordValues(
                unit,
                [
                    {
                        "partner_id": self.customer.id,
                        "delivery_date": date(2026, 1, 15),
                        "custody": "at_customer",
                    }
                ],
            )
            self.assertEqual(unit.warranty_ids.mapped("name"), ["Parts for two years"])
            self.assertEqual(unit.warranty_end, date(2028, 1, 15))
        card, kind = self.env["ir.actions.report"]._render_qweb_html(
            "after_sales_warranty.action_report_warranty_card", units.warranty_ids.ids
        )
        self.assertEqual(kind, "html")
        for word in ("B-0001", units.warranty_ids[0].access_code, units.warranty_ids[0].number):
            self.assertIn(word.encode(), card)
        return units

    # 2. The order also sold a service contract ---------------------------------------------------------------------

    def _check_contract(self, order, units):
        contract = order.sudo().after_sales_contract_ids.with_user(self.agent)
        self.assertRecordValues(
            contract, [{"state": "running", "date_start": date(2026, 1, 12), "amount_untaxed": 4800.0}]
        )
        self.assertEqual(len(contract.instalment_ids), 48)
        self.assertEqual(sum(contract.instalment_ids.mapped("amount")), 4800.0)
        self.assertEqual(contract.cover_ids.unit_id, units)
        self.assertEqual(set(contract.cover_ids.mapped("date_from")), {date(2028, 1, 16)})
        return contract

    # 3. The customer phones; the second call comes by mail -----------------------------------------------------------

    def _call(self, units, contract):
        form = Form(self.env["after.sales.ticket"].with_user(self.agent))
        form.subject = "It does not heat"
        form.contact_phone = "02/5550-4711"
        self.assertEqual(form.partner_id, self.customer)
        form.serial = "B-0001"
        ticket = form.save()
        unit = units.filtered(lambda unit: unit.serial == "B-0001")
        self.assertRecordValues(
            ticket, [{"partner_id": self.customer.id, "unit_id": unit.id, "warranty_state": "in_warranty"}]
        )
        self.assertEqual(ticket.warranty_end, date(2028, 1, 15))
        ticket.contract_id = contract
        ticket.action_check_coverage()
        shares = {row.cost_class: row.customer_share for row in ticket.coverage_ids}
        self.assertEqual(shares["part"], 0.0)
        self.assertGreater(shares["labour"], 0.0)
        self.assertTrue(all(ticket.coverage_ids.mapped("reason")))
        ticket.authorise_reason = "Agreed on the phone"
        ticket.action_authorise()
        team = ticket.team_id.sudo()
        team.alias_name = "main-job"
        mailed = self.env["mail.thread"].message_process(
            "after.sales.ticket", MAIL.format(to=team.alias_email or "main-job@example.com")
        )
        mailed = self.env["after.sales.ticket"].browse(mailed)
        self.assertRecordValues(
            mailed, [{"channel": "email", "partner_id": self.customer.id, "state": "registered"}]
        )
        return ticket

    # 4. and 5. Planned, done, signed; charges from the tariff ---------------------------------------------------------

    def _visit(self, ticket):
        visit = self._start_visit(ticket=ticket)
        collected = self._collect_and_sign(visit)
        visit = self._finish_visit(visit)
        self.assertEqual(collected.state, "in_transit")
        collected.with_user(self.agent).action_receive()
        receipt = collected.sudo().picking_id
        self.assertEqual((receipt.state, receipt.move_line_ids.owner_id), ("done", self.customer))
        self.assertEqual(collected.sudo().repair_id.partner_id, self.customer)
        self.assertEqual(ticket.state, "done")
        self.assertEqual(visit.part_ids.move_id.mapped("state"), ["done", "done"])
        charges = visit.visit_charge_ids
        self.assertAlmostEqual(sum(charges.mapped("amount_customer")), 497.40)
        self.assertTrue(
            all(charge.cost > 0 for charge in charges if charge.kind in ("labour", "part", "travel_km"))
        )
        return visit

    def _collect_and_sign(self, visit):
        """The burnt part goes to the workshop and stays the customer's; he signs the report that he gets as PDF."""
        collected = visit.env["after.sales.intervention.collect"].create(
            {
                "intervention_id": visit.id,
                "product_id": self.part_a.id,
                "note": "burnt",
                "destination": "repair",
            }
        )
        visit.write({"outcome": "solved", "defect": "Burnt", "work_done": "Part A replaced"})
        visit._sign(SIGNATURE, "Paolo Rossi")
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        # Debian's wkhtmltopdf says at every page what it cannot do.
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            pdf, kind = reports._render_qweb_pdf("after_sales_helpdesk.action_report_intervention", visit.ids)
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
        text = " ".join(
            word for page in PdfFileReader(io.BytesIO(pdf)).pages for word in page.extract_text().split()
        )
        for word in ("Paolo Rossi", "Part A", visit.name):
            self.assertIn(word, text)
        return collected

    # 6. The billing run ----------------------------------------------------------------------------------------------

    def _bill_march(self, contract, visit):
        invoices = self._bill(date_to=date(2026, 3, 31), post_invoices=True)
        lines = invoices.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        instalments = lines.filtered(lambda line: line.product_id == self.service_product)
        # 12 January, 12 February and 12 March, each 100.00 in advance
        self.assertEqual(sum(instalments.mapped("price_subtotal")), 300.0)
        self.assertEqual(min(instalments.mapped("after_sales_date_from")), date(2026, 1, 12))
        # 35.00 + 46 x 0.62 + 1.5 x 38.00 + 3 x 52.00 + 2 x 78.00 + 46.48 + part A 0.00 + part B 18.40
        work = lines - instalments
        self.assertAlmostEqual(sum(work.mapped("price_subtotal")), 497.40)
        self.assertEqual(set(invoices.mapped("state")), {"posted"})
        # 300.00 + 497.40 = 797.40; VAT 22 % = 175.428
        self.assertAlmostEqual(sum(invoices.mapped("amount_total")), 972.83)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self._create_run(date_to=date(2026, 3, 31)).action_preview()
        return work.move_id

    # 7. The complaint about the delay ----------------------------------------------------------------------------------

    def _complain(self, ticket, invoice):
        complaint = (
            self.env["after.sales.complaint"]
            .with_user(self.agent)
            .create(
                {
                    "subject": "The technician came a day late",
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "ticket_id": ticket.id,
                    "unit_id": ticket.unit_id.id,
                    "invoice_id": invoice.id,
                }
            )
        )
        complaint.action_acknowledge()
        complaint.cause_id = self.env.ref("after_sales_complaint.complaint_cause_service_late")
        complaint.action_assess()
        complaint = complaint.with_user(self.reviewer)
        decision = complaint.env["after.sales.complaint.decision"].create(
            {
                "complaint_id": complaint.id,
                "outcome": "accepted",
                "reason": "<p>We came a day late.</p>",
                "measure_ids": [
                    Command.create(
                        {
                            "remedy_id": self.env.ref(
                                "after_sales_complaint.complaint_remedy_price_reduction"
                            ).id,
                            "amount": 24.4,
                            "invoice_id": invoice.id,
                        }
                    )
                ],
            }
        )
        decision.action_submit()
        self.assertEqual(complaint.state, "decided")
        complaint.action_execute()
        complaint.action_send_decision()
        refund = complaint.measure_ids.refund_id.sudo()
        self.assertRecordValues(
            refund, [{"move_type": "out_refund", "amount_total": 24.4, "reversed_entry_id": invoice.id}]
        )
        complaint.action_accepted()
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    # 8. The figures -------------------------------------------------------------------------------------------------------

    def _check_figures(self, ticket, visit, contract):
        ticket.with_user(self.agent).action_close()
        self.env.flush_all()
        calls = self.env["after.sales.ticket.fact"].with_user(self.manager)
        fact = calls.search([("ticket_id", "=", ticket.id)])
        self.assertRecordValues(fact, [{"open_count": 0, "resolved": 1, "first_time_fix": 1}])
        self.assertEqual(fact.elapsed_hours, 33.5)  # 9 March 09:00 to 10 March 18:30
        months = self.env["after.sales.contract.month"].with_user(self.manager)
        revenue = sum(
            months.search([("contract_id", "=", contract.id), ("is_forecast", "=", False)]).mapped("revenue")
        )
        self.assertGreater(revenue, 200.0)

    # The same visit under a contract that includes travel and call-out ---------------------------------------------------

    def test_visit_under_contract(self):
        """D18: 497.40 less call-out 35.00, km 28.52 and travel time 57.00 = 376.88; VAT 82.91; total 459.79."""
        unit = self._create_unit("B-0003")
        contract = self._create_contract(
            price=0.0, units=unit, inclusions=[("call_out", 100.0), ("travel", 100.0)]
        )
        with freeze_time(datetime(2026, 3, 10, 18, 30)):
            ticket = self._create_ticket(unit, contract_id=contract.id)
            ticket.action_check_coverage()
            ticket.authorise_reason = "Agreed on the phone"
            ticket.action_authorise()
            visit = self._do_visit(ticket=ticket)
            self.assertEqual(visit.contract_id, contract)
        invoice = self._bill(post_invoices=True)
        self.assertRecordValues(
            invoice,
            [{"state": "posted", "amount_untaxed": 376.88, "amount_tax": 82.91, "amount_total": 459.79}],
        )

import io
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .. import post_init_hook
from ..models.after_sales_ddt_mixin import REPORT
from .common import ItalianCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDdt(ItalianCommon):
    """BI-10, L16: what travels has a document with reason and number."""

    def test_pick_up_of_a_return(self):
        record = self._create_return()
        picking = record.sudo()._get_pickings()
        self.assertRecordValues(
            picking,
            [
                {
                    "l10n_it_ddt_number": False,
                    "l10n_it_transport_reason": "repair",
                    "l10n_it_transport_method": "recipient",
                }
            ],
        )
        self.assertTrue(record.has_ddt)
        with self.assertRaises(AccessError):
            picking.with_user(self.agent).action_number_pickup()
        record.action_print_ddt()
        number = picking.l10n_it_ddt_number
        self.assertEqual(number, "CUST/IN/DDT00001")
        self.assertEqual(record.ddt_names, number)
        self.assertTrue(picking.l10n_it_show_print_ddt_button)
        record.action_print_ddt()
        self._receive(record)
        self.assertEqual(picking.l10n_it_ddt_number, number, "numbered once")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("name", "like", "DDT")]
        )
        self.assertEqual(len(files), 1)
        page = files.raw.decode()
        for text in (number, "Boiler", "SN0001", "Sender", "Rossi Srl", self.company.name):
            self.assertIn(text, page)
        self.assertLess(page.index("Rossi Srl"), page.index("Recipient"), "from the customer to us")

    @freeze_time("2026-03-10 09:00:00")
    def test_pick_up_bears_its_date(self):
        """L16: printed before somebody leaves to fetch the goods it has the day on which it was numbered."""
        record = self._create_return()
        record.action_print_ddt()
        picking = record.sudo()._get_pickings()
        self.assertEqual((picking.date_done, picking.after_sales_ddt_date), (False, date(2026, 3, 10)))
        page = self.env["ir.actions.report"]._render_qweb_html(REPORT, picking.ids)[0].decode()
        self.assertIn("03/10/2026", page[page.index("Shipping Date") :][:300])
        self.assertFalse(picking.copy().after_sales_ddt_date)
        with freeze_time("2026-03-14 09:00:00"):
            self._receive(record)
        page = self.env["ir.actions.report"]._render_qweb_html(REPORT, picking.ids)[0].decode()
        self.assertIn("03/10/2026", page[page.index("Shipping Date") :][:300], "two copies bear one date")
        self.assertNotIn("03/14/2026", page)

    def test_one_value_on_both_documents(self):
        """The receipt knows the sale of the machine, the hand-back does not: both state its list price."""
        fetched, back = self._there_and_back()
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create({"product_id": self.machine.id, "price_unit": 777.0, "discount": 10.0})
                    ],
                }
            )
        )
        fetched.move_ids.sale_line_id = order.order_line
        self.machine.sudo().list_price = 4850.0
        for picking in fetched | back:
            page = self.env["ir.actions.report"]._render_qweb_html(REPORT, picking.ids)[0].decode()
            self.assertIn("4,850.00", page[page.index("Total:") :][:300], picking.l10n_it_ddt_number)
            self.assertNotIn("Disc.%", page)

    def test_both_documents_are_printed(self):
        """A wkhtmltopdf that prints one document at a time prints pick-up and hand-back of a return all the same."""
        fetched, back = self._there_and_back()
        record = back.move_ids.after_sales_return_line_id.return_id
        reports, printed = type(self.env["ir.actions.report"]), []

        def run(reports, bodies, **options):
            if len(bodies) > 1:
                raise UserError("one at a time")
            printed.extend(bodies)
            writer, stream = PdfFileWriter(), io.BytesIO()
            writer.addBlankPage(595, 842)
            writer.write(stream)
            return stream.getvalue()

        self.patch(reports, "_run_wkhtmltopdf", run)
        self.patch(reports, "get_wkhtmltopdf_state", lambda reports: "ok")
        record.with_user(self.agent).with_context(force_report_rendering=True).action_print_ddt()
        self.assertEqual(len(printed), 2)
        for picking, page in zip(fetched | back, printed, strict=True):
            self.assertIn(picking.l10n_it_ddt_number, page)
        file = self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("name", "like", "DDT")]
        )
        self.assertEqual(file.mimetype, "application/pdf")
        self.assertEqual(len(PdfFileReader(io.BytesIO(file.raw)).pages), 2)

    def test_sent_by_the_customer(self):
        """His goods come with his own document: ours has no number."""
        record = self._create_return(is_pickup=False)
        self._receive(record)
        self.assertFalse(record.sudo()._get_pickings().l10n_it_ddt_number)
        self.assertFalse(record.has_ddt)
        with self.assertRaisesRegex(UserError, "no transport document yet"):
            record.action_print_ddt()

    def test_hand_back_and_supplier(self):
        record = self._create_return()
        self._receive(record)
        line = record.line_ids
        line.supplier_id = self.env["res.partner"].create({"name": "Maker"})
        line.action_send_to_supplier()
        line.action_supplier_refused()
        act = self._hand_out(line)
        rows = [
            (p.l10n_it_transport_reason, p.l10n_it_ddt_number)
            for p in record.sudo()._get_pickings().sorted("id")
        ]
        self.assertEqual(
            rows,
            [
                ("repair", "CUST/IN/DDT00001"),
                ("repair", "CUST/OUT/DDT00001"),
                ("after_sales_repair_back", False),
                ("after_sales_hand_back", "CUST/OUT/DDT00002"),
            ],
        )
        self.assertEqual(act.ddt_names, "CUST/OUT/DDT00002")
        self.assertTrue(act.action_print_ddt()["url"])

    @freeze_time("2026-03-10 20:00:00")
    def test_technician_fetches(self):
        visit = self._start_visit(self.unit, parts=False)
        self.env["after.sales.intervention.collect"].with_user(self.technician_user).create(
            {"intervention_id": visit.id, "unit_id": self.unit.id}
        )
        self.assertFalse(visit.has_ddt)
        self._finish_visit(visit)
        self.env.invalidate_all()  # another request
        picking = visit.sudo().collect_ids.picking_id
        self.assertEqual((picking.state, picking.l10n_it_ddt_number), ("assigned", "CUST/IN/DDT00001"))
        self.assertEqual(visit.with_user(self.technician_user).ddt_names, "CUST/IN/DDT00001")
        self.assertTrue(visit.with_user(self.technician_user).action_print_ddt()["url"])
        visit.collect_ids.with_user(self.technician_user).action_receive()
        self.assertEqual(picking.l10n_it_ddt_number, "CUST/IN/DDT00001")

    def test_loaner(self):
        lot = self.env["stock.lot"].create(
            {"name": "L1", "product_id": self.machine.id, "company_id": self.company.id}
        )
        stock = (
            self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1).lot_stock_id
        )
        self.env["stock.quant"]._update_available_quantity(self.machine, stock, 1, lot_id=lot)
        loan = (
            self.env["after.sales.loan"]
            .with_user(self.agent)
            .create(
                {
                    "partner_id": self.customer.id,
                    "product_id": self.machine.id,
                    "lot_id": lot.id,
                    "date_due": date(2026, 4, 1),
                }
            )
        )
        loan.action_lend()
        picking = loan.sudo().move_ids.picking_id
        self.assertEqual(picking.l10n_it_transport_reason, "loaned_use")
        self.assertTrue(picking.l10n_it_ddt_number)
        self.assertTrue(loan.action_print_ddt()["url"])
        loan.action_come_back()
        back = loan.sudo().move_ids.picking_id - picking
        self.assertRecordValues(
            back, [{"l10n_it_transport_reason": "after_sales_loan_back", "l10n_it_ddt_number": False}]
        )

    def test_number_stays_with_its_document(self):
        __, back = self._there_and_back()
        self.assertTrue(back.l10n_it_ddt_number)
        self.assertFalse(back.copy().l10n_it_ddt_number)

    def test_company_that_was_there_before(self):
        kind = self.company.after_sales_handback_type_id
        kind.l10n_it_ddt_sequence_id = False
        post_init_hook(self.env(su=True))
        self.assertEqual(kind.l10n_it_ddt_sequence_id.prefix, "CUST/OUT/DDT")
        kind.l10n_it_ddt_sequence_id = False
        self.assertTrue(self._there_and_back()[1].l10n_it_ddt_number, "made when it is needed")

    def test_uninstall_keeps_used_series(self):
        unused = self.company._get_ddt_sequence()
        self.company._drop_unused_ddt_sequences()
        self.assertFalse(unused.exists())
        self._create_return().action_print_ddt()
        self.company._drop_unused_ddt_sequences()
        self.assertTrue(self.company.after_sales_ddt_sequence_id, "it numbered a document")

    def test_other_countries_have_none_of_it(self):
        self.company.country_id = self.env.ref("base.de")
        record = self._create_return()
        self._receive(record)
        self.assertFalse(record.has_ddt)
        self.assertFalse(record.sudo()._get_pickings().l10n_it_ddt_number)

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import TECHNICIAN, AfterSalesCommon


@tagged("post_install", "-at_install")
class TestCards(AfterSalesCommon, MailCommon):
    """All cards of a delivery: one print, one mail, and never in the way of the goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_term("Commercial", part_duration=12)
        for lang in ("it_IT", "ru_RU"):
            cls.env["res.lang"]._activate_lang(lang)
            cls.env["ir.module.module"]._load_module_terms(["after_sales_warranty"], [lang])
        cls.stock_user = cls._create_user("card_stock", "stock.group_stock_user")

    def _deliver_two(self, partner=None):
        lots = [self._create_lot(self.machine, name) for name in ("D1", "D2")]
        return self._deliver(self.machine, 2, lots, partner=partner).picking_id

    def _html(self, report, records):
        reports = self.env["ir.actions.report"].with_user(self.stock_user)
        return reports._render_qweb_html(f"after_sales_warranty.{report}", records.ids)[0].decode()

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_warranty.ir_cron_send_cards").method_direct_trigger()

    def test_one_print(self):
        picking = self._deliver_two()
        action = picking.with_user(self.stock_user).action_print_warranty_cards()
        self.assertEqual(action["report_name"], "after_sales_warranty.report_warranty_cards")
        html = self._html("report_warranty_cards", picking)
        cards = self.env["after.sales.unit"].search([("picking_id", "=", picking.id)]).warranty_ids
        self.assertEqual(len(cards), 2)
        for card in cards:
            self.assertIn(card.access_code, html)
        self.assertEqual(html.count("page-break-after"), 1)

    def test_order(self):
        order = self._sell((self.machine, 2))
        with self.assertRaisesRegex(UserError, "no warranty card"):
            order.action_print_warranty_cards()
        units = self._ship(order, {self.machine: [self._create_lot(self.machine, n) for n in ("O1", "O2")]})
        technician = self._create_user("card_tech", TECHNICIAN, "sales_team.group_sale_salesman_all_leads")
        order.with_user(technician).action_print_warranty_cards()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("after_sales_warranty.report_warranty_cards_order", order.ids)[0]
            .decode()
        )
        for code in units.warranty_ids.mapped("access_code"):
            self.assertIn(code, html)

    def test_lost_cover_has_no_card(self):
        picking = self._deliver_two()
        cards = self.env["after.sales.unit"].search([("picking_id", "=", picking.id)]).warranty_ids
        cards[0]._add_event("void", cards[0].date_start)
        self.assertEqual(picking._get_after_sales_cards(), cards[1])

    def test_three_languages(self):
        """Receipt, legal rights, guarantor and the share of each cost class, in the owner's words."""
        unit = self._create_unit(serial="L1", delivery_date=date(2026, 3, 10))
        for lang, texts in {
            "en_US": ("proof of purchase", "free of charge", "Guarantor", "03/10/2027"),
            "it_IT": ("prova d", "gratuit", "Garante", "10/03/2027"),
            "ru_RU": ("подтвержда", "бесплатн", "Гарант", "10.03.2027"),
        }.items():
            self.consumer.lang = lang
            html = (
                self.env["ir.actions.report"]
                ._render_qweb_html("after_sales_warranty.report_warranty_card", unit.warranty_ids.ids)[0]
                .decode()
            )
            for text in (*texts, self.company.name, unit.warranty_ids.access_code):
                with self.subTest(lang=lang, text=text):
                    self.assertIn(text, html)

    def test_off_by_default(self):
        self.assertFalse(self._deliver_two().after_sales_card_state)

    def test_mail_after_the_delivery(self):
        self.company.after_sales_card_mail = True
        self.consumer.lang = "it_IT"
        picking = self._deliver_two()
        self.assertEqual(picking.after_sales_card_state, "to_send")
        with self.mock_mail_gateway():
            self._run_job()
        self.assertEqual(picking.after_sales_card_state, "sent")
        message = picking.message_ids.filtered(lambda m: m.attachment_ids)
        self.assertEqual(len(message), 1)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertIn(self.consumer, message.notified_partner_ids)
        content = message.attachment_ids.raw.decode()
        self.assertIn("D1", content)
        self.assertIn("D2", content)
        self.assertIn("Certificato di garanzia", content)
        with self.mock_mail_gateway():
            self._run_job()
        self.assertEqual(len(picking.message_ids.filtered("attachment_ids")), 1, "once")
        picking.with_user(self.stock_user).action_send_warranty_cards()
        with self.mock_mail_gateway():
            self._run_job()
        self.assertEqual(len(picking.message_ids.filtered("attachment_ids")), 2, "again by hand")

    def test_no_address(self):
        self.company.after_sales_card_mail = True
        picking = self._deliver_two(self.business)
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.after_sales_card_state)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            picking.action_send_warranty_cards()

    def test_failure_stays_apart(self):
        """Neither a mail server nor a printer that fails touches the delivery; a person is told."""
        self.company.after_sales_card_mail = True
        picking = self._deliver_two()
        path = "odoo.addons.base.models.ir_actions_report.IrActionsReport._render_qweb_pdf"
        with patch(path, side_effect=UserError("no printer")):
            self._run_job()
        self.assertRecordValues(picking, [{"state": "done", "after_sales_card_state": "failed"}])
        self.assertIn("not sent", picking.activity_ids.summary)
        self.assertFalse(picking.message_ids.filtered("attachment_ids"))
        picking.action_send_warranty_cards()

        def refuse(*args, **kwargs):
            raise ConnectionRefusedError

        with patch("odoo.addons.base.models.ir_mail_server.IrMail_Server._connect__", refuse):
            self._run_job()
        self.assertRecordValues(picking, [{"state": "done", "after_sales_card_state": "sent"}])

    def test_delivery_note(self):
        picking = self._deliver_two()
        units = self.env["after.sales.unit"].search([("picking_id", "=", picking.id)])
        lines = picking.move_line_ids.with_user(self.stock_user)
        self.assertEqual(lines.mapped("after_sales_cover_end"), units.mapped("warranty_end"))
        counts = []
        for some in (lines, lines[:1], lines):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_prefetch(some.ids).mapped("after_sales_cover_end")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:], "a line more costs no statement more")
        self.env.ref("base.group_user").implied_ids += self.env.ref("stock.group_lot_on_delivery_slip")
        html = (
            self.env["ir.actions.report"]
            .with_user(self.stock_user)
            ._render_qweb_html("stock.report_deliveryslip", picking.ids)[0]
            .decode()
        )
        self.assertEqual(html.count("Covered until"), 2)

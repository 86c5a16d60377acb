import io
import shutil
from unittest import skipUnless

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .renewal_common import RenewalCommon

LETTER = "after_sales_contract.report_renewal_letter"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-15 10:00:00")
class TestRenewalLetter(RenewalCommon):
    """The letters of a run on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.business.lang = "it_IT"
        cls.company.write({"street": "Via Prova 7", "city": "Milano", "zip": "20100"})
        prices = [Command.create({"product_id": cls.fee.id, "price_unit": 40.0, "quantity": 6})]
        contracts = cls._create_tacit(line_ids=prices)
        contracts |= cls._create_tacit(
            partner_id=cls.business.id,
            line_ids=[
                Command.create(
                    {
                        "product_id": cls.fee.id,
                        "price_unit": 10.0,
                        "quantity": 3,
                        "price_basis": "month",
                        "discount": 10,
                    }
                )
            ],
        )
        cls.renewal = cls._open_run(contracts, adjustment_id=cls._create_adjustment(percent=2.625).id)
        cls.renewal.action_approve()

    def test_price_can_be_checked(self):
        first, second = self.renewal.line_ids.price_ids.sorted("price_basis", reverse=True)
        for price, quantity, periods, discount in ((first, 6.0, 1.0, 0.0), (second, 3.0, 12.0, 10.0)):
            self.assertEqual(price._get_letter_quantity(), quantity)
            self.assertAlmostEqual(price._get_letter_periods(), periods)
            value = price.new_price * quantity * periods * (1 - discount / 100)
            self.assertAlmostEqual(price.new_value, value, 2)

    def test_says_when_and_from_whom(self):
        reports = self.env["ir.actions.report"].with_user(self.manager)
        html = reports._render_qweb_html(LETTER, self.renewal.line_ids.ids)[0].decode()
        article = html.split('class="page"')[1]
        for words in ("11/15/2026", "Via Prova 7", self.company.name, "41.05", "246.30"):
            self.assertIn(words, article)

    @skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf prints the letters")
    def test_letters_are_printed_one_by_one(self):
        """One PDF whatever wkhtmltopdf is there, each letter in the language of its customer."""
        action = self.renewal.with_user(self.manager).action_print_letters()
        rows = self.env["after.sales.renewal.line"].browse(action["context"]["active_ids"])
        self.assertEqual(len(rows), 2)
        reports = (
            self.env["ir.actions.report"].with_user(self.manager).with_context(force_report_rendering=True)
        )
        # Debian's wkhtmltopdf says at every page what it cannot do.
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            pdf, kind = reports._render_qweb_pdf(action["report_name"], rows.ids)
        self.assertEqual(kind, "pdf")
        pages = [" ".join(page.extract_text().split()) for page in PdfFileReader(io.BytesIO(pdf)).pages]
        self.assertEqual(len(pages), 2)
        texts = {row.partner_id: next(text for text in pages if row.contract_id.name in text) for row in rows}
        self.assertIn("11/15/2026", texts[self.consumer])
        self.assertIn("15/11/2026", texts[self.business])
        self.assertIn("10,26", texts[self.business])

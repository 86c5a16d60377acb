"""Durations in words: the plural forms of the three languages, wherever they are printed."""

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools import durations
from ..tools.durations import duration_text
from .common import AfterSalesCommon


class TestDurationWords(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(durations).failed, 0)

    def test_table(self):
        table = {
            ("en_US", "day"): {1: "day", 2: "days", 21: "days"},
            ("en_GB", "month"): {1: "month", 2: "months", 21: "months"},
            ("en_US", "year"): {1: "year", 5: "years"},
            ("it_IT", "day"): {1: "giorno", 2: "giorni", 21: "giorni"},
            ("it_IT", "month"): {1: "mese", 2: "mesi", 24: "mesi", 21: "mesi"},
            ("it_CH", "year"): {1: "anno", 2: "anni"},
            ("ru_RU", "day"): {
                1: "день",
                3: "дня",
                5: "дней",
                11: "дней",
                21: "день",
                90: "дней",
                112: "дней",
            },
            ("ru_RU", "month"): {
                1: "месяц",
                2: "месяца",
                6: "месяцев",
                12: "месяцев",
                21: "месяц",
                24: "месяца",
                36: "месяцев",
            },
            ("ru_RU", "year"): {1: "год", 2: "года", 4: "года", 5: "лет", 11: "лет", 14: "лет", 21: "год"},
            ("sr@latin", "day"): {1: "дан"},  # Serbian all the same: a language code never fails
        }
        for (lang, unit), words in table.items():
            for count, word in words.items():
                with self.subTest(lang=lang, count=count):
                    self.assertEqual(duration_text(count, unit, lang), f"{count} {word}")
        self.assertEqual(duration_text(1, "day", None), "1 day")


@tagged("post_install", "-at_install")
class TestDurationPrinted(AfterSalesCommon):
    def test_on_the_card(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["res.lang"]._activate_lang("it_IT")
        table = [
            ("en_US", 1, "year", "1 year"),
            ("it_IT", 1, "month", "1 mese"),
            ("it_IT", 24, "month", "24 mesi"),
            ("ru_RU", 2, "year", "2 года"),
            ("ru_RU", 24, "month", "24 месяца"),
            ("ru_RU", 5, "year", "5 лет"),
            ("ru_RU", 21, "month", "21 месяц"),
        ]
        for number, (lang, duration, unit, words) in enumerate(table):
            self.consumer.lang = lang
            term = self._create_term(duration=duration, duration_unit=unit)
            warranty = self._create_unit(serial=f"D{number}", delivery_date=date(2026, 3, 10)).warranty_ids
            html = self.env["ir.actions.report"]._render_qweb_html(
                "after_sales_warranty.report_warranty_card", warranty.ids
            )[0]
            self.assertIn(f", {words}</td>", " ".join(html.decode().split()))
            self.assertEqual(term.with_context(lang=lang)._get_duration_text(), words)
            term.active = False

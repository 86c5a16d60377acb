import csv
import io
from base64 import b64decode
from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AGENT, AfterSalesCommon

OPTIONS = {"quoting": '"', "separator": ",", "has_headers": True, "date_format": "%d/%m/%Y", "limit": 2000}
HEADER = ["Product", "Serial Number", "Owner", "Quantity", "Delivery Date"]
FIELDS = ["product_id", "serial", "partner_id", "quantity", "delivery_date"]


@tagged("post_install", "-at_install")
class TestImport(AfterSalesCommon):
    """An installed base through Odoo's import: good rows load, every bad row is named with its reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_term()
        cls.agent = cls._create_user("importer", AGENT)
        cls.other_company = cls.env["res.company"].create({"name": "Foreign Company"})
        cls.env["res.partner"].create({"name": "Foreign Owner", "company_id": cls.other_company.id})
        cls.env["res.partner"].create([{"name": f"Owner {i:03d}"} for i in range(50)])
        cls._create_unit(serial="TAKEN-1")

    @classmethod
    def _make_file(cls, rows):
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerows([HEADER, *rows])
        return buffer.getvalue().encode()

    @classmethod
    def _good_row(cls, number):
        day = date(2025, 1, 1) + timedelta(days=number % 365)
        return ["Machine", f"IMP-{number:05d}", f"Owner {number % 50:03d}", "1", day.strftime("%d/%m/%Y")]

    def _import(self, content, dryrun=False, options=None, user=None):
        wizard = (
            self.env["base_import.import"]
            .with_user(user or self.agent)
            .create(
                {
                    "res_model": "after.sales.unit",
                    "file": content,
                    "file_name": "installed base.csv",
                    "file_type": "text/csv",
                }
            )
        )
        results, skip = [], 0
        while True:
            result = wizard.execute_import(
                FIELDS, HEADER, {**OPTIONS, **(options or {}), "skip": skip}, dryrun
            )
            results.append(result)
            if not result["nextrow"]:
                return results
            skip = result["nextrow"]

    def test_a_file_of_5000(self):
        rows = [self._good_row(i) for i in range(5000)]
        bad = {}

        def spoil(position, index, value, reason):
            rows[position][index] = value
            bad[position + 2] = reason

        for i in range(40, 5000, 250):
            spoil(i, 0, f"Unknown machine {i % 3}", "No matching record")
            spoil(i + 1, 1, f"IMP-{i + 50:05d}", None)
            spoil(i + 2, 4, "31/02/2025", "date")
            spoil(i + 3, 2, "Foreign Owner", "Foreign Owner")
            spoil(i + 4, 1, "TAKEN-1", "TAKEN-1")
            spoil(i + 5, 3, "many", "many")
            spoil(i + 6, 0, "", "product")
            spoil(i + 7, 4, "01/01/2190", "future")
            # The repeated serial is bad in the second place it comes.
            bad.pop(i + 3)
            bad[i + 52] = "twice in the file"
        content = self._make_file(rows)

        results = self._import(content, dryrun=True)
        messages = [message for result in results for message in result["messages"]]
        self.assertEqual(len(messages), len(bad))
        self.assertFalse(self.env["after.sales.unit"].search_count([("serial", "=like", "IMP-%")]))
        self.assertFalse(self.env["after.sales.import"].search([]))

        results = self._import(content)
        self.assertFalse([message for result in results for message in result["messages"]])
        loaded = sum(len(result["ids"]) for result in results)
        self.assertEqual(loaded, 5000 - len(bad))
        units = self.env["after.sales.unit"].search([("serial", "=like", "IMP-%")])
        self.assertEqual(len(units), loaded)
        self.assertEqual(len(units.warranty_ids), loaded)
        report = self.env["after.sales.import"].search([])
        self.assertRecordValues(
            report, [{"loaded_count": loaded, "row_count": len(bad), "user_id": self.agent.id}]
        )
        self.assertEqual({row.number for row in report.row_ids}, set(bad))
        for row in report.row_ids:
            self.assertIn(bad[row.number], row.reason, row.number)

        # The rows left out come back as a file; corrected, they load.
        rejected = list(csv.reader(io.StringIO(b64decode(report.reject_file).decode("utf-8-sig"))))
        self.assertEqual(rejected[0], [*HEADER, "Reason"])
        self.assertEqual(len(rejected) - 1, len(bad))
        corrected = [self._good_row(10000 + i) for i in range(len(bad))]
        results = self._import(self._make_file(corrected))
        self.assertEqual(sum(len(result["ids"]) for result in results), len(bad))

    def test_parts_of_a_file(self):
        """Odoo sends a big file in parts: rows keep their numbers, one report holds them all."""
        rows = [self._good_row(i) for i in range(30)]
        rows[3][0] = rows[25][0] = "Nothing"
        results = self._import(self._make_file(rows), options={"limit": 10})
        self.assertEqual([len(result["ids"]) for result in results], [9, 10, 9])
        report = self.env["after.sales.import"].search([])
        self.assertEqual(report.row_ids.mapped("number"), [5, 27])
        self.assertEqual(report.loaded_count, 28)

    def test_formula_is_defused(self):
        rows = [["=HYPERLINK(1)", "X1", "", "1", "01/01/2025"]]
        self._import(self._make_file(rows))
        report = self.env["after.sales.import"].search([])
        self.assertIn("'=HYPERLINK", b64decode(report.reject_file).decode("utf-8-sig"))

    def test_other_models_import_as_before(self):
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "res.partner",
                "file": b"Name,Color\nGood,1\nBad,red\n",
                "file_name": "partners.csv",
                "file_type": "text/csv",
            }
        )
        result = wizard.execute_import(["name", "color"], ["Name", "Color"], dict(OPTIONS))
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_load_by_code_stays_all_or_nothing(self):
        units = self.env["after.sales.unit"]
        with mute_logger("odoo.sql_db"):
            result = units.load(["product_id", "serial"], [["Machine", "L1"], ["Nothing", "L2"]])
        self.assertFalse(result["ids"])
        self.assertFalse(units.search([("serial", "=", "L1")]))

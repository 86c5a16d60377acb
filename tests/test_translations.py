"""No string is missing from the templates: what Odoo exports now is what the .pot files hold."""

import io
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

CHECKOUT = Path(__file__).resolve().parents[1]


@tagged("post_install", "-at_install")
class TestTemplates(TransactionCase):
    def test_templates_are_of_now(self):
        names = sorted(p.parent.name for p in CHECKOUT.glob("after_sales_*/__manifest__.py"))
        for name in (
            self.env["ir.module.module"]
            .search([("name", "in", names), ("state", "=", "installed")])
            .mapped("name")
        ):
            with self.subTest(name), io.BytesIO() as buffer:
                trans_export(False, [name], buffer, "po", self.env)
                exported = {e.msgid for e in polib.pofile(buffer.getvalue().decode())}
                template = CHECKOUT / name / "i18n" / f"{name}.pot"
                self.assertTrue(template.exists(), f"{template.name} is missing: setup/translate writes it")
                kept = {e.msgid for e in polib.pofile(str(template))}
                self.assertFalse(exported - kept, "strings of the code that setup/translate has not seen")
                self.assertFalse(kept - exported, "no longer in the code")

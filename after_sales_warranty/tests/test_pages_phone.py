from odoo.tests import HttpCase, tagged

from .common import AfterSalesCommon

FITS = """
const cells = [...document.querySelectorAll(".o_portal_my_doc_table th, .o_portal_my_doc_table td")];
const shown = cells.filter((cell) => cell.offsetParent);
const wide = shown.filter((cell) => cell.getBoundingClientRect().right > window.innerWidth);
if (!shown.length || wide.length || window.innerWidth !== 390) {
    console.error(`${wide.length} of ${shown.length} cells are cut off at ${window.innerWidth} px`);
}
console.log("test successful");
"""


@tagged("post_install", "-at_install", "browser")
class TestPagesOnAPhone(AfterSalesCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_my_products(self):
        """In Chromium at 390 px: product, serial number and end of cover can be read."""
        customer = self._create_user("phone", "base.group_portal", password="phone-pass")
        self._create_term()
        self.machine.name = "Lavastoviglie professionale a cappottina Lario 1100 con doppia pompa"
        self._create_unit(serial="LARIO-1100-2026-000123456", partner_id=customer.partner_id.id)
        self.browser_js("/my/units", FITS, login="phone")

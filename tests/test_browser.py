"""The pages a person sees first load in Chromium: every bundle, icon and font, and no console error."""

from odoo.tests import HttpCase, tagged

FONTS = """
Promise.all([document.fonts.load("16px FontAwesome", "\\uf015"), document.fonts.load("16px odoo_ui_icons")])
    .then((faces) => {
        if (faces.some((found) => !found.length)) {
            throw new Error("a font of icons is missing");
        }
        console.log("test successful");
    })
    .catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestPages(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A page whose bundle is made on the way takes longer than the browser waits on a busy machine.
        cls.env["ir.qweb"]._pregenerate_assets_bundles()

    def test_backend_loads_without_console_error(self):
        self.browser_js("/odoo/apps", FONTS, ready="odoo.isReady === true", login="admin")

    def test_login_page_loads_without_console_error(self):
        self.browser_js("/web/login", "console.log('test successful')", ready="document.readyState === 'complete'")

    def test_portal_home_loads_without_console_error(self):
        self.browser_js("/my", "console.log('test successful')", ready="document.readyState === 'complete'", login="admin")

    def test_every_app_menu_has_its_icon(self):
        for menu in self.env["ir.ui.menu"].search([("parent_id", "=", False), ("web_icon", "like", "after_sales")]):
            self.assertTrue(menu.web_icon_data, menu.name)

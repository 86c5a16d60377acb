"""The pages a person sees first load in Chromium: every bundle, icon and font, and no console error."""

from odoo.tests import HttpCase, tagged

QUIET = """
const quiet = async () => {  // what is loaded late (lazy bundles) belongs to the page too
    for (let seen = -1, same = 0; same < 4; ) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        const now = performance.getEntriesByType("resource").length;
        same = now === seen ? same + 1 : 0;
        seen = now;
    }
};
"""
FONTS = f"""{QUIET}
Promise.all([document.fonts.load("16px FontAwesome", "\\uf015"), document.fonts.load("16px odoo_ui_icons")])
    .then(async (faces) => {{
        if (faces.some((found) => !found.length)) {{
            throw new Error("a font of icons is missing");
        }}
        await quiet();
        console.log("test successful");
    }})
    .catch((error) => console.error(error.message));
"""
LOADED = f"{QUIET} quiet().then(() => console.log('test successful'));"


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
        self.browser_js("/web/login", LOADED, ready="document.readyState === 'complete'")

    def test_portal_home_loads_without_console_error(self):
        self.browser_js("/my", LOADED, ready="document.readyState === 'complete'", login="admin")

    def test_every_app_menu_has_its_icon(self):
        for menu in self.env["ir.ui.menu"].search(
            [("parent_id", "=", False), ("web_icon", "like", "after_sales")]
        ):
            self.assertTrue(menu.web_icon_data, menu.name)

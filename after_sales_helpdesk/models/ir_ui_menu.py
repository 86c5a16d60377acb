from odoo import models

from odoo.addons.after_sales_contract.models.groups import AGENT


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """The first menu is what the app opens on: a technician's own visits, an agent's overview of the calls."""
        hidden = "home" if self.env.user.has_group(AGENT) else "mine"
        menu = self.env.ref(
            f"after_sales_helpdesk.after_sales_intervention_menu_{hidden}", raise_if_not_found=False
        )
        return super()._load_menus_blacklist() + (menu.ids if menu else [])

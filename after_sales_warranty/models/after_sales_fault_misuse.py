from odoo import models


class AfterSalesFault(models.Model):
    _inherit = "after.sales.fault"

    def _is_misuse(self):
        """Whether the fault or one it belongs to is marked as misuse; an empty fault is not."""
        path = {int(part) for fault in self for part in (fault.parent_path or "").split("/") if part}
        return any(self.browse(path).mapped("is_misuse"))

from odoo import models


class AfterSalesReturnLine(models.Model):
    """What is said in writing of a piece of goods when its owner gets it back."""

    _inherit = "after.sales.return.line"

    def _get_repair_facts(self):
        """The dates and parts that a repairer owes the customer in writing (law.md L33).

        :return: dict of the moments ``requested``, ``handed_over`` and ``fixed``, False where it did not happen, and
            of ``parts``, the stock moves of the spare parts, as superuser
        """
        self.ensure_one()
        line_sudo = self.sudo()  # who hands out need neither read the call nor the repair orders
        repairs_sudo = line_sudo.repair_ids.filtered(lambda repair: repair.state == "done")
        return {
            "requested": line_sudo.ticket_id.date_reported or line_sudo.return_id.create_date,
            "handed_over": self.date_received,
            "fixed": self.outcome == "repair" and self.date_ready,
            "parts": repairs_sudo._get_charged_moves().with_context(lang=self.env.lang),
        }

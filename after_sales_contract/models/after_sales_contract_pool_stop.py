from odoo import models


class AfterSalesContract(models.Model):
    """Early end and hours: those that the price of the contract bought end with it, those bought apart keep their date."""

    _inherit = "after.sales.contract"

    def action_end(self):
        result = super().action_end()
        self._end_pools()
        return result

    def _after_stop(self, kind):
        """After a transfer they pass on instead."""
        result = super()._after_stop(kind)
        if kind == "stop":
            self._end_pools()
        return result

    def _end_pools(self):
        """Hours included in a contract can be used until its early end."""
        for contract in self.filtered(lambda row: row.date_closed and not row.transferred_to_id):
            # sudo: whoever may end a contract ends its hours, which by hand only a manager corrects
            included_sudo = contract.sudo().pool_ids.filtered(
                lambda row: row.date_period and not row.closed_on
            )
            for pool_sudo in included_sudo:
                last = max(contract.date_closed, pool_sudo.date_from)
                if not pool_sudo.date_to or pool_sudo.date_to > last:
                    pool_sudo.date_to = last

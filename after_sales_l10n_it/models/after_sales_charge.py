from odoo import models

#: Documents of what was done for the customer; loans and the trip to the supplier are none of it.
CITED = ("repair", "repair_back", "hand_back", "exchange", "returned")


class AfterSalesCharge(models.Model):
    _inherit = "after.sales.charge"

    def _get_ddts_to_cite(self):
        """Transport documents of the goods of these calls and visits that no valid invoice cites, as superuser."""
        # sudo: an accountant bills without a right on transfers and returns
        charges_sudo = self.sudo().filtered(
            lambda charge: (
                (charge.ticket_id or charge.intervention_id) and charge.company_id.country_id.code == "IT"
            )
        )
        pickings_sudo = charges_sudo._get_goods_pickings()
        cited_sudo = pickings_sudo.browse()
        for move_sudo in pickings_sudo.after_sales_invoice_ids:
            cited_sudo |= move_sudo._get_ddts_billed()
        return (pickings_sudo - cited_sudo).filtered(
            lambda picking: (
                picking.l10n_it_ddt_number
                and picking.state == "done"
                and picking.after_sales_purpose in CITED
            )
        )

    def _get_goods_pickings(self):
        """Transfers of the goods of these calls and visits."""
        return self.ticket_id.return_ids._get_pickings() | self.intervention_id.collect_ids.picking_id

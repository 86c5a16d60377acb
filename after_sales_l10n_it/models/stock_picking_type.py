from odoo import models


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    def _ensure_ddt_sequence(self):
        """What leaves an Italian company has a number, also where the operation was there before the localisation."""
        for kind in self.filtered(
            lambda kind: (
                kind.code == "outgoing"
                and kind.company_id.country_id.code == "IT"
                and not kind.l10n_it_ddt_sequence_id
            )
        ):
            name, prefix = kind._get_dtt_ir_seq_vals(kind.warehouse_id.id, kind.sequence_code)
            # sudo: who hands goods out sets up nothing
            kind.sudo().l10n_it_ddt_sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": name,
                        "prefix": prefix,
                        "padding": 5,
                        "company_id": kind.company_id.id,
                        "implementation": "no_gap",
                    }
                )
            )

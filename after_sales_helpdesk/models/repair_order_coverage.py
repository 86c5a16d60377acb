from odoo import api, fields, models


class RepairOrder(models.Model):
    """Odoo's own mark of a repair under warranty says of returned goods what our coverage says."""

    _inherit = "repair.order"

    under_warranty = fields.Boolean(compute="_compute_under_warranty", store=True, readonly=False)

    @api.depends(
        "after_sales_return_line_id.unit_id",
        "after_sales_return_line_id.ticket_id.coverage_ids.customer_share",
        "after_sales_hours",
        "move_ids.product_id",
        "move_ids.repair_line_type",
    )
    def _compute_under_warranty(self):
        """The customer pays nothing, neither of the labour nor of any part."""
        ours = self.filtered(lambda repair: repair.after_sales_return_line_id and repair.state != "done")
        for repair in self - ours:
            repair.under_warranty = repair.under_warranty
        free = ours._get_free_of_charge()
        for repair in ours:
            repair.under_warranty = repair in free

    def _get_free_of_charge(self):
        """Those of which the customer pays nothing, as the engine would charge them now."""
        Charge = self.env["after.sales.charge"]
        vals_list, owners = [], []
        for repairs in self.grouped("company_id").values():
            band = repairs[:1]._get_labour_band()
            for repair in repairs:
                foreseen = repair._prepare_foreseen_vals_list(band)
                vals_list += foreseen
                owners += [repair] * len(foreseen)
        requests = Charge._prepare_coverage_requests(vals_list)
        decisions = Charge._decide_payers(requests, vals_list)
        charged = {owners[request.key] for request in requests if decisions[request.key].customer_share}
        return self.filtered(lambda repair: repair not in charged)

    def _prepare_foreseen_vals_list(self, band):
        """Labour and parts of the order as they would be charged; before parts are entered, parts in general."""
        self.ensure_one()
        common = self._prepare_charge_origin()
        parts = self.move_ids.filtered(
            lambda move: move.repair_line_type == "add" and move.state != "cancel"
        ).product_id
        return [
            self._prepare_charge_vals(
                "labour", "labour", self.after_sales_hours or 1.0, band_id=band.id, **common
            ),
            *(
                self._prepare_charge_vals("part", f"part/{part.id}", 1.0, product_id=part.id, **common)
                for part in parts or [parts]
            ),
        ]

from odoo import api, fields, models


class AfterSalesWarranty(models.Model):
    """The warranty on a repair: it covers the parts put in, and leaves the unit's own cover alone."""

    _inherit = "after.sales.warranty"

    @api.model
    def _prepare_repair_vals(self, unit, parts, months, day, source, reason):
        return {
            "unit_id": unit.id,
            "name": self.env._("Warranty on the repair"),
            "kind": "repair",
            "duration": months,
            "duration_unit": "month",
            "labour_share": 0.0,
            "travel_share": 0.0,
            "covered_product_ids": [fields.Command.set(parts.ids)],
            "event_ids": [
                fields.Command.create(
                    {
                        "kind": "start",
                        "date": day,
                        "months": months,
                        "reason": reason,
                        "res_model": source._name if source else False,
                        "res_id": source.id if source else False,
                    }
                )
            ],
        }

    def _is_repair_of(self, source):
        """Whether ``source`` gave this warranty and has not taken it back."""
        self.ensure_one()
        kinds = {
            event.kind
            for event in self._get_valid_events()
            if (event.res_model, event.res_id) == (source._name, source.id)
        }
        return bool(kinds) and "void" not in kinds

    @api.model
    def _take_back_repair(self, source, reason):
        """What ``source`` gave counts no longer, as if it had never begun: the repair is done anew."""
        events = self.env["after.sales.warranty.event"].search(
            [("kind", "=", "start"), ("res_model", "=", source._name), ("res_id", "=", source.id)]
        )
        for warranty in events.warranty_id.filtered(lambda w: w.kind == "repair" and not w.ended_by):
            warranty._add_event(
                "void", warranty.date_start, reason=reason, res_model=source._name, res_id=source.id
            )

    def _is_taken_back(self):
        """Whether it counts as if it had never begun: its owner need not read of it."""
        self.ensure_one()
        void = self.kind == "repair" and self.ended_by == "void"
        return bool(void and self.date_end and self.date_end < self.date_start)

    def _translate_repair_name(self):
        for code, __ in self.env["res.lang"].get_installed():
            warranties = self.with_context(lang=code)
            warranties.name = warranties.env._("Warranty on the repair")

from odoo import api, models


class AfterSalesBatchMixin(models.AbstractModel):
    """Records that a delivery or an import makes by the hundred: what is the same for many is looked up once."""

    _name = "after.sales.batch.mixin"
    _description = "Made in Large Batches"

    @api.model
    def _prepare_create_values(self, vals_list):
        """Defaults are those of the batch: none of its models has one that differs from record to record."""
        if len(vals_list) > 1:
            parents = dict.fromkeys(self._inherits.values(), False)
            defaults = self._add_missing_default_values(parents)
            own = {name: value for name, value in defaults.items() if name not in parents}
            self = self.with_context(after_sales_defaults=own)
        return super()._prepare_create_values(vals_list)

    @api.model
    def _add_missing_default_values(self, values):
        if defaults := self.env.context.get("after_sales_defaults"):
            return {**defaults, **values}
        return super()._add_missing_default_values(values)

    @api.model
    def _add_precomputed_values(self, vals_list):
        """Related values are read from the records that hold them.

        Odoo makes a draft of each new record to compute them on, which costs as much as the record itself.
        """
        for name, field in self._fields.items():
            if field.precompute and field.related:
                self._add_related_values(name, field, vals_list)
        return super()._add_precomputed_values(vals_list)

    @api.model
    def _add_related_values(self, name, field, vals_list):
        first, *path = field.related.split(".")
        known = {}
        for vals in vals_list:
            if name in vals or first not in vals:
                continue
            source_id = vals[first]
            if source_id not in known:
                # As related fields are: computed whatever the user may read.
                record_sudo = self.env[self._fields[first].comodel_name].sudo().browse(source_id)
                value = record_sudo
                for step in path:
                    value = value[step]
                known[source_id] = field.convert_to_write(value, self)
            vals[name] = known[source_id]

    def _check_company(self, fnames=None):
        """What names nothing of another company, as all of a delivery does, is seen to do so at once."""
        if len(self.company_id) == 1 and all(
            self._names_only_own(name)
            for name, field in self._fields.items()
            if field.relational and field.check_company
        ):
            return None
        return super()._check_company(fnames)

    def _names_only_own(self, name):
        # As the check itself does: what a record names counts, whatever the user may read of it.
        named_sudo = self.sudo().mapped(name)
        if "company_id" not in named_sudo or "company_ids" in named_sudo:
            return not named_sudo
        return not named_sudo.company_id - self.company_id

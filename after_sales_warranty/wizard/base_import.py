from contextlib import suppress

from odoo import api, models

from odoo.addons.base_import.models.base_import import ImportValidationError


class BaseImport(models.TransientModel):
    """A file of units comes from other systems: its bad rows shall not keep out the good ones."""

    _inherit = "base_import.import"

    @api.model
    def _isolates_rows(self):
        return self.res_model == "after.sales.unit"

    def execute_import(self, fields, columns, options, dryrun=False):
        if not self._isolates_rows():
            return super().execute_import(fields, columns, options, dryrun=dryrun)
        source = {
            "ref": self.id,
            "name": self.file_name or self.env._("file"),
            "header": [column for column, field in zip(columns, fields, strict=False) if field],
            "first_row": (options.get("skip") or 0) + (2 if options.get("has_headers") else 1),
            "dryrun": dryrun,
        }
        self = self.with_context(after_sales_import=source)
        return super().execute_import(fields, columns, options, dryrun=dryrun)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        if not self._isolates_rows():
            return super()._parse_date_from_data(data, index, name, field_type, options)
        return self._parse_row_by_row(super()._parse_date_from_data, data, index, name, field_type, options)

    def _parse_float_from_data(self, data, index, name, options):
        if not self._isolates_rows():
            return super()._parse_float_from_data(data, index, name, options)
        return self._parse_row_by_row(super()._parse_float_from_data, data, index, name, options)

    @api.model
    def _parse_row_by_row(self, parse, data, *args):
        """What cannot be parsed is left as it is: the row is refused later, by its number."""
        for row in data:
            parsed = list(row)
            with suppress(ImportValidationError):
                parse([parsed], *args)
                row[:] = parsed

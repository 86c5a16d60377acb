from odoo import models
from odoo.tools import SQL, sql

from .after_sales_contract_template import TERM_DEFAULTS


class AfterSalesContract(models.Model):
    """Terms are agreed once: neither a changed template nor a new version of this addon changes them afterwards."""

    _inherit = "after.sales.contract"

    def _auto_init(self):
        """A term that a new version adds gets its default on the contracts that exist.

        Left to the ORM it would be computed, and with it all other terms, anew from templates that may have changed
        since the contract was signed.
        """
        cr = self.env.cr
        if columns := sql.table_columns(cr, self._table):
            for name, default in TERM_DEFAULTS.items():
                if name not in columns:
                    field = self._fields[name]
                    sql.create_column(cr, self._table, name, field.column_type[1], field.string)
                    cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s",
                            SQL.identifier(self._table),
                            SQL.identifier(name),
                            field.convert_to_column(default, self),
                        )
                    )
        return super()._auto_init()

from collections import defaultdict

from odoo import api, fields, models


class AfterSalesNumberedMixin(models.AbstractModel):
    """A document with a number of its company's sequence (code: its model) and a state that actions change."""

    _name = "after.sales.numbered.mixin"
    _description = "Numbered Document"
    _inherit = ["after.sales.state.mixin"]

    name = fields.Char("Number", required=True, readonly=True, copy=False, index=True, default="/")

    @api.model_create_multi
    def create(self, vals_list):
        unnumbered = defaultdict(list)
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                unnumbered[self._get_number_company(vals)].append(vals)
        sequence_sudo = self.env["ir.sequence"].sudo()  # numbering is the house's business, whoever makes it
        for company, rows in unnumbered.items():
            numbers = sequence_sudo.with_company(company)._next_numbers(self._name, len(rows))
            for vals, number in zip(rows, numbers, strict=True):
                vals["name"] = number or "/"
        return super().create(vals_list)

    @api.model
    def _get_number_company(self, vals):
        """The company whose numbers a new document takes."""
        return self.env["res.company"].browse(vals.get("company_id")) or self.env.company

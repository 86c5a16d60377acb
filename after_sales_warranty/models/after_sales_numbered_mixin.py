from odoo import api, fields, models


class AfterSalesNumberedMixin(models.AbstractModel):
    """A document with a number of its company's sequence (code: its model) and a state that actions change."""

    _name = "after.sales.numbered.mixin"
    _description = "Numbered Document"
    _inherit = ["after.sales.state.mixin"]

    name = fields.Char("Number", required=True, readonly=True, copy=False, index=True, default="/")

    @api.model_create_multi
    def create(self, vals_list):
        sequences = {}
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = self._get_number_company(vals)
                if company not in sequences:
                    sequences[company] = self._get_number_sequence(company)
                vals["name"] = sequences[company].next_by_id() if sequences[company] else "/"
        return super().create(vals_list)

    @api.model
    def _get_number_company(self, vals):
        """The company whose numbers a new document takes."""
        return self.env["res.company"].browse(vals.get("company_id")) or self.env.company

    @api.model
    def _get_number_sequence(self, company):
        """The company's own sequence, else the one that all share; searched once for a batch."""
        # sudo: numbering is the house's business, whoever makes the document
        sequence_sudo = self.env["ir.sequence"].sudo()
        return sequence_sudo.search(
            [("code", "=", self._name), ("company_id", "in", [company.id, False])],
            order="company_id",
            limit=1,
        )

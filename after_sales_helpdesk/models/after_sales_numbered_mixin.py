from odoo import api, fields, models


class AfterSalesNumberedMixin(models.AbstractModel):
    """A document that takes its number from the sequence whose code is its model."""

    _name = "after.sales.numbered.mixin"
    _description = "Numbered Document"

    name = fields.Char("Number", default="/", readonly=True, copy=False, index="trigram")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                # sudo: numbering is the house's business, whoever registers
                sequence_sudo = self.env["ir.sequence"].sudo().with_company(company)
                vals["name"] = sequence_sudo.next_by_code(self._name) or "/"
        return super().create(vals_list)

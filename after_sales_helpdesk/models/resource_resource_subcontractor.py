from odoo import api, fields, models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    after_sales_partner_id = fields.Many2one(
        "res.partner",
        "Subcontractor",
        index="btree_not_null",
        check_company=True,
        help="The partner who works as this technician.",
    )

    _one_per_subcontractor = models.UniqueIndex(
        "(after_sales_partner_id, company_id) WHERE after_sales_partner_id IS NOT NULL AND active",
        "This subcontractor is a technician already.",
    )

    @api.model
    def _get_subcontractor(self, partner, company):
        """The technician that stands for a subcontractor, made when there is none."""
        found = self.search(
            [("after_sales_partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=1
        )
        return found or self.create(
            {
                "name": partner.display_name,
                "after_sales_partner_id": partner.id,
                "company_id": company.id,
                "is_technician": True,
                "calendar_id": False,
                "tz": partner.tz or company.partner_id.tz or "UTC",
            }
        )

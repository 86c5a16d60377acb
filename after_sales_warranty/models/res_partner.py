from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    after_sales_unit_ids = fields.One2many(
        "after.sales.unit",
        "partner_id",
        "Installed Units",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count", groups="after_sales_warranty.group_after_sales_technician"
    )
    after_sales_wants_promotions = fields.Boolean(
        "Wants Promotions",
        tracking=True,
        copy=False,
        help="Agreed to be written to about offers, when registering a product or otherwise. "
        "Campaigns of the kind promotion go to nobody else.",
    )
    after_sales_registration_count = fields.Integer(
        compute="_compute_after_sales_registration_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.after_sales_unit_count = counts.get(partner.commercial_partner_id, 0)

    def _compute_after_sales_registration_count(self):
        counts = dict(
            self.env["after.sales.registration"]._read_group(
                [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.after_sales_registration_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action(
            [("commercial_partner_id", "=", self.commercial_partner_id.id)], default_partner_id=self.id
        )

    def action_view_after_sales_registrations(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_registration_action"
        )
        domain = [("commercial_partner_id", "=", self.commercial_partner_id.id)]
        return {**action, "domain": domain, "context": {"default_partner_id": self.id}}

    def _get_after_sales_customer_kind(self):
        """``business`` or ``consumer``; an unknown owner is protected as a consumer."""
        return "business" if self.commercial_partner_id.is_company else "consumer"

from odoo import models


class AfterSalesPool(models.Model):
    """What a customer sees of his pool on the portal."""

    _inherit = "after.sales.pool"

    def _get_portal_link(self):
        self.ensure_one()
        return f"{self.get_base_url()}/my/pools/{self.id}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace("/", "_")

    def _is_owned_by(self, partner):
        """Whether the partner belongs to the customer of the contract."""
        self.ensure_one()
        return bool(partner) and self.commercial_partner_id == partner.commercial_partner_id

    def _is_shown_to(self, partner):
        """Whether the partner's company may look: its own pool or one shared with it, of a contract that has begun."""
        self.ensure_one()
        known = self._is_owned_by(partner) or partner.commercial_partner_id in self.shared_partner_ids
        return known and self.contract_id.state in ("running", "notice", "ended")

    def _get_portal_rows(self, partner):
        """The entries a customer may see: the owner all of them, the others of the group what they used."""
        self.ensure_one()
        rows = self._get_rows()
        if self._is_owned_by(partner):
            return rows
        return rows.filtered(lambda entry: entry.partner_id == partner.commercial_partner_id)

    def _get_top_up_offer(self, partner):
        """What a top-up costs the customer: that of a real quotation. None where he cannot order one."""
        self.ensure_one()
        if not self._is_owned_by(partner) or not self.can_top_up:
            return None
        orders_sudo = self.env["sale.order"].sudo().with_company(self.company_id)
        order = orders_sudo.new(self._prepare_top_up_vals(partner))
        return {"hours": self.top_up_hours, "price": order.amount_total, "currency": order.currency_id}

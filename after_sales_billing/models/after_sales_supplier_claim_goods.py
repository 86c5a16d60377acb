from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AfterSalesSupplierClaim(models.Model):
    """The goods that a supplier wants back: the trip to the supplier of the workshop, from the claim (D68)."""

    _inherit = "after.sales.supplier.claim"

    def _get_goods(self):
        """The returned goods that belong to the units and calls of these claims."""
        lines = self.line_ids
        units, tickets = lines.unit_id | lines.charge_id.unit_id, lines.charge_id.ticket_id
        if not units and not tickets:
            return self.env["after.sales.return.line"]
        return self.env["after.sales.return.line"].search(
            (Domain("unit_id", "in", units.ids) | Domain("ticket_id", "in", tickets.ids))
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("state", "!=", "cancelled")
        )

    def action_send_goods(self):
        """Send what is in the workshop to the supplier, by a transfer to his location; it stays its owner's."""
        for claim in self:
            claim._ensure_state("draft", "sent", "agreed", "partial", "settled")
            goods = claim._get_goods()
            ready = goods.filtered(lambda line: line.state in ("accepted", "in_workshop"))
            if not ready:
                raise UserError(claim._get_no_goods_message(goods))
            ready.supplier_id = claim.partner_id
            ready.supplier_reference = claim.supplier_reference or claim.name
            ready.action_send_to_supplier()
            claim._log_goods(self.env._("Sent to the supplier: %s", ", ".join(ready.mapped("display_name"))))
        return self.action_view_goods()

    def action_goods_kept(self):
        """The supplier keeps or scraps what was sent to him: it does not come back, its owner gets something else."""
        for claim in self:
            away = claim._get_goods().filtered(lambda line: line.state == "at_supplier")
            away = away.filtered(
                lambda line, own=claim.commercial_partner_id: line.supplier_id.commercial_partner_id == own
            )
            if not away:
                raise UserError(self.env._("None of the goods of %s are at the supplier.", claim.name))
            away.action_supplier_kept()
            claim._log_goods(self.env._("Kept by the supplier: %s", ", ".join(away.mapped("display_name"))))
        return self.action_view_goods()

    def _log_goods(self, body):
        """Say it on the claim, once the goods have moved: that is what the user needs rights for."""
        self.check_access("read")
        # sudo: agents move goods, and read the claims that these belong to; his own name stays on the message
        claim_sudo = self.sudo()
        claim_sudo.message_post(body=body)

    def _get_no_goods_message(self, goods):
        away = goods.filtered(lambda line: line.state == "at_supplier")
        if away:
            return self.env._("%s is at the supplier already.", away[0].display_name)
        if goods:
            return self.env._(
                "%s is not accepted in the workshop yet, or has left it again.", goods[0].display_name
            )
        return self.env._(
            "None of the goods of %s are with us: have them sent back first, with a return on the call or the unit.",
            self.name,
        )

    def action_view_goods(self):
        return self._open(self._get_goods())

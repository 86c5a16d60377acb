from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.after_sales_contract.models.groups import MANAGER


class AfterSalesTicket(models.Model):
    """Which service level a call gets: by contract and policy, or by a manager's word."""

    _inherit = "after.sales.ticket"

    service_level_reason = fields.Char(
        string="Reason of the Service Level",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Why a person chose another service level than the policy.",
    )

    @api.depends("contract_id", "regime_id", "team_id", "partner_id", "service_id")
    def _compute_service_level_id(self):
        """What a person decided with a reason, else the contract, the policy, the regime, the team."""
        decided = self.filtered(lambda ticket: ticket.sudo().service_level_reason)
        for ticket in decided:
            ticket.service_level_id = ticket.service_level_id
        found = self.env["after.sales.service.level.rule"]._find_levels(self - decided)
        for ticket in self - decided:
            ticket.service_level_id = (
                ticket.contract_id.service_level_id
                or found.get(ticket)
                or ticket.regime_id.service_level_id
                or ticket.service_level_id
                or ticket.team_id.service_level_id
            )

    def _check_service_level_right(self, vals):
        """The promise to the customer follows contract and policy; who changes it by hand has the right and a reason."""
        if "service_level_id" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "The service level follows the contract and the policy. A manager may change it with the "
                    "button “Change Service Level”, giving a reason."
                )
            )

    def _apply_priority_rules(self):
        """Rows of the policy that ask for a priority hold once the priority of the call is known."""
        free = self.filtered(
            lambda t: not t.sudo().service_level_reason and not t.contract_id.service_level_id
        )
        for ticket, level in (
            self.env["after.sales.service.level.rule"]._find_levels(free, with_priority=True).items()
        ):
            if ticket.service_level_id != level:
                ticket_sudo = ticket.sudo()  # the policy decides, not who writes the priority
                ticket_sudo.write({"service_level_id": level.id, "priority": ticket.priority})

    def action_change_service_level(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Service Level"),
            "res_model": "after.sales.ticket.service.level.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ticket_id": self.id, "default_service_level_id": self.service_level_id.id},
        }

    def _change_service_level(self, level, reason):
        """Promise something else than the policy; raises ``UserError`` without the right or a reason (D42)."""
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise UserError(self.env._("Only an after-sales manager may change the service level."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the service level is changed."))
        for ticket in self:
            old = ticket.service_level_id
            ticket_sudo = ticket.sudo()  # the right was checked above
            ticket_sudo.write({"service_level_reason": reason})
            ticket_sudo.write({"service_level_id": level.id})
            ticket.message_post(
                body=self.env._(
                    "Service level changed from %(old)s to %(new)s: %(reason)s",
                    old=old.name or "-",
                    new=level.name or "-",
                    reason=reason,
                ),
                subtype_xmlid="mail.mt_note",
            )

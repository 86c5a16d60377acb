from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    after_sales_contract_ids = fields.One2many(
        "after.sales.contract",
        "sale_order_id",
        "Service Contracts",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_contract_count = fields.Integer(compute="_compute_after_sales_contract_count")

    def _compute_after_sales_contract_count(self):
        # sudo: a salesman sees how many contracts his order made
        counts = dict(
            self.env["after.sales.contract"]
            .sudo()
            ._read_group([("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"])
        )
        for order in self:
            order.after_sales_contract_count = counts.get(order.sudo(False), 0)

    def action_view_after_sales_contracts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_action"
        )
        action["domain"] = [("sale_order_id", "in", self.ids)]
        action["context"] = {"create": False}
        return action

    def _action_confirm(self):
        result = super()._action_confirm()
        self._make_after_sales_contracts()
        return result

    def _action_cancel(self):
        """Contracts of a cancelled order end with it, unless they are billed: then somebody has to decide."""
        result = super()._action_cancel()
        # sudo: whoever may cancel the order need not manage contracts
        contracts_sudo = self.sudo().after_sales_contract_ids.filtered(
            lambda c: c.state not in ("ended", "cancelled")
        )
        billed_sudo = contracts_sudo.filtered(
            lambda contract: any(contract.instalment_ids.mapped("is_billed"))
        )
        (contracts_sudo - billed_sudo)._cancel()
        for contract in billed_sudo:
            contract.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=contract.user_id.id or self.env.uid,
                summary=self.env._("Order %(order)s was cancelled", order=contract.sale_order_id.name),
            )
        return result

    def _make_after_sales_contracts(self):
        """A contract for each line that sells one; confirming again wakes up the contract that was cancelled."""
        lines = self.order_line.filtered("is_after_sales_contract")
        if not lines:
            return
        # sudo: a salesman confirms, the contracts belong to after-sales
        lines_sudo = lines.sudo()
        known_sudo = lines_sudo.after_sales_contract_line_ids
        cancelled_sudo = known_sudo.contract_id.filtered(lambda contract: contract.state == "cancelled")
        cancelled_sudo.action_draft()
        cancelled_sudo._start_sold()
        self.env["after.sales.contract"].sudo()._create_from_order_lines(lines_sudo - known_sudo.sale_line_id)

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    after_sales_ticket_id = fields.Many2one(
        "after.sales.ticket",
        string="Quoted Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The call whose uncovered work this order quotes: it is executed and invoiced from the call.",
    )
    after_sales_ticket_count = fields.Integer(
        string="Calls", compute="_compute_after_sales_ticket_count", compute_sudo=True
    )

    def _get_after_sales_ticket_domain(self):
        """The call that the order quotes and those about the units that it sold."""
        return ["|", ("sale_order_id", "in", self.ids), ("unit_id.sale_order_id", "in", self.ids)]

    def _compute_after_sales_ticket_count(self):
        Ticket = self.env["after.sales.ticket"]
        quoted = dict(
            Ticket._read_group([("sale_order_id", "in", self.ids)], ["sale_order_id"], ["id:array_agg"])
        )
        units = self.env["after.sales.unit"].search_fetch(
            [("sale_order_id", "in", self.ids)], ["sale_order_id"]
        )
        about = dict(Ticket._read_group([("unit_id", "in", units.ids)], ["unit_id"], ["id:array_agg"]))
        sold = units.grouped("sale_order_id")
        for order in self:
            tickets = set(quoted.get(order, ()))
            tickets.update(*(about.get(unit, ()) for unit in sold.get(order, ())))
            order.after_sales_ticket_count = len(tickets)

    def action_view_after_sales_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_ticket_action"
        )
        return dict(
            action,
            domain=self._get_after_sales_ticket_domain(),
            context={"default_partner_id": self.partner_id.id},
        )

    def _action_confirm(self):
        result = super()._action_confirm()
        tickets_sudo = (
            self.sudo().after_sales_ticket_id
        )  # the customer accepts on the portal, or a salesman for him
        tickets_sudo._after_quotation_accepted()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        tickets_sudo = self.sudo().after_sales_ticket_id
        tickets_sudo._after_quotation_cancelled()
        return result

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class AfterSalesPool(models.Model):
    """More hours for a pool: an order sells them, and its confirmation adds them."""

    _inherit = "after.sales.pool"

    top_up_hours = fields.Float(
        digits="Product Unit", default=10.0, help="Hours that one top-up adds, by us or on the portal."
    )
    top_up_product_id = fields.Many2one(
        "product.product",
        "Top-Up Product",
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        check_company=True,
        default=lambda self: self.env.ref("after_sales_contract.product_pool_hour", raise_if_not_found=False),
        help="Sold per hour, at the price list of the contract. Empty: no top-up is sold.",
    )
    sale_line_ids = fields.One2many(
        "sale.order.line", "after_sales_pool_id", "Order Lines", groups="sales_team.group_sale_salesman"
    )
    can_top_up = fields.Boolean(compute="_compute_can_top_up", compute_sudo=True)

    _top_up_positive = models.Constraint("CHECK (top_up_hours >= 0)", "A top-up adds hours.")

    def _compute_can_top_up(self):
        today = fields.Date.context_today(self)
        for pool in self:
            pool.can_top_up = (
                pool.top_up_product_id
                and pool.top_up_hours > 0
                and pool.active
                and not pool.closed_on
                and pool.contract_id.state in ("running", "notice")
                and (not pool.date_to or today <= pool.date_to)
            )

    def action_top_up(self):
        """Sell one package of hours with a confirmed order, and add it at once (D26).

        :raise UserError: when the pool is closed or sells no top-up
        """
        self.ensure_one()
        self.check_access("write")
        order_sudo = self._make_top_up_order(self.partner_id)
        order_sudo.action_confirm()
        order = order_sudo.with_env(self.env)
        if order.has_access("read"):
            return order.get_formview_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(hours)g hours were added with order %(order)s.",
                    hours=self.top_up_hours,
                    order=order_sudo.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_orders(self):
        """The orders that topped up the pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        action["domain"] = [("order_line.after_sales_pool_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    def _order_top_up(self, partner):
        """The quotation that a customer asked for on the portal, ready for his signature or payment.

        :return: sale.order in sudo; the open one, if there is one
        """
        self.ensure_one()
        order_sudo = self._make_top_up_order(partner)
        if order_sudo.state == "draft":
            order_sudo.action_quotation_sent()
            self.sudo().message_post(
                body=self.env._("Top-up asked for on the portal: quotation %s.", order_sudo.name)
            )
        return order_sudo

    def _make_top_up_order(self, partner):
        """The open quotation of a top-up, else a new one. Two clicks at once make one: the second is tried again.

        :raise UserError: when the pool is closed or sells no top-up
        """
        self.ensure_one()
        # sudo: who may see the pool may ask for more of it; orders are the business of sales
        pool_sudo = self.sudo()
        pool_sudo._ensure_open()
        if not pool_sudo.can_top_up:
            raise UserError(
                self.env._(
                    "%s cannot be topped up: it is over, or no product and hours of a top-up are set on it.",
                    pool_sudo.name,
                )
            )
        self.env.cr.execute(SQL("UPDATE after_sales_pool SET write_uid = write_uid WHERE id = %s", self.id))
        orders_sudo = self.env["sale.order"].sudo().with_company(pool_sudo.company_id)
        open_sudo = orders_sudo.search(
            [("order_line.after_sales_pool_id", "=", self.id), ("state", "in", ("draft", "sent"))]
        ).filtered(lambda order: not order.is_expired)
        if open_sudo:
            return open_sudo[0]
        order_sudo = orders_sudo.create(pool_sudo._prepare_top_up_vals(partner))
        for line in order_sudo.order_line:
            line.name = f"{line.name}\n{pool_sudo.name}"
        return order_sudo

    def _prepare_top_up_vals(self, partner):
        """Values of the quotation: the customer, price list and payment terms of the contract."""
        self.ensure_one()
        contract = self.contract_id
        vals = {
            "partner_id": partner.id,
            "partner_invoice_id": contract.invoice_partner_id.id or partner.id,
            "company_id": self.company_id.id,
            "payment_term_id": contract.payment_term_id.id,
            "user_id": contract.user_id.id,
            "origin": contract.name,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.top_up_product_id.id,
                        "product_uom_qty": self.top_up_hours,
                        "after_sales_pool_id": self.id,
                        "analytic_distribution": {str(contract.analytic_account_id.id): 100.0}
                        if contract.analytic_account_id
                        else False,
                    }
                )
            ],
        }
        if contract.pricelist_id:
            vals["pricelist_id"] = contract.pricelist_id.id
        return vals

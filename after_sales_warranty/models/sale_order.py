from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ACTIVITY = "after_sales_warranty.mail_activity_type_extension"


class SaleOrder(models.Model):
    """The units of an order and their cards; extensions sold with it, given when order and unit exist."""

    _name = "sale.order"
    _inherit = ["sale.order", "after.sales.card.source"]

    after_sales_unit_ids = fields.One2many(
        "after.sales.unit",
        "sale_order_id",
        "Installed Units",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_extension_count = fields.Integer(
        "Extensions",
        compute="_compute_after_sales_extension_count",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_sells_extension = fields.Boolean(
        "Sells an Extension", compute="_compute_after_sales_sells_extension"
    )

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id"], ["__count"]
            )
        )
        for order in self:
            order.after_sales_unit_count = counts.get(order, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("sale_order_id", "=", self.id)])

    def _get_after_sales_unit_domain(self):
        return Domain("sale_order_id", "in", self.ids)

    # === EXTENSIONS === #

    @api.depends("order_line.product_id.after_sales_extension_term_id")
    def _compute_after_sales_sells_extension(self):
        """Whether the order form needs to ask which units are extended."""
        for order in self:
            order.after_sales_sells_extension = bool(order.order_line.after_sales_extension_term_id)

    def _compute_after_sales_extension_count(self):
        groups = self.env["after.sales.warranty"]._read_group(
            [("sale_line_id.order_id", "in", self.ids)], ["sale_line_id"], ["__count"]
        )
        counts = dict.fromkeys(self.ids, 0)
        for line, count in groups:
            counts[line.order_id.id] += count
        for order in self:
            order.after_sales_extension_count = counts.get(order.id, 0)

    def action_view_after_sales_extensions(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_warranty.after_sales_warranty_action"
        )
        return {**action, "domain": [("sale_line_id.order_id", "=", self.id)], "context": {}}

    def _action_confirm(self):
        res = super()._action_confirm()
        self._settle_after_sales_extensions()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        for order in self:
            order._settle_after_sales_extensions(self.env._("Order %s was cancelled.", order.name))
        return res

    def _settle_after_sales_extensions(self, reason=None):
        """Give the units what the extension lines sold and take back what was undone; safe to repeat."""
        # Whoever confirms, delivers or credits has no right on warranties and needs none.
        for order_sudo in self.sudo():
            lines_sudo = order_sudo.order_line.filtered("after_sales_extension_term_id")
            if not lines_sudo:
                continue
            # Two deliveries at once must not both extend "the first unit": the second one is tried again.
            self.env.cr.execute(
                SQL("UPDATE sale_order SET write_uid = write_uid WHERE id = %s", order_sudo.id)
            )
            why = reason or self.env._("Order %s was reduced.", order_sudo.name)
            problems = [text for line in lines_sudo for text in line._settle_after_sales_extension(why)]
            order_sudo._tell_after_sales_problems(problems)

    def _tell_after_sales_problems(self, problems):
        """One activity for the salesperson that says all; gone when there is nothing left to say."""
        self.ensure_one()
        if not problems:
            self.activity_unlink([ACTIVITY])
            return
        note = Markup("<ul>%s</ul>") % Markup().join(Markup("<li>%s</li>") % text for text in problems)
        known = self.activity_search([ACTIVITY])
        if known:
            known.note = note
        else:
            self.activity_schedule(ACTIVITY, note=note, user_id=(self.user_id or self.env.user).id)

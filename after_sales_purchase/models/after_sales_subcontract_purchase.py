from odoo import fields, models
from odoo.fields import Command

from .purchase_order import OPEN_STATES


class AfterSalesSubcontract(models.Model):
    """An order to a subcontractor is a purchase order too (D51): drafted when it is sent, brought up to date as long as
    nobody confirmed it, received by his report. A confirmed order is the buyer's: he is told what changed."""

    _inherit = "after.sales.subcontract"

    # ------------------------------------------------------------------
    # What happens to the order of the visit
    # ------------------------------------------------------------------

    def _after_sent(self):
        result = super()._after_sent()
        self._draft_purchase_orders()
        return result

    def _cancel(self):
        result = super()._cancel()
        self._withdraw_purchase_orders()
        return result

    def _decline(self, reason):
        result = super()._decline(reason)
        self._withdraw_purchase_orders()
        return result

    def action_approve(self):
        result = super().action_approve()
        self._update_purchase_price()
        # sudo: who approves a report receives the work, without a right on purchases
        for line in self.sudo().purchase_line_ids.order_id.order_line:
            if line._get_after_sales_subcontract() in self and line.qty_received_method == "manual":
                line.qty_received = max(line.qty_received, line.product_qty)
        return result

    def write(self, vals):
        """Price and subcontractor are edited on the form, also after the order was sent."""
        moved = self.filtered(
            lambda order: "partner_id" in vals and order.partner_id.id != vals["partner_id"]
        )
        result = super().write(vals)
        if moved:
            moved._replace_purchase_orders()
        if "price" in vals:
            (self - moved)._update_purchase_price()
        return result

    # ------------------------------------------------------------------
    # Purchase orders
    # ------------------------------------------------------------------

    def _draft_purchase_orders(self):
        """One order for each intervention that is given away; never a second one."""
        # sudo: an agent gives work away without a right on purchases; a buyer confirms the order
        orders_sudo = self.sudo().filtered(lambda order: not order.purchase_line_ids)
        vals_list = [order._prepare_purchase_order_vals() for order in orders_sudo]
        for order, purchase in zip(
            orders_sudo, self.env["purchase.order"].sudo().create(vals_list), strict=True
        ):
            purchase.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": purchase, "origin": order.intervention_id},
                subtype_xmlid="mail.mt_note",
            )

    def _prepare_purchase_order_vals(self):
        self.ensure_one()
        visit, partner = self.intervention_id, self.partner_id.with_company(self.company_id)
        is_buyer = self.env.user.has_group("purchase.group_purchase_user")
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,  # the price was agreed in it
            "user_id": (partner.buyer_id or self.env.user.browse(self.env.uid if is_buyer else ())).id,
            "origin": ", ".join(filter(None, (self.name, visit.name, visit.ticket_id.name))),
            "payment_term_id": partner.property_supplier_payment_term_id.id,
            "fiscal_position_id": self.env["account.fiscal.position"]
            .with_company(self.company_id)
            ._get_fiscal_position(partner)
            .id,
            "picking_type_id": self.env["purchase.order"]._get_picking_type(self.company_id.id).id,
            "order_line": [Command.create(self._prepare_purchase_line_vals())],
        }

    def _prepare_purchase_line_vals(self):
        self.ensure_one()
        visit, product = self.intervention_id, self._get_purchase_product()
        analytic = visit.contract_id.analytic_account_id
        vals = {
            "after_sales_subcontract_id": self.id,
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "product_qty": 1.0,
            "name": self._get_purchase_description(product),
            "date_planned": visit.date_start or fields.Datetime.now(),
        }
        if self.price:  # else what his price list says
            vals["price_unit"] = self.price
        if analytic:
            vals["analytic_distribution"] = {str(analytic.id): 100.0}
        return vals

    def _get_purchase_product(self):
        """The product by which the customer is charged for subcontracted work."""
        self.ensure_one()
        visit = self.intervention_id
        tariff = self.env["after.sales.charge"]._get_tariff(
            {
                "intervention_id": visit.id,
                "contract_id": visit.contract_id.id,
                "partner_id": visit.partner_id.id,
                "company_id": self.company_id.id,
                "date": fields.Date.to_date(visit.date_start) or fields.Date.context_today(self),
            }
        )
        return tariff._get_line("subcontract").product_id or self.env.ref(
            "after_sales_contract.product_subcontract"
        )

    def _get_purchase_description(self, product):
        """In the subcontractor's language: he reads it on the order."""
        order = self.with_context(lang=self.partner_id.lang or self.env.lang, display_default_code=False)
        visit = order.intervention_id
        rows = [
            product.with_env(order.env).display_name,
            order.env._("Order %(order)s, intervention %(visit)s", order=order.name, visit=visit.name),
        ]
        if visit.ticket_id:
            rows.append(order.env._("Call %s", visit.ticket_id.name))
        return "\n".join(rows)

    def _update_purchase_price(self):
        """What was agreed, or approved in the end, is what the order says; a confirmed one its buyer changes."""
        for order in self.sudo():  # sudo: as in _draft_purchase_orders
            line, price = order.purchase_line_ids, order.expense_id.amount or order.price
            price = line and order.currency_id._convert(
                price, line.currency_id, order.company_id, fields.Date.context_today(order)
            )
            if not line or not price or not line.currency_id.compare_amounts(line.price_subtotal, price):
                continue
            if line.order_id.state in OPEN_STATES:
                line.write({"price_unit": price, "discount": 0.0, "product_qty": 1.0})
            elif line.order_id.state != "cancel":
                order._tell_buyer(
                    self.env._(
                        "%(order)s is worth %(price)s now; this order is confirmed at %(ordered)s.",
                        order=order.name,
                        price=line.currency_id.format(price),
                        ordered=line.currency_id.format(line.price_subtotal),
                    )
                )

    def _withdraw_purchase_orders(self):
        """The work is not done: what nobody confirmed is cancelled, what is confirmed its buyer decides about."""
        for order in self.sudo():  # sudo: as in _draft_purchase_orders
            purchase = order.purchase_line_ids.order_id
            if purchase.state in OPEN_STATES:
                purchase.button_cancel()
            elif purchase.state in ("to approve", "purchase"):
                states = dict(order._fields["state"]._description_selection(order.env))
                order._tell_buyer(
                    self.env._(
                        "%(order)s of %(visit)s: %(state)s. This order is confirmed: settle it with %(partner)s.",
                        order=order.name,
                        visit=order.intervention_id.name,
                        state=states[order.state],
                        partner=purchase.partner_id.display_name,
                    )
                )

    def _replace_purchase_orders(self):
        """Somebody else does the work: his order takes the place of the first one."""
        orders_sudo = self.sudo().filtered("purchase_line_ids")  # sudo: as in _draft_purchase_orders
        for order in orders_sudo:
            line = order.purchase_line_ids
            purchase = line.order_id
            if purchase.state in ("to approve", "purchase"):
                order._tell_buyer(
                    self.env._(
                        "%(order)s went to %(partner)s. This order is confirmed: settle it with %(vendor)s.",
                        order=order.name,
                        partner=order.partner_id.display_name,
                        vendor=line.partner_id.display_name,
                    )
                )
            line.after_sales_subcontract_id = False
            line.flush_recordset()  # before the new one is made: a visit has one
            if purchase.state in OPEN_STATES:
                purchase.button_cancel()
            order._assign()
        orders_sudo._draft_purchase_orders()

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------

    def _tell_buyer(self, note):
        """On the purchase order, for its buyer; without one on the order of the visit, for who gave it away."""
        self.ensure_one()
        purchase = self.purchase_line_ids.order_id
        record = purchase if purchase.user_id else self
        record.activity_schedule(
            "mail.mail_activity_data_warning",
            note=note if purchase.user_id else f"{purchase.name}: {note}",
            user_id=(purchase.user_id or self.user_id or self.create_uid).id,
        )

    def _tell_order_cancelled(self, purchase):
        """A buyer cancelled the order of work that is still expected."""
        for order in self.filtered(lambda order: order.state in ("sent", "accepted", "reported", "approved")):
            order.activity_schedule(
                "mail.mail_activity_data_warning",
                note=self.env._("The purchase order %s was cancelled.", purchase.name),
                user_id=(order.user_id or order.create_uid).id,
            )

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "after.sales.contract.document.mixin"]

    after_sales_contract_ids = fields.One2many(
        "after.sales.contract",
        "sale_order_id",
        "Service Contracts",
        groups="after_sales_warranty.group_after_sales_technician",
    )
    after_sales_contract_start = fields.Date(
        "Contracts Begin on",
        copy=False,
        help="First day of the contracts that this order sells. Empty: by their template.",
    )
    after_sales_extended_contract_id = fields.Many2one(
        "after.sales.contract",
        "Add to Contract",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', 'parent_of', partner_id), ('state', 'in', ('running', 'notice'))]",
        groups="after_sales_warranty.group_after_sales_agent",
        help="What the order sells is added to this contract instead of making a new one.",
    )

    after_sales_sells_contract = fields.Boolean(
        "Sells a Contract", compute="_compute_after_sales_sells_contract"
    )

    @api.depends("order_line.product_id.after_sales_contract_policy")
    def _compute_after_sales_sells_contract(self):
        """Whether the order form needs to ask when contracts begin, or which one grows."""
        for order in self:
            order.after_sales_sells_contract = any(
                product._makes_after_sales_contract() for product in order.order_line.product_id
            )

    # === DOCUMENT ===#

    def _get_after_sales_made_contracts(self):
        return super()._get_after_sales_made_contracts() | self.after_sales_contract_ids

    def _get_after_sales_sources(self):
        return self.env["after.sales.contract.source"].search([("sale_line_id", "in", self.order_line.ids)])

    def _get_after_sales_contract_rows(self):
        self.ensure_one()
        return [
            {
                "product": line.product_id,
                "quantity": line.product_uom_qty,
                "amount": line.price_subtotal,
                "terms": line._prepare_after_sales_contract_terms(),
                "source": {"sale_line_id": line.id},
                "is_prepaid": line.qty_invoiced > 0,
                "event": line._get_after_sales_contract_event(),
            }
            for line in self.order_line
            if line.product_id and not line.display_type and line.product_uom_qty > 0
        ]

    def _prepare_after_sales_contract_head(self, template):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "invoice_partner_id": self.partner_invoice_id.id,
            "site_ids": [Command.set((self.partner_shipping_id - self.partner_id).ids)],
            "user_id": self.user_id.id or self.env.uid,
            "reference": self.client_order_ref,
            "pricelist_id": self.pricelist_id.id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "payment_term_id": self.payment_term_id.id or template.payment_term_id.id,
            "sale_order_id": self.id,
        }

    def _get_after_sales_contract_dates(self):
        self.ensure_one()
        # Confirming an order overwrites its date with that of the confirmation: the older one is when it was entered.
        entered = fields.Datetime.context_timestamp(self, self.create_date).date()
        dates = {"order": entered, "confirmation": fields.Date.context_today(self)}
        if day := self.after_sales_contract_start:
            return dict.fromkeys(
                ("order", "confirmation", "delivery", "invoice", "warranty_end", "fixed"), day
            )
        return dates

    # === LIFE OF AN ORDER ===#

    def _action_confirm(self):
        result = super()._action_confirm()
        self._make_after_sales_contracts()
        return result

    def _action_cancel(self):
        """Contracts of a cancelled order end with it, unless they are billed: then somebody has to decide."""
        result = super()._action_cancel()
        for order in self:
            order._undo_after_sales_contracts(
                self.env._("Order %(order)s was cancelled", order=order.name), live=True
            )
        return result

    def _owns_after_sales_contract(self, contract):
        return contract.sale_order_id in self or super()._owns_after_sales_contract(contract)

    def _make_after_sales_contracts(self, event="order"):
        """A contract for each line that sells one; confirming again wakes up the contract that was cancelled."""
        # sudo: a salesman confirms, the contracts belong to after-sales
        for order_sudo in self.sudo():
            if order_sudo.after_sales_extended_contract_id:
                order_sudo._extend_after_sales_contract()
            else:
                order_sudo._make_after_sales_contracts_by_product(event)

    def _extend_after_sales_contract(self):
        """Everything that makes a contract goes into the one that the order names."""
        self.ensure_one()
        contract = self.after_sales_extended_contract_id
        if contract.commercial_partner_id != self.partner_id.commercial_partner_id:
            raise UserError(
                self.env._(
                    "%(contract)s is not a contract of %(customer)s.",
                    contract=contract.name,
                    customer=self.partner_id.name,
                )
            )
        rows = [
            row for row in self._get_free_after_sales_rows() if row["product"]._makes_after_sales_contract()
        ]
        if rows:
            contract._extend_from_document(
                rows, self.after_sales_contract_start or fields.Date.context_today(self)
            )

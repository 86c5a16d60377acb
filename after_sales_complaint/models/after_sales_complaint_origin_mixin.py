from odoo import api, fields, models
from odoo.exceptions import UserError


class AfterSalesComplaintOriginMixin(models.AbstractModel):
    """What a complaint is about: order and line, delivery, invoice, unit, call, visit, contract. One document fills in
    the others it knows; the person who registers can change each."""

    _name = "after.sales.complaint.origin.mixin"
    _description = "Complaint Origin"

    unit_id = fields.Many2one("after.sales.unit", check_company=True, index="btree_not_null", tracking=True)
    ticket_id = fields.Many2one(
        "after.sales.ticket", string="Call", check_company=True, index="btree_not_null"
    )
    intervention_id = fields.Many2one("after.sales.intervention", check_company=True, index="btree_not_null")
    contract_id = fields.Many2one("after.sales.contract", check_company=True, index="btree_not_null")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        check_company=True,
        index="btree_not_null",
        domain="[('order_id', '=', sale_order_id), ('display_type', '=', False)]",
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Delivery", check_company=True, index="btree_not_null"
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        compute="_compute_sale_order_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
    )
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        domain="[('move_type', '=', 'out_invoice'), ('commercial_partner_id', '=', commercial_partner_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index=True,
        tracking=True,
    )

    @api.depends("unit_id", "sale_line_id", "picking_id")
    def _compute_sale_order_id(self):
        for complaint in self:
            complaint.sale_order_id = (
                complaint.sale_line_id.order_id
                or complaint.picking_id.sale_id
                or complaint.unit_id.sale_order_id
                or complaint.sale_order_id
            )

    @api.depends("sale_order_id")
    def _compute_invoice_id(self):
        for complaint in self:
            if complaint.invoice_id:
                continue
            invoices = complaint.sale_order_id.invoice_ids.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice"
            )
            complaint.invoice_id = invoices.sorted("invoice_date")[-1:]

    @api.depends("unit_id", "sale_line_id")
    def _compute_product_id(self):
        for complaint in self:
            complaint.product_id = (
                complaint.unit_id.product_id or complaint.sale_line_id.product_id or complaint.product_id
            )

    @api.depends("unit_id", "sale_order_id", "picking_id", "invoice_id", "ticket_id", "contract_id")
    def _compute_partner_id(self):
        for complaint in self:
            complaint.partner_id = (
                complaint.partner_id
                or complaint.ticket_id.partner_id
                or complaint.sale_order_id.partner_id
                or complaint.invoice_id.partner_id
                or complaint.picking_id.partner_id
                or complaint.unit_id.partner_id
                or complaint.contract_id.partner_id
            )

    def action_open_origin(self):
        """Open the document that the context names."""
        self.ensure_one()
        name = self.env.context.get("origin")
        if name not in self._get_origin_fields() or not self[name]:
            raise UserError(self.env._("This complaint has no such document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self[name]._name,
            "res_id": self[name].id,
            "view_mode": "form",
        }

    @api.model
    def _get_origin_fields(self):
        return (
            "unit_id",
            "ticket_id",
            "intervention_id",
            "contract_id",
            "sale_order_id",
            "picking_id",
            "invoice_id",
        )

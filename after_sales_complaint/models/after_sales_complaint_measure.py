from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What a decision granted is fixed with it; documents and state are written by the execution only.
GRANTED = {"remedy_id", "amount", "quantity", "product_id", "invoice_id", "decision_id"}
GUARDED = {"state", "refund_id", "ticket_id", "card_id", "order_id", "date_done", "done_by_id"}


class AfterSalesComplaintMeasure(models.Model):
    """A remedy granted to the customer, and the document of Odoo that carries it out."""

    _name = "after.sales.complaint.measure"
    _description = "Complaint Remedy Granted"
    _inherit = ["after.sales.complaint.execution.mixin"]
    _order = "complaint_id, id"
    _rec_name = "remedy_id"
    _check_company_auto = True

    decision_id = fields.Many2one(
        "after.sales.complaint.decision", required=True, index=True, ondelete="cascade"
    )
    complaint_id = fields.Many2one(related="decision_id.complaint_id", store=True, index=True)
    company_id = fields.Many2one(related="decision_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="complaint_id.currency_id")
    remedy_id = fields.Many2one("after.sales.complaint.remedy", required=True, index=True, check_company=True)
    execution = fields.Selection(related="remedy_id.execution")
    amount = fields.Monetary(string="Value", help="What the customer gets, taxes included.")
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    note = fields.Char()
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
    )
    date_done = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # Documents
    refund_id = fields.Many2one(
        "account.move", string="Credit Note", readonly=True, copy=False, index="btree_not_null"
    )
    ticket_id = fields.Many2one(
        "after.sales.ticket", string="Call", readonly=True, copy=False, index="btree_not_null"
    )
    card_id = fields.Many2one(
        "loyalty.card", string="Voucher", readonly=True, copy=False, index="btree_not_null"
    )
    order_id = fields.Many2one(
        "sale.order", string="Free Order", readonly=True, copy=False, index="btree_not_null"
    )
    document = fields.Char(
        compute="_compute_document", help="Number or code of the document that carries it out."
    )

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "The value of a remedy cannot be negative.")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "The quantity must be positive.")
    _refund_unique = models.UniqueIndex(
        "(refund_id) WHERE refund_id IS NOT NULL", "A credit note has one cause."
    )

    @api.depends("remedy_id", "complaint_id.invoice_id")
    def _compute_invoice_id(self):
        for measure in self:
            wanted = measure.complaint_id.invoice_id or measure.invoice_id
            measure.invoice_id = wanted if measure.remedy_id.execution == "credit_note" else False

    @api.depends("remedy_id", "complaint_id.product_id")
    def _compute_product_id(self):
        for measure in self:
            wanted = measure.complaint_id.product_id or measure.product_id
            measure.product_id = wanted if measure.remedy_id.execution == "order" else False

    @api.depends("refund_id.name", "ticket_id.name", "card_id.code", "order_id.name")
    @api.depends_context("lang")
    def _compute_document(self):
        # An agent reads the number of a document without the right to open it.
        for measure in self.sudo():
            refund = measure.refund_id
            measure.document = (
                (refund and (refund.name or self.env._("Draft credit note")))
                or measure.ticket_id.name
                or measure.card_id.code
                or measure.order_id.name
            )

    @api.constrains("invoice_id", "complaint_id")
    def _check_invoice(self):
        for measure in self.sudo():
            invoice, complaint = measure.invoice_id, measure.complaint_id
            if not invoice:
                continue
            if invoice.move_type != "out_invoice":
                raise ValidationError(self.env._("%s is not a customer invoice.", invoice.display_name))
            if complaint.partner_id and invoice.commercial_partner_id != complaint.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "Invoice %(invoice)s is not an invoice of %(partner)s.",
                        invoice=invoice.name,
                        partner=complaint.commercial_partner_id.name,
                    )
                )
            if invoice.currency_id != complaint.currency_id:
                raise ValidationError(
                    self.env._("Invoice %s has another currency than the complaint.", invoice.name)
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_guarded(vals)
        measures = super().create(vals_list)
        if not self.env.su:
            measures.decision_id._check_draft()
        return measures

    def write(self, vals):
        self._check_guarded(vals)
        if GRANTED & vals.keys() and not self.env.su:
            self.decision_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        self.decision_id._check_draft()

    @api.model
    def _check_guarded(self, vals):
        if not self.env.su and GUARDED & vals.keys():
            raise AccessError(self.env._("A remedy is carried out by its button."))

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_execute(self):
        """Carry out what a decision in force granted, each remedy through its own document, never twice."""
        self.check_access("write")
        for measure in self:
            measure._check_can_execute()
        # Two people at once: the second finds the row locked and is told so.
        self.lock_for_update()
        for measure in self:
            vals = getattr(measure, f"_execute_{measure.execution}")() or {}
            measure_sudo = measure.sudo()
            measure_sudo.write(
                {"state": "done", "date_done": fields.Datetime.now(), "done_by_id": self.env.uid, **vals}
            )
            measure._log_execution()
        self.complaint_id._executed()

    def action_open_document(self):
        self.ensure_one()
        document = self.refund_id or self.ticket_id or self.order_id or self.card_id
        if not document:
            raise UserError(self.env._("This remedy has no document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
        }

    def _check_can_execute(self):
        self.ensure_one()
        if self.decision_id.state != "approved" or self.complaint_id.state == "cancelled":
            raise UserError(self.env._("“%s” is not granted by a decision in force.", self.remedy_id.name))
        if self.state != "planned":
            raise UserError(self.env._("“%s” was already carried out or cancelled.", self.remedy_id.name))
        self._check_ready()

    def _log_execution(self):
        self.ensure_one()
        self.complaint_id.message_post(
            body=self.env._(
                "Carried out: %(remedy)s %(document)s",
                remedy=self.remedy_id.name,
                document=self.document or "",
            )
        )

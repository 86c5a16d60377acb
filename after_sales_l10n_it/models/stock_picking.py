from odoo import api, fields, models
from odoo.exceptions import UserError

#: Causale del trasporto of our transfers, by their purpose.
REASONS = {
    "repair": "repair",
    "repair_back": "after_sales_repair_back",
    "hand_back": "after_sales_hand_back",
    "loan": "loaned_use",
    "loan_back": "after_sales_loan_back",
    "exchange": "after_sales_exchange",
    "returned": "substitution",
    "supplier": "repair",
    "supplier_back": "after_sales_repair_back",
    "take_over": "transfer",
}


class StockPicking(models.Model):
    """The transport document of our transfers: its reason, and a number also when we fetch goods (L16)."""

    _inherit = "stock.picking"
    _rec_names_search = ["name", "l10n_it_ddt_number"]

    l10n_it_transport_reason = fields.Selection(
        selection_add=[
            ("after_sales_repair_back", "Returned after Repair"),
            ("after_sales_hand_back", "Returned as It Came"),
            ("after_sales_loan_back", "Returned from Loan"),
            ("after_sales_exchange", "Exchange"),
        ],
        ondelete={
            "after_sales_repair_back": "set default",
            "after_sales_hand_back": "set default",
            "after_sales_loan_back": "set default",
            "after_sales_exchange": "set default",
        },
    )
    l10n_it_ddt_number = fields.Char(copy=False)  # a return or a backorder is a document of its own
    after_sales_ddt_date = fields.Date("Date of the Document", readonly=True, copy=False)
    after_sales_invoice_ids = fields.Many2many(
        "account.move",
        "after_sales_ddt_invoice_rel",
        "picking_id",
        "move_id",
        "Cited by Invoices",
        readonly=True,
        copy=False,
    )

    @api.depends("l10n_it_ddt_number", "after_sales_ddt_date", "date_done")
    @api.depends_context("after_sales_ddt", "lang", "tz")
    def _compute_display_name(self):
        """Who chooses the documents of an invoice reads what the invoice will say of them."""
        result = super()._compute_display_name()
        if self.env.context.get("after_sales_ddt"):
            for picking in self.filtered(lambda p: p.l10n_it_ddt_number and p._get_ddt_date()):
                picking.display_name = picking._get_ddt_text()[0]
        return result

    @api.model
    def _prepare_after_sales_purpose_vals(self, purpose, pickup=False):
        vals = super()._prepare_after_sales_purpose_vals(purpose, pickup)
        vals["l10n_it_transport_reason"] = REASONS[purpose]
        if pickup:
            vals["l10n_it_transport_method"] = "recipient"
        return vals

    def _is_pickup_document(self):
        """Whether we issue the document of goods that come to us: only when we fetch them, in Italy."""
        self.ensure_one()
        return self.after_sales_pickup and self.company_id.country_id.code == "IT"

    @api.depends("after_sales_pickup", "l10n_it_ddt_number")
    def _compute_l10n_it_show_print_ddt_button(self):
        result = super()._compute_l10n_it_show_print_ddt_button()
        for picking in self:
            if picking._is_pickup_document() and picking.l10n_it_ddt_number:
                picking.l10n_it_show_print_ddt_button = True
        return result

    def action_number_pickup(self):
        """Number the document before somebody leaves to fetch the goods."""
        self.check_access("write")
        for picking in self:
            if not picking._is_pickup_document() or picking.state in ("draft", "cancel"):
                raise UserError(self.env._("%s is no pick-up of ours.", picking.name))
        self._number_pickups()

    def _number_pickups(self):
        """Each pick-up gets its number, once."""
        for picking in self:
            if (
                picking._is_pickup_document()
                and not picking.l10n_it_ddt_number
                and picking.state not in ("draft", "cancel")
            ):
                picking.l10n_it_ddt_number = picking.company_id._get_ddt_sequence().next_by_id()
                picking.after_sales_ddt_date = fields.Date.context_today(picking)

    def _action_done(self):
        self._number_pickups()
        self.filtered("after_sales_purpose").picking_type_id._ensure_ddt_sequence()
        return super()._action_done()

    def _get_ddt_date(self):
        """The day that the document bears: a pick-up has it from its number, what leaves from its departure."""
        self.ensure_one()
        if self.after_sales_ddt_date or not self.date_done:
            return self.after_sales_ddt_date
        return fields.Datetime.context_timestamp(self, self.date_done).date()

    def _get_ddt_text(self):
        """Number and day of each document, as invoices cite them."""
        return [
            self.env._(
                "DDT %(number)s of %(date)s",
                number=picking.l10n_it_ddt_number,
                date=picking._get_ddt_date().strftime("%d/%m/%Y"),
            )
            for picking in self.sorted(lambda picking: (picking._get_ddt_date(), picking.id))
        ]

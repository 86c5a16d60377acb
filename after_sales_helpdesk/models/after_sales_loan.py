from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.after_sales_contract.models.groups import MANAGER


class AfterSalesLoan(models.Model):
    """A unit of ours that a customer uses while his own is with us, and that must come home (D75).

    It stays ours: it lies in the location of loaners, in our valuation, outside of every warehouse.
    """

    _name = "after.sales.loan"
    _description = "Loaner"
    _inherit = ["after.sales.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, check_company=True)
    ticket_id = fields.Many2one("after.sales.ticket", "Call", index="btree_not_null", check_company=True)
    return_id = fields.Many2one("after.sales.return", index="btree_not_null", check_company=True)
    user_id = fields.Many2one("res.users", "Responsible", index=True, default=lambda self: self.env.user)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        domain=[("type", "=", "consu")],
        ondelete="restrict",
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        "Serial/Lot",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    location_id = fields.Many2one(
        "stock.location",
        "Comes From",
        check_company=True,
        domain=[("usage", "=", "internal")],
        help="Where the loaner is taken from and comes home to; without it our warehouse.",
    )
    accessories = fields.Char(help="What goes along: charger, case, keys.")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("out", "With the Customer"),
            ("back", "Back"),
            ("kept", "Left With the Customer"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_out = fields.Date("Lent On", readonly=True, copy=False)
    date_due = fields.Date("Due Back On", required=True, copy=False, tracking=True, index=True)
    date_back = fields.Date("Came Back On", readonly=True, copy=False)
    date_reminded = fields.Date("Last Reminder", readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    condition = fields.Char("Condition on Return", copy=False, tracking=True)
    keep_reason = fields.Char("Why It Stays", copy=False, tracking=True)
    move_ids = fields.Many2many(
        "stock.move",
        "after_sales_loan_move_rel",
        "loan_id",
        "move_id",
        "Stock Moves",
        readonly=True,
        copy=False,
    )

    _out_due = models.Index("(date_due) WHERE state = 'out'")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "A loaner has a quantity above zero.")

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        for loan in self:
            today = fields.Date.context_today(loan)
            loan.is_late = loan.state == "out" and bool(loan.date_due) and loan.date_due < today

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "out") & Domain("date_due", "<", fields.Date.context_today(self))
        return Domain.OR(late if item else ~late for item in value)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(loan.state != "draft" for loan in self):
            raise UserError(self.env._("A loaner that was lent is not deleted."))

    # Actions

    def action_lend(self):
        """The customer takes the loaner along."""
        self.check_access("write")
        self._ensure_state("draft")
        for loan in self:
            if loan.tracking != "none" and not loan.lot_id:
                raise UserError(
                    self.env._("Say which serial number of %s is lent.", loan.product_id.display_name)
                )
            loan.location_id = loan.location_id or loan._get_home()
            loan._check_in_stock()
            loan._move(loan.location_id, loan.company_id.after_sales_loan_location_id, "loan")
        self.write({"state": "out", "date_out": fields.Date.context_today(self)})

    def action_come_back(self):
        """The loaner is home."""
        self.check_access("write")
        self._ensure_state("out")
        for loan in self:
            loan._move(loan.company_id.after_sales_loan_location_id, loan.location_id, "loan_back")
        self.write({"state": "back", "date_back": fields.Date.context_today(self)})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_keep(self):
        """Decide that the loaner stays with the customer, with a reason: it leaves our stock and becomes his unit."""
        self.check_access("write")
        self._ensure_state("out")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an after-sales manager leaves a loaner with the customer."))
        for loan in self:
            if not loan.keep_reason:
                raise UserError(self.env._("Say why %s stays with the customer.", loan.name))
            customer = loan.partner_id.with_company(loan.company_id).property_stock_customer
            loan._move(loan.company_id.after_sales_loan_location_id, customer)
        self.write({"state": "kept"})

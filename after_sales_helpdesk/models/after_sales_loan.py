from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .groups import MANAGER


class AfterSalesLoan(models.Model):
    """A unit of ours that a customer uses while his own is with us, and that must come home (D75).

    It stays ours: it lies in the location of loaners, in our valuation, outside of every warehouse.
    """

    _name = "after.sales.loan"
    _description = "Loaner"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    name = fields.Char("Number", default="/", readonly=True, copy=False, index=True)
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
    condition = fields.Char("Condition on Return", copy=False)
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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                # sudo: numbering is the house's business, whoever lends
                sequence_sudo = self.env["ir.sequence"].sudo().with_company(company)
                vals["name"] = sequence_sudo.next_by_code(self._name) or "/"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(loan.state != "draft" for loan in self):
            raise UserError(self.env._("A loaner that was lent is not deleted."))

    # Actions

    def _ensure_state(self, state):
        self.check_access("write")
        for loan in self:
            if loan.state != state:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(loan)s is “%(state)s”: this cannot be done now.",
                        loan=loan.name,
                        state=labels[loan.state],
                    )
                )

    def action_lend(self):
        """The customer takes the loaner along."""
        self._ensure_state("draft")
        for loan in self:
            if loan.tracking != "none" and not loan.lot_id:
                raise UserError(
                    self.env._("Say which serial number of %s is lent.", loan.product_id.display_name)
                )
            loan.location_id = loan.location_id or loan._get_home()
            loan._check_in_stock()
            loan._move(loan.location_id, loan.company_id.after_sales_loan_location_id)
        self.write({"state": "out", "date_out": fields.Date.context_today(self)})

    def action_come_back(self):
        """The loaner is home."""
        self._ensure_state("out")
        for loan in self:
            loan._move(loan.company_id.after_sales_loan_location_id, loan.location_id)
        self.write({"state": "back", "date_back": fields.Date.context_today(self)})
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_keep(self):
        """Decide that the loaner stays with the customer, with a reason: it leaves our stock and becomes his unit."""
        self._ensure_state("out")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only an after-sales manager leaves a loaner with the customer."))
        for loan in self:
            if not loan.keep_reason:
                raise UserError(self.env._("Say why %s stays with the customer.", loan.name))
            customer = loan.partner_id.with_company(loan.company_id).property_stock_customer
            loan._move(loan.company_id.after_sales_loan_location_id, customer)
        self.write({"state": "kept"})

    # Goods

    def _get_home(self):
        # sudo: agents read no warehouses
        warehouse_sudo = (
            self.env["stock.warehouse"].sudo().search([("company_id", "=", self.company_id.id)], limit=1)
        )
        return warehouse_sudo.lot_stock_id.sudo(False)

    def _check_in_stock(self):
        self.ensure_one()
        quant_sudo = self.env["stock.quant"].sudo()  # agents have no stock rights
        available = quant_sudo._get_available_quantity(
            self.product_id, self.location_id, lot_id=self.lot_id or None, strict=False
        )
        if self.product_id.is_storable and self.product_id.uom_id.compare(available, self.quantity) < 0:
            raise UserError(
                self.env._(
                    "%(product)s is not free in %(place)s.",
                    product=" ".join(filter(None, (self.product_id.display_name, self.lot_id.name))),
                    place=self.location_id.display_name,
                )
            )

    def _move(self, source, destination):
        self.ensure_one()
        vals = {
            "product_id": self.product_id.id,
            "company_id": self.company_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
        }
        line = dict(
            vals, product_uom_id=self.product_id.uom_id.id, quantity=self.quantity, lot_id=self.lot_id.id
        )
        # sudo: agents have no stock rights; the action has checked that they may lend
        move_sudo = (
            self.env["stock.move"]
            .sudo()
            .create(
                {
                    **vals,
                    "product_uom": self.product_id.uom_id.id,
                    "product_uom_qty": self.quantity,
                    "partner_id": self.partner_id.id,
                    "origin": self.name,
                    "picked": True,
                    "move_line_ids": [Command.create(line)],
                }
            )
        )
        move_sudo._action_done()
        self.sudo().move_ids = [Command.link(move_sudo.id)]

    # Reminder

    @api.model
    def _cron_remind(self, batch_size=100):
        """Remind customer and responsible of loaners that are late, once a week, oldest first."""
        today = fields.Date.context_today(self)
        domain = (
            Domain("state", "=", "out")
            & Domain("date_due", "<", today)
            & (Domain("date_reminded", "=", False) | Domain("date_reminded", "<=", "today -7d"))
        )
        left = self.search_count(domain)
        while loans := self.search(domain, limit=batch_size):
            loans._remind()
            left -= len(loans)
            if not self.env["ir.cron"]._commit_progress(len(loans), remaining=left):
                break

    def _remind(self):
        template_sudo = self.env.ref("after_sales_helpdesk.mail_template_loan_reminder").sudo()
        for loan in self:
            if loan.partner_id.email:
                loan.message_post_with_source(
                    template_sudo,
                    email_layout_xmlid="mail.mail_notification_light",
                    subtype_xmlid="mail.mt_note",
                )
            if not loan.activity_ids:
                loan.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Get the loaner back"),
                    user_id=(loan.user_id or self.env.user).id,
                )
        self.write({"date_reminded": fields.Date.context_today(self)})

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

DOCUMENTS = ("sale.order", "stock.picking", "account.move")


class AfterSalesContractMake(models.TransientModel):
    """Make a contract or a proposal of lines of an order, a delivery or an invoice, or add them to a contract in force."""

    _name = "after.sales.contract.make"
    _description = "Make a Service Contract from a Document"
    _check_company_auto = True

    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_document")
    commercial_partner_id = fields.Many2one("res.partner", compute="_compute_document")
    result = fields.Selection(
        [
            ("proposal", "A proposal"),
            ("contract", "A running contract"),
            ("extend", "An addition to a contract"),
        ],
        "Make",
        required=True,
        default="proposal",
    )
    template_id = fields.Many2one("after.sales.contract.template", check_company=True)
    contract_id = fields.Many2one(
        "after.sales.contract",
        "Add to",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('state', 'in', ('running', 'notice'))]",
    )
    date_start = fields.Date("Begins on", help="Empty: by the template.")
    line_ids = fields.One2many(
        "after.sales.contract.make.line",
        "wizard_id",
        "Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("res_model", "res_id")
    def _compute_document(self):
        for wizard in self:
            document_sudo = wizard._get_document()
            wizard.company_id = document_sudo.company_id
            partner = document_sudo._prepare_after_sales_contract_head(wizard.template_id).get("partner_id")
            wizard.commercial_partner_id = self.env["res.partner"].browse(partner).commercial_partner_id

    @api.depends("res_model", "res_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(wizard._prepare_line(row))
                for row in wizard._get_document()._get_free_after_sales_rows()
            ]

    @api.model
    def _prepare_line(self, row):
        return {
            "product_id": row["product"].id,
            "quantity": row["quantity"],
            "is_price": row["product"].type == "service",
            "is_prepaid": row["is_prepaid"],
            "is_chosen": row["product"].type != "service" or row["product"]._makes_after_sales_contract(),
            **row["source"],
        }

    def _get_document(self):
        """The document as superuser, once the person may read it: lines of it need not be his to read.

        :raise UserError: when it is not a document that makes contracts
        """
        self.ensure_one()
        if self.res_model not in DOCUMENTS:
            raise UserError(self.env._("Contracts are made from orders, deliveries and invoices."))
        document = self.env[self.res_model].browse(self.res_id)
        document.check_access("read")
        # sudo: the lines of a document that he may read
        return document.sudo()

    def action_make(self):
        """Make what was chosen and open it.

        :raise UserError: when nothing is chosen, or a line has a contract meanwhile
        """
        self.ensure_one()
        contracts = self.env["after.sales.contract"]
        contracts.check_access("create")
        document_sudo = self._get_document()
        chosen = {line._get_source() for line in self.line_ids if line.is_chosen}
        rows = [
            row
            for row in document_sudo._get_free_after_sales_rows()
            if tuple(row["source"].items()) in chosen
        ]
        if not rows:
            raise UserError(self.env._("Choose at least one line that has no contract yet."))
        if self.result == "extend":
            self.contract_id.check_access("write")
            if self.contract_id.commercial_partner_id != self.commercial_partner_id:
                raise UserError(self.env._("Choose a contract of the customer to add these lines to."))
            contract_sudo = self.contract_id.sudo()
            contract_sudo._extend_from_document(rows, self.date_start or contract_sudo._get_today())
        elif not self.template_id:
            raise UserError(self.env._("Choose the template of the contract."))
        else:
            contract_sudo = contracts.sudo()._create_from_document(
                document_sudo, rows, self.template_id, self.result, self.date_start
            )
        action = {
            "type": "ir.actions.act_window",
            "res_model": "after.sales.contract",
            "res_id": contract_sudo.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
        if self.result == "contract" and not contract_sudo.date_start:
            return self._explain_wait(contract_sudo, action)
        return action

    def _explain_wait(self, contract, action):
        """Open a contract that does not run yet, and say why and what to do."""
        basis = dict(contract._fields["start_basis"]._description_selection(self.env))[contract.start_basis]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("%(contract)s is still a draft", contract=contract.name),
                "message": self.env._(
                    "By its template it begins with: %(basis)s. That has not happened yet. It starts by itself then; to "
                    "start it now, enter its start and press Start Contract.",
                    basis=basis,
                )
                if contract.start_basis != "fixed"
                else self.env._(
                    "Its template asks for a fixed date. Enter its start and press Start Contract."
                ),
                "next": action,
            },
        }

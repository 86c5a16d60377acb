from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import periods


class AfterSalesContractSaleMixin(models.AbstractModel):
    """Contracts that come from an order, a delivery or an invoice: their creation and their start."""

    _name = "after.sales.contract.sale.mixin"
    _description = "Service Contract from a Document"

    source_ids = fields.One2many("after.sales.contract.source", "contract_id", "Sources")
    picking_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)
    source_invoice_count = fields.Integer(compute="_compute_document_counts", compute_sudo=True)

    def _compute_document_counts(self):
        for contract in self:
            contract.picking_count = len(contract._get_pickings())
            contract.source_invoice_count = len(contract.source_ids.invoice_line_id.move_id)

    def _get_pickings(self):
        """The deliveries that made the contracts or are covered by them."""
        return self.source_ids.move_id.picking_id | self.cover_ids.unit_id.picking_id

    def action_view_sale_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "view_mode": "form",
        }

    def action_view_pickings(self):
        """The deliveries that made the contract or are covered by it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        # sudo: which deliveries is told, what is in them is not
        return {
            **action,
            "domain": [("id", "in", self.sudo()._get_pickings().ids)],
            "context": {"create": False},
        }

    def action_view_source_invoices(self):
        """The invoices that sold the contract."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice_type")
        # sudo: which invoices is told, what is in them is not
        moves = self.sudo().source_ids.invoice_line_id.move_id
        return {**action, "domain": [("id", "in", moves.ids)], "context": {"create": False}}

    def action_add_units(self):
        """What the customer bought and no contract covers yet, to choose from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_add_units_action"
        )
        action["context"] = {"default_contract_id": self.id}
        return action

    # === START ===#

    def _get_start_of(self, covers):
        """First day of a contract that begins with its units: the earliest delivery, or day after a warranty.

        False when something else starts it: an invoice, or a date that somebody enters.
        """
        self.ensure_one()
        if self.start_basis not in ("delivery", "warranty_end"):
            return False
        days = []
        for unit in covers.unit_id:
            delivered = unit.delivery_date or fields.Date.context_today(self)
            if self.start_basis == "warranty_end" and unit.warranty_end:
                days.append(periods.add(unit.warranty_end, 1, "day"))
            else:
                days.append(delivered)
        return min(days, default=False)

    def _start_on(self, basis, day):
        """An event happened: contracts that waited for it begin on its day."""
        waiting = self.filtered(
            lambda c: c.start_basis == basis and not c.date_start and c.state in ("draft", "proposed")
        )
        waiting.date_start = day
        waiting._start_sold()

    def _start_sold(self):
        """Start contracts that were sold as such, as soon as they have a start."""
        self.filtered(
            lambda c: c.start_automatically and c.date_start and c.state in ("draft", "proposed")
        )._start()

    # === FROM A DOCUMENT ===#

    @api.model
    def _create_from_document(self, document, rows, template, policy, date_start=None):
        """One contract or proposal for lines of a document, linked to them: no line makes a second one.

        :param rows: of ``document._get_after_sales_contract_rows()``
        :param policy: ``contract`` starts when its start is known, ``proposal`` waits for the customer
        """
        self._release_sources(rows)
        contract = self.create(self._prepare_from_document(document, rows, template, policy, date_start))
        contract.line_ids._split_prepaid()
        contract._take_sources(rows)
        contract._cover_delivered()
        if delivered := document._get_after_sales_contract_dates().get("delivery"):
            contract._start_without_units(delivered)
        contract._start_sold()
        if contract.start_basis == "fixed" and not contract.date_start:
            words = contract._in_words_of_responsible().env
            contract._warn_responsible(
                words._("Enter when the contract begins"),
                words._("Its template asks for a fixed date."),
            )
        return contract

    @api.model
    def _prepare_from_document(self, document, rows, template, policy, date_start=None):
        vals = {
            **document._prepare_after_sales_contract_head(template),
            "template_id": template.id,
            "date_start": date_start
            or document._get_after_sales_contract_dates().get(template.start_basis, False),
            "cover_order_units": template.cover_order_units,
            "start_automatically": policy == "contract",
        }
        lines = [
            Command.create(self._prepare_line_from_row(row, template.price_basis))
            for row in rows
            if row["product"].type == "service"
        ]
        if lines:
            vals["line_ids"] = lines
        elif (
            policy == "contract" and not template.line_ids
        ):  # goods are covered, their prices come from the template
            raise UserError(
                self.env._(
                    "The template %(template)s has no price line, and a contract that starts by itself needs one: add the "
                    "price to the template, or make a proposal of it.",
                    template=template.display_name,
                )
            )
        return vals

    @api.model
    def _prepare_line_from_row(self, row, price_basis):
        """Everything that was agreed on the document is kept: quantity, unit, price, discount, taxes, text (D19)."""
        return {
            **row["terms"],
            "product_id": row["product"].id,
            "price_basis": price_basis,
            "is_prepaid": row["is_prepaid"],
            "prepaid_amount": row["amount"] if row["is_prepaid"] else 0.0,
            "sale_line_id": row["source"].get("sale_line_id", False),
        }

    @api.model
    def _release_sources(self, rows):
        """Lines that a cancelled contract held are taken from it."""
        for row in rows:
            for field, record_id in row["source"].items():
                held = Domain(field, "=", record_id) & Domain("contract_id.state", "=", "cancelled")
                self.env["after.sales.contract.source"].search(held).unlink()
                if field == "sale_line_id":
                    self.env["after.sales.contract.line"].search(held).sale_line_id = False

    def _take_sources(self, rows, addition_day=None):
        """Link the lines to the contract; its instalments bill a service that nothing has billed yet.

        :param addition_day: of an addition to a contract in force: what it covers begins on that day
        """
        self.ensure_one()
        for row in rows:
            if row["product"].type == "service" and (line_id := row["source"].get("sale_line_id")):
                self.env["sale.order.line"].browse(line_id).is_after_sales_contract = not row["is_prepaid"]
        sources = self.env["after.sales.contract.source"].create(
            [
                {
                    **row["source"],
                    "contract_id": self.id,
                    "product_id": row["product"].id,
                    "quantity": row["quantity"],
                    "is_addition": bool(addition_day),
                    "date_from": addition_day,
                }
                for row in rows
            ]
        )
        self._cover_sources(sources)

    def _extend_from_document(self, rows, day, price_basis=None):
        """Add lines of a document to a contract in force (upsell): prices and covers run from a day on.

        :raise UserError: when the contract is not in force
        """
        self.ensure_one()
        self._ensure_state("running", "notice")
        self._release_sources(rows)
        day = max(day, self.date_start)  # of the prices, and of the goods that they are for
        basis = price_basis or self.template_id.price_basis or "term"
        lines = self.env["after.sales.contract.line"].create(
            [
                {**self._prepare_line_from_row(row, basis), "contract_id": self.id, "date_from": day}
                for row in rows
                if row["product"].type == "service"
            ]
        )
        lines._split_prepaid()
        self._take_sources(rows, addition_day=day)
        self._sync_plan()

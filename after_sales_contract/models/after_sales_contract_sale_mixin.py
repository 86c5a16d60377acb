from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import periods


class AfterSalesContractSaleMixin(models.AbstractModel):
    """Contracts that come from an order, a delivery or an invoice: their creation and the units that they cover."""

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

    # === UNITS ===#

    @api.model
    def _get_for_orders(self, orders):
        """Contracts that still take in what these orders deliver."""
        if not orders:
            return self.browse()
        sold = Domain("sale_order_id", "in", orders.ids)
        sold |= Domain("source_ids.sale_line_id.order_id", "in", orders.ids)
        alive = Domain("state", "not in", ["ended", "cancelled"])
        return self.search(sold & alive & Domain("cover_order_units", "=", True))

    def _takes_in(self, unit):
        """Whether a unit is one of those that the contract was sold for: of its goods, else of its whole order."""
        self.ensure_one()
        if self._get_source_of(unit):
            return True
        goods = self.source_ids.filtered(
            lambda source: source.product_id.type != "service" and not source.is_addition
        )
        return not goods and bool(self.sale_order_id) and unit.sale_order_id == self.sale_order_id

    def _cover_units(self, units):
        """Cover units of each contract's goods or order, once; components are covered with what they are part of."""
        known = {(cover.contract_id, cover.unit_id) for cover in self.cover_ids}
        vals_list = [
            {
                "contract_id": contract.id,
                "unit_id": unit.id,
                "source_id": contract._get_source_of(unit).id,
            }
            for contract in self
            for unit in units
            if unit.company_id == contract.company_id
            and not unit.parent_id
            and (contract, unit) not in known
            and contract._takes_in(unit)
        ]
        covers = self.env["after.sales.contract.cover"].create(vals_list)
        covers.contract_id._after_covered(covers)
        return covers

    def _cover_delivered(self):
        """Cover what the order of a contract has delivered already; what is to come is covered when it is born."""
        self.ensure_one()
        if self.cover_order_units and self.sale_order_id:
            # sudo: whoever sells or ships need not see installed units
            units_sudo = self.env["after.sales.unit"].sudo()
            owned = units_sudo.search(
                [
                    ("sale_order_id", "=", self.sale_order_id.id),
                    ("commercial_partner_id", "=", self.commercial_partner_id.id),
                    ("state", "!=", "ended"),
                ]
            )
            self._cover_units(owned)

    def _cover_sources(self, sources):
        """Cover the goods of new sources: their units as far as they exist, else the product and its quantity.

        What an order will deliver as units is covered when they are born.
        """
        for contract in self:
            mine = sources.filtered(
                lambda s, c=contract: s.contract_id == c and s.product_id.type != "service"
            )
            units = mine._get_units() if mine else mine.env["after.sales.unit"]
            contract._cover_units(units)
            plain = mine.filtered(
                lambda s: not s._get_units() and not (s.sale_line_id and s.product_id.after_sales_tracked)
            )
            contract._cover_plain({source: source.quantity for source in plain})

    def _report_uncovered(self, units, error):
        """Units were delivered that the contract could not take in: tell the responsible person why."""
        for contract in self:
            contract.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=contract.user_id.id or self.env.uid,
                summary=self.env._("Delivered units are not covered"),
                note=Markup("%s<br/>%s") % (", ".join(units.mapped("display_name")), str(error)),
            )

    def _after_covered(self, covers):
        """What follows from new covers: a start that waited for them, prices by unit."""
        for contract, new_covers in covers.grouped("contract_id").items():
            if contract.state in ("draft", "proposed") and not contract.date_start:
                contract.date_start = contract._get_start_of(new_covers)
        self._start_sold()
        by_unit = self.filtered(
            lambda c: c.state in ("running", "notice") and "per_unit" in c.line_ids.mapped("pricing")
        )
        by_unit._sync_plan()

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
            contract._warn_responsible(
                self.env._("Enter when the contract begins"),
                self.env._("Its template asks for a fixed date."),
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

from markupsafe import Markup

from odoo import Command, api, fields, models

from ..tools import periods


class AfterSalesContractSaleMixin(models.AbstractModel):
    """Contracts that come from a sale order: their creation and the units that the order delivers."""

    _name = "after.sales.contract.sale.mixin"
    _description = "Service Contract from a Sales Order"

    def action_view_sale_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.sale_order_id.id,
            "view_mode": "form",
        }

    def action_add_units(self):
        """What the customer bought and no contract covers yet, to choose from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_add_units_action"
        )
        action["context"] = {"default_contract_id": self.id}
        return action

    @api.model
    def _get_for_orders(self, orders):
        """Contracts that still take in what these orders deliver."""
        if not orders:
            return self.browse()
        return self.search(
            [
                ("sale_order_id", "in", orders.ids),
                ("cover_order_units", "=", True),
                ("state", "not in", ["ended", "cancelled"]),
            ]
        )

    def _cover_units(self, units):
        """Cover units of each contract's order, once; components are covered with what they are part of."""
        known = {(cover.contract_id, cover.unit_id) for cover in self.cover_ids}
        vals_list = [
            {"contract_id": contract.id, "unit_id": unit.id}
            for contract in self
            for unit in units
            if unit.sale_order_id == contract.sale_order_id
            and unit.company_id == contract.company_id
            and not unit.parent_id
            and (contract, unit) not in known
        ]
        covers = self.env["after.sales.contract.cover"].create(vals_list)
        covers.contract_id._after_covered(covers)
        return covers

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
        """First day of a contract that begins with its units: the earliest delivery, or day after a warranty."""
        self.ensure_one()
        days = []
        for unit in covers.unit_id:
            delivered = unit.delivery_date or fields.Date.context_today(self)
            if self.start_basis == "warranty_end" and unit.warranty_end:
                days.append(periods.add(unit.warranty_end, 1, "day"))
            else:
                days.append(delivered)
        return min(days, default=False)

    def _start_sold(self):
        """Start contracts that were sold as such, as soon as they have a start."""
        self.filtered(
            lambda c: c.start_automatically and c.date_start and c.state in ("draft", "proposed")
        )._start()

    @api.model
    def _create_from_order_lines(self, lines):
        """One contract per order and template; a line that has its contract already makes no second one."""
        groups = {}
        for line in lines:
            template = line.product_id.after_sales_contract_template_id
            key = (line.order_id, template, line.product_id.after_sales_contract_policy)
            groups[key] = groups.get(key, lines.browse()) | line
        contracts = self.create(
            [
                self._prepare_from_order_lines(order, template, policy, order_lines)
                for (order, template, policy), order_lines in groups.items()
            ]
        )
        contracts._start_sold()
        return contracts

    @api.model
    def _prepare_from_order_lines(self, order, template, policy, lines):
        date_start = fields.Date.context_today(order) if template.start_basis == "confirmation" else False
        return {
            "template_id": template.id,
            "company_id": order.company_id.id,
            "partner_id": order.partner_id.id,
            "invoice_partner_id": order.partner_invoice_id.id,
            "site_ids": [Command.set((order.partner_shipping_id - order.partner_id).ids)],
            "user_id": order.user_id.id or self.env.uid,
            "reference": order.client_order_ref,
            "pricelist_id": order.pricelist_id.id,
            "currency_id": order.currency_id.id,
            "fiscal_position_id": order.fiscal_position_id.id,
            "payment_term_id": order.payment_term_id.id or template.payment_term_id.id,
            "date_start": date_start,
            "sale_order_id": order.id,
            "cover_order_units": template.cover_order_units,
            "start_automatically": policy == "contract",
            "line_ids": [
                Command.create(self._prepare_line_from_order_line(line, template)) for line in lines
            ],
        }

    @api.model
    def _prepare_line_from_order_line(self, line, template):
        """Everything that was agreed on the order is kept: quantity, unit, price, discount, taxes, description."""
        return {
            "sequence": line.sequence,
            "product_id": line.product_id.id,
            "name": line.name,
            "quantity": line.product_uom_qty,
            "uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
            "price_basis": template.price_basis,
            "discount": line.discount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "sale_line_id": line.id,
        }

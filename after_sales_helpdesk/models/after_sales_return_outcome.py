from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: Outcomes after which the owner does not get the goods back.
SETTLED = ("exchange", "refund", "scrap")


class AfterSalesReturnLine(models.Model):
    """How it ends: handed back, exchanged, refunded or scrapped; on the unit, its warranties, the sale and the claim."""

    _inherit = "after.sales.return.line"

    # Actions

    def action_hand_out(self):
        """Open the hand-out act of these goods, to be printed and signed; one act a customer."""
        self._ensure_state("ready")
        if len(self.partner_id.commercial_partner_id) > 1 or len(self.company_id) > 1:
            raise UserError(self.env._("One act hands out the goods of one customer."))
        if handed := self.filtered("handout_id"):
            handout = handed.handout_id[:1]
        else:
            handout = self.env["after.sales.handout"].create(
                {
                    "partner_id": self.partner_id[:1].id,
                    "company_id": self.company_id.id,
                    "line_ids": [Command.set(self.ids)],
                }
            )
        return handout.get_formview_action()

    def action_settle(self):
        """Exchange, refund or scrap the goods, as their outcome says (WA-23, WA-32)."""
        self.return_id._ensure_agent()
        self._ensure_state("accepted", "ready")
        for line in self:
            if line.outcome not in SETTLED:
                raise UserError(
                    self.env._("Choose exchange, refund or scrap for %s first.", line.display_name)
                )
            if line.sudo()._get_waiting_deliveries():  # agents have no stock rights
                raise UserError(self.env._("The replacement of %s is on its way.", line.display_name))
        for outcome, lines in self.grouped("outcome").items():
            getattr(lines, f"_settle_{outcome}")()

    def action_back_as_is(self):
        """The goods go back as they are: refused quotation, not repairable, or as the customer wishes."""
        self._ensure_state("accepted")
        self._cancel_repairs()
        self.write({"outcome": "hand_back"})
        self._set_ready()

    # Exchange: the new unit leaves first, and takes the warranties over when it has left

    def _settle_exchange(self):
        warehouse_sudo = self.env["stock.warehouse"].sudo()  # agents read no warehouses
        for line in self:
            stock = warehouse_sudo.search([("company_id", "=", line.company_id.id)], limit=1)
            customer = line.partner_id.with_company(line.company_id).property_stock_customer
            moves_sudo = line._plan_transfer(
                line.partner_id, stock.out_type_id, stock.lot_stock_id, customer, "exchange"
            )
            moves_sudo.picking_id.action_assign()
        self.write({"state": "ready", "date_ready": fields.Datetime.now()})

    def _get_waiting_deliveries(self):
        """The transfers that bring the replacement to the customer and are not done; to be asked as superuser."""
        moves = self.other_move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        return moves.picking_id

    def action_view_delivery(self):
        """Open the delivery of the replacement, to do it."""
        deliveries = self.sudo()._get_waiting_deliveries().sudo(False)  # whoever may not read them is told so
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        action |= {"domain": [("id", "in", deliveries.ids)], "context": {}}
        if len(deliveries) == 1:
            action |= {"views": [(False, "form")], "res_id": deliveries.id}
        return action

    def _after_replacement(self, unit):
        """The replacement was delivered: ``unit`` is what the customer has now."""
        self.ensure_one()
        self.replacement_unit_id = unit
        if self.unit_id and not self.unit_id.replaced_by_id:
            self.unit_id._replace_with(unit, fields.Date.context_today(self))
        self._take_over()
        self._finish()

    # Refund and scrap

    def _settle_refund(self):
        """The sale is undone: the delivered quantity falls, so that Odoo's sales show what was invoiced as creditable."""
        sudo_self = self.sudo()  # see _announce
        sudo_self.move_id.to_refund = True
        sale_lines = sudo_self.move_id.sale_line_id
        self.env.add_to_compute(sale_lines._fields["qty_delivered"], sale_lines)
        sale_lines.modified(["qty_delivered"])  # what is to be invoiced follows
        for record, lines in sudo_self.grouped("return_id").items():
            lines._end_units(self.env._("Refunded with %s.", record.name), "returned")
        self._tell_refund()
        self._take_over()
        self._finish()

    def _tell_refund(self):
        """Say where the money comes back from: the order shows it, or somebody makes the credit note by hand."""
        sudo_self = self.sudo()  # agents may have no right on sale orders
        for (record, order), lines in sudo_self.grouped(
            lambda line: (line.return_id, line.move_id.sale_line_id.order_id)
        ).items():
            record = record.sudo(False)
            hidden = lines.filtered(
                lambda line: line.move_id.sale_line_id.product_id.invoice_policy != "delivery"
            )
            hidden.sudo(False)._schedule_credit_note()
            if shown := lines - hidden:
                record._message_log(
                    body=self.env._(
                        "%(goods)s is refunded: %(order)s shows it as returned, what was invoiced of it is to be"
                        " credited.",
                        goods=", ".join(shown.mapped("display_name")),
                        order=order._get_html_link(),
                    )
                )

    def _schedule_credit_note(self):
        """No sale shows what to credit: the responsible of the return makes the credit note by hand.

        There is none, or its product is invoiced by what was ordered, whatever comes back.
        """
        for line in self:
            record = line.return_id
            user = record.user_id or self.env.user
            localised = line.with_context(lang=user.lang)
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=localised.env._("Make the credit note by hand"),
                note=localised._get_credit_note_text(),
                user_id=user.id,
            )
            record._message_log(body=line._get_credit_note_text())

    def _get_credit_note_text(self):
        self.ensure_one()
        order_sudo = self.sudo().move_id.sale_line_id.order_id  # see _tell_refund
        details = {
            "goods": self.display_name,
            "quantity": self.quantity,
            "uom": self.uom_id.name,
            "customer": self.partner_id.display_name,
        }
        if order_sudo:
            return self.env._(
                "%(goods)s (%(quantity)g %(uom)s) of %(customer)s is refunded, but %(order)s is invoiced by what was"
                " ordered: make the credit note by hand, or take the goods off the order if they are not invoiced yet.",
                order=order_sudo._get_html_link(),
                **details,
            )
        return self.env._(
            "%(goods)s (%(quantity)g %(uom)s) of %(customer)s is refunded, but no sale of it is known: make the credit"
            " note by hand.",
            **details,
        )

    def _settle_scrap(self):
        self._scrap()
        for line in self.sudo():  # see _announce
            if line.unit_id and line._is_whole_unit():
                line.unit_id._withdraw(
                    "scrapped",
                    fields.Date.context_today(line),
                    self.env._("Scrapped with %s.", line.return_id.name),
                )
        self._finish()

    def _is_whole_unit(self):
        unit, uom = self.unit_id, self.product_id.uom_id
        return (
            unit.has_serial
            or uom.compare(self.uom_id._compute_quantity(self.quantity, uom), unit.quantity) >= 0
        )

    def _end_units(self, reason, custody):
        """Take the quantities out of the units; those of which nothing is left end."""
        whole = self.env["after.sales.unit"]
        for line in self:
            unit = line.unit_id
            if not unit or unit.state == "ended" or unit in whole:
                continue
            if line._is_whole_unit():
                whole |= unit
            else:
                unit.quantity -= line.uom_id._compute_quantity(line.quantity, line.product_id.uom_id)
        whole._end(reason, custody=custody)

    # Goods

    def _take_over(self):
        """What was exchanged or refunded becomes ours where the policy says, else it is scrapped."""
        with_us = self.filtered(lambda line: not line.is_kept)
        ours = with_us.filtered(lambda line: line._get_take_over_location())
        for (partner, company, place), lines in ours.grouped(
            lambda line: (line.partner_id, line.company_id, line._get_take_over_location())
        ).items():
            goods = company.after_sales_goods_location_id
            customer = partner.with_company(company).property_stock_customer
            # What stays with us changes hands in the books only: nothing travels, so nothing is handed back.
            lines._transfer(partner, self.env["stock.picking.type"], goods, customer, "take_over")
            receipt = company.after_sales_receipt_type_id
            lines._transfer(partner, receipt, customer, place, "take_over", owned=False)
        (with_us - ours)._scrap()

    def _get_take_over_location(self):
        return self.policy_id.with_company(self.company_id).take_over_location_id

    def _scrap(self):
        lines_sudo = self.sudo().filtered(lambda line: not line.is_kept)  # see _announce
        vals_list = [
            line._prepare_scrap_vals(
                line.picking_id, line.product_id, line.lot_id, line.quantity, line.uom_id
            )
            for line in lines_sudo
        ]
        for line, scrap in zip(lines_sudo, self._create_scraps(vals_list), strict=True):
            line.scrap_id = scrap

    # End

    def _finish(self):
        """The goods are dealt with: date it, end the claim as it was decided, and let the call go on."""
        self.write({"state": "done", "date_done": fields.Datetime.now()})
        self._end_claims()
        self.return_id.filtered(lambda record: record.state == "closed")._after_closed()

    def _end_claims(self):
        """An authorised claim closes with what became of its unit; without one a repair counts by itself."""
        for line in self.sudo():  # whoever hands out the goods may have the outcome recorded
            claim = line.return_id.claim_id.filtered(lambda c, u=line.unit_id: c.unit_id == u)
            if claim.state == "authorised" and line.outcome in ("repair", "exchange", "refund"):
                claim.write({"outcome": line.outcome, "replacement_unit_id": line.replacement_unit_id.id})
                claim.action_close()
            elif line.outcome == "repair" and line.unit_id and claim.state not in ("draft", "checked"):
                today = fields.Date.context_today(line)
                line.unit_id._get_covering_warranties()[line.unit_id]._register_repair(
                    fields.Datetime.context_timestamp(line, line.date_received).date(),
                    today,
                    self.env._("Return %s", line.return_id.name),
                    line,
                )

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.after_sales_contract.models.groups import AGENT

from .after_sales_return_outcome import SETTLED


class AfterSalesReturnLine(models.Model):
    """In the workshop: inspected and accepted, repaired, sent to the supplier and back."""

    _inherit = "after.sales.return.line"

    # Inspection

    def action_accept(self):
        """The goods are what was announced and may be worked on (WA-21)."""
        self._ensure_state("received")
        self._ensure_reason()  # goods that came unannounced were taken in without one
        for line in self:
            if line.needs_inspection and not line.condition:
                raise UserError(self.env._("Say in which condition %s is.", line.display_name))
        self._ensure_other_goods_decided()
        self._note_inspection()
        self._accept()
        self.return_id._send_notice("accepted")

    def action_refuse(self):
        """The goods are not accepted: they go back as they are."""
        self._ensure_state("received", "accepted")
        self.return_id._ensure_agent()
        for line in self:
            if not line.refusal_reason:
                raise UserError(self.env._("Say why %s is not accepted.", line.display_name))
        self._note_inspection()
        self._cancel_repairs()
        self.write({"outcome": "hand_back"})
        self._set_ready(notice="refused")

    def _ensure_other_goods_decided(self):
        """What was let in is not what lies here: an agent decides, and says why, whether we go on with it."""
        for line in self.filtered("is_other_goods"):
            if not line.env.su and not line.env.user.has_group(AGENT):
                raise AccessError(
                    self.env._(
                        "%s is not what was authorised: ask an agent to accept it, or not to accept it.",
                        line.display_name,
                    )
                )
            if not line.other_goods_reason:
                raise UserError(
                    self.env._(
                        "%(goods)s is not what was authorised. Say in “%(field)s” why it is accepted all the same, or do"
                        " not accept it: then it goes back.",
                        goods=line.display_name,
                        field=line._fields["other_goods_reason"]._description_string(self.env),
                    )
                )

    def _note_inspection(self):
        """Write down who looked; a claim that is not decided yet keeps it as evidence."""
        seen = self.filtered(lambda line: line.condition and not line.date_inspected)
        seen.write({"inspected_by_id": self.env.uid, "date_inspected": fields.Datetime.now()})
        # sudo: whoever inspects the goods may have it noted on the claim they came with
        self.env["after.sales.claim.inspection"].sudo().create(
            [
                line._prepare_inspection_vals()
                for line in seen
                if line.return_id.claim_id.state in ("draft", "checked")
            ]
        )

    def _prepare_inspection_vals(self):
        self.ensure_one()
        return {
            "claim_id": self.return_id.claim_id.id,
            "user_id": self.env.uid,
            "condition": self.condition,
            "serial_read": self.serial,
            "note": self.findings,
            "attachment_ids": [Command.set(self.photo_ids.ids)],
        }

    def _accept(self):
        self.write({"state": "accepted"})
        self.filtered(
            lambda line: (
                line.outcome == "repair" and (line.policy_id.repair_on != "never" or line.sudo().repair_ids)
            )
        )._start_repair_if_agreed()

    # Repair

    def action_repair(self):
        """Send the goods to the workshop now; what the customer pays must be agreed before (HD-11)."""
        self._ensure_state("accepted")
        for line in self:
            if line._awaits_agreement():
                raise UserError(
                    self.env._(
                        "%(goods)s: the customer pays a part of the work. Quote it and wait for the answer, or"
                        " authorise %(call)s with a reason.",
                        goods=line.display_name,
                        call=line.ticket_id.name,
                    )
                )
        self.write({"outcome": "repair"})
        self._start_repair()

    def _awaits_agreement(self):
        """Whether the call of the goods is not authorised yet though the customer pays a part of the repair."""
        self.ensure_one()
        ticket = self.ticket_id
        if ticket.state in ("registered", "checked"):
            return bool(ticket._get_rows_to_quote())
        return ticket.state == "quoted"

    def _start_repair_if_agreed(self):
        self.filtered(lambda line: not line._awaits_agreement())._start_repair()

    def _start_repair(self):
        self._make_repairs()
        self.write({"state": "in_workshop"})
        self._move_custody("in_workshop")

    def _make_repairs(self):
        lines_sudo = self.sudo().filtered(  # technicians and agents may have no rights on repairs
            lambda line: not line.repair_ids.filtered(lambda repair: repair.state != "cancel")
        )
        self._create_repairs(
            [
                {
                    **line._prepare_repair_vals(
                        line.picking_id, line.product_id, line.lot_id, line.quantity, line.uom_id
                    ),
                    "internal_notes": line.note or line.return_id.note or line.fault_id.complete_name,
                    "after_sales_return_line_id": line.id,
                }
                for line in lines_sudo
            ]
        )

    def _cancel_repairs(self):
        repairs_sudo = self.sudo().repair_ids  # see _make_repairs
        repairs_sudo.filtered(lambda repair: repair.state not in ("done", "cancel")).action_repair_cancel()

    def _after_repair_done(self):
        """The repair order is done: the goods wait for their owner."""
        self.filtered(lambda line: line.state == "in_workshop")._set_ready()

    def action_not_repairable(self):
        """The goods cannot be repaired: choose exchange, refund, scrap or hand-back next (D73)."""
        self._ensure_state("accepted", "in_workshop")
        self._ensure_not_kept()
        for line in self:
            if not line.unrepairable_reason:
                raise UserError(self.env._("Say why %s cannot be repaired.", line.display_name))
        self._cancel_repairs()
        self.write({"state": "accepted", "is_unrepairable": True, "outcome": False})
        self._move_custody("received")

    def _set_ready(self, notice="ready"):
        """The goods wait for their owner, who is told so by the ``notice`` of their return."""
        self.write({"state": "ready", "date_ready": fields.Datetime.now()})
        self._move_custody("ready")
        self.return_id._send_notice(notice)

    # Supplier

    def action_send_to_supplier(self):
        """Send the goods to their suppliers, one transfer a supplier; they stay the customer's (D74)."""
        self._ensure_state("accepted", "in_workshop")
        self._ensure_not_kept()
        for line in self:
            if not line.supplier_id:
                raise UserError(self.env._("Say to which supplier %s goes.", line.display_name))
        for (supplier, company), lines in self.grouped(
            lambda line: (line.supplier_id, line.company_id)
        ).items():
            place = supplier.with_company(company).property_stock_supplier
            goods = company.after_sales_goods_location_id
            lines._transfer(supplier, company.after_sales_handback_type_id, goods, place, "supplier")
        self.write({"state": "at_supplier", "date_supplier_sent": fields.Date.context_today(self)})
        self._move_custody("at_supplier")

    def action_supplier_repaired(self):
        """The supplier did it: a repair order of ours that nothing was done on has lost its sense."""
        self._ensure_state("at_supplier")
        self._ensure_nothing_done_here()
        self._come_back_from_supplier()
        self._cancel_repairs()
        self.write({"outcome": "repair"})
        self._set_ready()

    def action_supplier_refused(self):
        """The supplier sent the goods back as they were: decide again."""
        self._come_back_from_supplier()
        self.write({"state": "accepted"})
        self._move_custody("received")

    def action_supplier_kept(self):
        """The supplier keeps the goods, or has scrapped them: decide what their owner gets instead.

        The transfer to the supplier was the last one: nothing is moved any more, and the unit ends with the outcome.
        """
        self._ensure_state("at_supplier")
        self._ensure_nothing_done_here()
        self._cancel_repairs()
        self.filtered(lambda line: line.outcome not in SETTLED).outcome = False
        self.write({"state": "accepted", "is_kept": True})
        for record, lines in self.grouped("return_id").items():
            record._message_log(
                body=self.env._("Kept by the supplier: %s", ", ".join(lines.mapped("display_name")))
            )

    def _ensure_nothing_done_here(self):
        """Parts and hours of our own workshop are charged when its repair order ends: it is not cancelled with them."""
        begun_sudo = self.sudo().repair_ids.filtered(  # see _make_repairs
            lambda repair: (
                repair.state not in ("done", "cancel") and (repair.after_sales_hours or repair.move_ids)
            )
        )
        if begun_sudo:
            raise UserError(
                self.env._(
                    "Parts or hours are written down on %(repairs)s. Finish or cancel it first.",
                    repairs=", ".join(begun_sudo.mapped("name")),
                )
            )

    @api.constrains("outcome", "is_kept")
    def _check_kept(self):
        self.filtered(lambda line: line.outcome and line.outcome not in SETTLED)._ensure_not_kept()

    def _ensure_not_kept(self):
        for line in self.filtered("is_kept"):
            raise UserError(
                self.env._("The supplier has kept %s: exchange, refund or scrap it.", line.display_name)
            )

    def _come_back_from_supplier(self):
        self._ensure_state("at_supplier")
        for (supplier, company), lines in self.grouped(
            lambda line: (line.supplier_id, line.company_id)
        ).items():
            place = supplier.with_company(company).property_stock_supplier
            goods = company.after_sales_goods_location_id
            lines._transfer(supplier, company.after_sales_receipt_type_id, place, goods, "supplier_back")

from odoo import fields, models
from odoo.fields import Domain


class RepairOrder(models.Model):
    """What a repair of returned goods costs and who pays it: its parts and its hours become charges."""

    _name = "repair.order"
    _inherit = ["repair.order", "after.sales.billable.mixin"]

    after_sales_hours = fields.Float("Hours of Work", copy=False, help="Charged as labour by the tariff.")

    _after_sales_hours_positive = models.Constraint(
        "CHECK (after_sales_hours IS NULL OR after_sales_hours >= 0)", "Hours of work cannot be negative."
    )

    def action_repair_done(self):
        result = super().action_repair_done()
        # sudo: who repairs neither sees prices nor writes charges
        repairs_sudo = self.sudo().filtered("after_sales_return_line_id")
        if repairs_sudo:
            self.env["after.sales.charge"].sudo()._make_from([repairs_sudo])
            repairs_sudo.filtered(lambda repair: not repair.after_sales_hours)._tell_no_hours()
        return result

    def _tell_no_hours(self):
        """Nobody wrote down how long it took, so no labour is charged: the responsible of the return asks."""
        for record, repairs in self.grouped(lambda r: r.after_sales_return_line_id.return_id).items():
            user = record.user_id
            localised = record.with_context(lang=user.lang or self.env.lang)
            note = localised.env._(
                "No working time was recorded for %s: no labour is charged. If it took time, charge it by hand.",
                ", ".join(repairs.mapped("display_name")),
            )
            if not user:  # whoever repairs may have no right on returns, so that it cannot be asked of him
                record._message_log(body=note)
                continue
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=localised.env._("No working time recorded"),
                note=note,
                user_id=user.id,
            )

    # after.sales.billable.mixin

    def _get_to_charge_domain(self):
        return Domain("state", "=", "done") & Domain("after_sales_return_line_id", "!=", False)

    def _get_charged_moves(self):
        return self.move_ids.filtered(lambda move: move.repair_line_type == "add" and move.state == "done")

    def _prepare_charge_vals_list(self):
        vals_list = []
        for repair in self:
            common = repair._prepare_charge_origin()
            for move in repair._get_charged_moves():
                vals_list.append(
                    repair._prepare_charge_vals(
                        "part",
                        f"part/{move.id}",
                        move.quantity,
                        product_id=move.product_id.id,
                        uom_id=move.product_uom.id,
                        **common,
                    )
                )
            if repair.after_sales_hours:
                vals_list.append(
                    repair._prepare_charge_vals(
                        "labour",
                        "labour",
                        repair.after_sales_hours,
                        band_id=repair._get_labour_band().id,
                        **common,
                    )
                )
        return vals_list

    def _get_labour_band(self):
        """Workshop hours are ordinary hours."""
        return self.env["after.sales.time.band"].search(
            [("is_overtime", "=", False), ("company_id", "in", [self.company_id.id, False])], limit=1
        )

    def _prepare_charge_origin(self):
        """For whom and on what occasion: what the returned goods and their call say."""
        self.ensure_one()
        line = self.after_sales_return_line_id
        ticket = line.ticket_id
        partner = ticket.contract_id.invoice_partner_id or line.partner_id
        return {
            "company_id": self.company_id.id,
            "partner_id": partner.address_get(["invoice"])["invoice"],
            "ticket_id": ticket.id,
            "contract_id": ticket.contract_id.id,
            "unit_id": line.unit_id.id,
            "fault_id": line.fault_id.id,
            "date": fields.Date.context_today(self),
        }

    def _get_real_cost(self, vals, tariff_line):
        if vals["kind"] != "part":
            return super()._get_real_cost(vals, tariff_line)
        # sudo: the value of a move is for stock and accounting users
        move_sudo = self.env["stock.move"].sudo().browse(int(vals["source_key"].rpartition("/")[2]))
        product_sudo = move_sudo.product_id.with_company(self.company_id)
        return abs(move_sudo.value) or move_sudo.quantity * product_sudo.standard_price

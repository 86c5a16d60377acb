from odoo import api, fields, models


class AccountMove(models.Model):
    """A deferred invoice cites the transport documents of the goods that it bills: number and date (L17, L18)."""

    _inherit = "account.move"

    after_sales_ddt_ids = fields.Many2many(
        "stock.picking",
        "after_sales_ddt_invoice_rel",
        "move_id",
        "picking_id",
        "Transport Documents",
        copy=False,
        domain="[('l10n_it_ddt_number', '!=', False), ('state', '=', 'done'), ('company_id', '=', company_id)]",
        help="Goods that travelled for the work on this invoice. The invoice cites them, each is cited once.",
    )
    after_sales_ddt_text = fields.Char(
        "Transport Documents Cited", compute="_compute_after_sales_ddt_text", compute_sudo=True
    )

    @api.depends(
        "after_sales_ddt_ids.l10n_it_ddt_number",
        "after_sales_ddt_ids.after_sales_ddt_date",
        "after_sales_ddt_ids.date_done",
    )
    @api.depends_context("lang", "tz")
    def _compute_after_sales_ddt_text(self):
        for move in self:
            numbered = move.after_sales_ddt_ids.filtered(lambda p: p.l10n_it_ddt_number and p.date_done)
            move.after_sales_ddt_text = ", ".join(numbered._get_ddt_text())

    def _get_ddts_billed(self):
        """The documents whose goods this invoice bills: none once it is cancelled or credited in full.

        Those of a call or visit whose charges were set free are left out: what bills them again cites them. One that
        a person chose stays.
        """
        self.ensure_one()
        credited = self.reversal_move_ids.filtered(lambda move: move.state == "posted")
        left = self.amount_total - sum(credited.mapped("amount_total"))
        if self.state == "cancel" or (credited and self.currency_id.compare_amounts(left, 0.0) <= 0):
            return self.after_sales_ddt_ids.browse()
        # sudo: an accountant need not read calls and transfers
        bills_sudo = (
            self.sudo()
            .with_context(active_test=False)
            .after_sales_entry_ids.filtered(lambda entry: entry.kind == "bill")
        )
        valid_sudo = bills_sudo.filtered("active")
        freed_sudo = (bills_sudo - valid_sudo).charge_id._get_goods_pickings()
        return self.after_sales_ddt_ids - (freed_sudo - valid_sudo.charge_id._get_goods_pickings())

    @api.depends("after_sales_ddt_ids", "state")
    def _compute_ddt_ids(self):
        return super()._compute_ddt_ids()

    def _get_ddt_values(self):
        """What was handed to the customer makes the invoice a deferred one (TD24), line by line."""
        values = super()._get_ddt_values()
        if self.move_type != "out_invoice" or self.state != "posted":
            return values
        # sudo: an accountant need not read transfers and calls to send the invoice
        handed_sudo = self.sudo().after_sales_ddt_ids.filtered(
            lambda picking: (
                picking.l10n_it_ddt_number
                and picking.state == "done"
                and picking.picking_type_code == "outgoing"
            )
        )
        if not handed_sudo:
            return values
        lines_sudo = self.sudo().invoice_line_ids.filtered(
            lambda line: line.display_type not in ("line_section", "line_subsection", "line_note")
        )
        for picking in handed_sudo.sorted("date_done"):
            tickets = picking.move_ids.after_sales_return_line_id.return_id.ticket_id
            numbers = [
                number
                for number, line in enumerate(lines_sudo, start=1)
                if line.after_sales_entry_ids.charge_id.ticket_id & tickets
            ]
            known = values.setdefault(picking.sudo(False), [])
            known += [number for number in numbers if number not in known]
        return values

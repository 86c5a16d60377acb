from odoo import api, fields, models


class AfterSalesUnitException(models.Model):
    """A stock move that could not be recorded in the installed base: the goods moved, the reason stays."""

    _name = "after.sales.unit.exception"
    _description = "Delivery Without Installed Unit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "product_id"

    move_id = fields.Many2one(
        "stock.move", "Stock Move", required=True, index=True, ondelete="cascade", readonly=True
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", index="btree_not_null", ondelete="cascade", readonly=True
    )
    product_id = fields.Many2one("product.product", index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To Solve"), ("solved", "Solved"), ("dropped", "Given Up")],
        required=True,
        default="open",
        tracking=True,
        readonly=True,
        index=True,
    )

    _open_uniq = models.UniqueIndex("(move_id) WHERE state = 'open'", "This stock move is reported already.")

    @api.model
    def _report(self, move, reason):
        """Note that ``move`` could not be recorded and ask a manager to look at it."""
        report = self.search([("move_id", "=", move.id), ("state", "=", "open")], limit=1)
        if report:
            report.reason = reason
            return report
        report = self.create(
            {
                "move_id": move.id,
                "picking_id": move.picking_id.id,
                "product_id": move.product_id.id,
                "company_id": move.company_id.id,
                "reason": reason,
            }
        )
        managers = (
            self.env.ref("after_sales_warranty.group_after_sales_manager")
            .sudo()
            .all_user_ids.filtered(lambda user: not user.share and move.company_id in user.company_ids)
        )
        report.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("No installed unit from %s", move.picking_id.name or move.reference),
            note=reason,
            user_id=(managers.sorted("id")[-1:] or self.env.user).id,
        )
        return report

    # === ACTIONS === #

    def action_retry(self):
        """Try again; what works is solved, what does not says why."""
        self.check_access("write")
        for report in self.filtered(lambda r: r.state == "open"):
            # Agents may not read stock moves; the move is the one that was reported.
            move_sudo = report.move_id.sudo()
            report.state = "solved"
            move_sudo._update_after_sales_units()
        failed = self.search([("move_id", "in", self.move_id.ids), ("state", "=", "open")])
        self.filtered(lambda r: r.state == "solved").activity_feedback(["mail.mail_activity_data_warning"])
        if failed:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "message": failed[0].reason,
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return True

    def action_drop(self):
        self.filtered(lambda r: r.state == "open").state = "dropped"
        self.activity_feedback(["mail.mail_activity_data_warning"])

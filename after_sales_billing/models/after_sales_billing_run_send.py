from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AfterSalesBillingRun(models.Model):
    """The invoices of a run go out: by Odoo's own sending in the background, or on paper. Nothing is sent twice."""

    _inherit = "after.sales.billing.run"

    send_invoices = fields.Boolean(
        default=lambda self: self.env.company.after_sales_billing_send,
        help="Posted invoices are sent in the background, each as its customer receives invoices, with its statement "
        "of work. Those that cannot be sent say why.",
    )
    sent_count = fields.Integer("Invoices Sent", compute="_compute_sending", compute_sudo=True)
    sending_count = fields.Integer("Being Sent", compute="_compute_sending", compute_sudo=True)
    unsent_count = fields.Integer("Not Sent", compute="_compute_sending", compute_sudo=True)

    @api.depends("move_ids.state", "move_ids.is_move_sent", "move_ids.sending_data")
    def _compute_sending(self):
        moves = self.env["account.move"]
        posted = Domain("after_sales_run_id", "in", self.ids) & Domain("state", "=", "posted")
        waiting = Domain("is_move_sent", "=", False)
        domains = {
            "sent_count": posted & ~waiting,
            "sending_count": posted & waiting & Domain("sending_data", "!=", False),
            "unsent_count": posted & waiting & Domain("sending_data", "=", False),
        }
        for fname, domain in domains.items():
            counts = dict(moves._read_group(domain, ["after_sales_run_id"], ["__count"]))
            for run in self:
                run[fname] = counts.get(run._origin, 0)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_send(self):
        """Send what is posted and was not sent yet; what cannot be sent says why on its lines."""
        self.ensure_one()
        moves = self._get_unsent()
        if not moves:
            raise UserError(self.env._("Every posted invoice of %s has been sent.", self.name))
        queued = self._queue_sending(moves)
        message = self.env._("Invoices being sent in the background: %s.", len(queued))
        if left := moves - queued:
            message += " " + self.env._(
                "Invoices that cannot be sent: %s; see the reason on their lines.", len(left)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if queued == moves else "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_print(self):
        """The posted invoices of these runs in one document, each followed by its statement of work."""
        moves = self.move_ids.filtered(lambda move: move.state == "posted").sorted("id")
        if not moves:
            raise UserError(self.env._("There is no posted invoice to print."))
        return self.env.ref("after_sales_billing.action_report_run_documents").report_action(moves)

    def action_view_unsent(self):
        return self._get_unsent()._after_sales_get_action()

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _post_invoices(self, moves):
        result = super()._post_invoices(moves)
        if self.send_invoices:
            self._queue_sending(moves)
        return result

    def _get_unsent(self):
        return self.move_ids.filtered(self._is_unsent)

    @api.model
    def _is_unsent(self, move):
        return move.state == "posted" and not move.is_move_sent and not move.sending_data

    def _queue_sending(self, moves):
        """Hand invoices over to Odoo's scheduled sending, as its own dialog does for many; return those handed over.

        What somebody else is sending at this moment is left to him.
        """
        locked = moves.try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset(["state", "is_move_sent", "sending_data"])
        by_reason = locked.filtered(self._is_unsent).grouped(self._get_sending_problem)
        for reason, group in by_reason.items():
            self.env["after.sales.billing.run.line"].search(
                Domain("run_id", "=", self.id) & Domain("move_id", "in", group.ids)
            ).reason = reason and self.env._("Not sent: %s", reason)
        ready = by_reason.get(False, moves.browse())
        if ready:
            user = self.env.user
            ready.sending_data = {"author_user_id": user.id, "author_partner_id": user.partner_id.id}
            self.env.ref("account.ir_cron_account_move_send")._trigger()
        return ready

    @api.model
    def _get_sending_problem(self, move):
        """Why an invoice cannot be sent, in words; False when nothing is known against it."""
        send = self.env["account.move.send"]
        if constraints := send._get_move_constraints(move):
            return next(iter(constraints.values()))
        methods = send._get_default_sending_methods(move)
        if "manual" in methods:
            return self.env._("the customer does not receive invoices by e-mail. Print it.")
        if "email" in methods and not move.partner_id.email:
            return self.env._("%s has no e-mail address.", move.partner_id.display_name)
        if not self.env.ref("account.ir_cron_account_move_send").sudo().active:
            return self.env._("the scheduled sending of invoices is switched off. Ask your administrator.")
        return False

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AfterSalesComplaint(models.Model):
    """How it ends: the customer's answer, closing, reopening, withdrawal."""

    _inherit = "after.sales.complaint"

    def action_accepted(self):
        """The customer is content with the decision."""
        self._check_state("decided", "executed")
        for complaint in self:
            complaint._check_communicated()
        self.customer_answer = "accepted"

    def _check_communicated(self):
        self.ensure_one()
        if not self.is_communicated:
            raise UserError(self.env._("The customer was not told the decision on %s yet.", self.name))

    def action_close(self):
        self._check_state("decided", "executed")
        for complaint in self:
            complaint._check_can_close()
        self._close()
        for complaint in self.filtered(lambda c: c.partner_id.email or c.email):
            complaint._send("after_sales_complaint.mail_template_closing")

    def _check_can_close(self):
        """Told, carried out, nothing urgent open; a refusal stays open as long as it can be contested."""
        self.ensure_one()
        self._check_communicated()
        if "planned" in self.measure_ids.mapped("state"):
            raise UserError(self.env._("%s has remedies that were not carried out yet.", self.name))
        if self.action_ids.filtered(lambda a: a.kind == "immediate" and a.state == "open"):
            raise UserError(self.env._("%s has an immediate action that is not done yet.", self.name))
        if (
            self.outcome in ("rejected", "partly")
            and self.customer_answer != "accepted"
            and self.appeal_until
            and self.appeal_until >= self._today()
        ):
            raise UserError(
                self.env._(
                    "%(name)s was not granted in full: it stays open until %(date)s, or until the customer accepts.",
                    name=self.name,
                    date=format_date(self.env, self.appeal_until),
                )
            )

    def _close(self):
        self.write({"state": "closed", "date_closed": fields.Datetime.now()})
        self._finish_steps(("close",))
        self._cancel_steps()
        self.activity_unlink(["after_sales_complaint.mail_activity_type_complaint"])

    def action_reopen(self):
        return self._open_reason("reopen")

    def action_withdraw(self):
        return self._open_reason("withdraw")

    def _open_reason(self, kind):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_reason_action"
        )
        action["context"] = {"default_complaint_id": self.id, "default_kind": kind}
        return action

    def _reopen(self, reason):
        self.ensure_one()
        self._check_state("closed", "cancelled")
        self.write(
            {
                "state": "assessed" if self.date_assessed else "acknowledged",
                "date_closed": False,
                "reopen_count": self.reopen_count + 1,
                "is_communicated": False,
                "customer_answer": False,
            }
        )
        kinds = ("answer",) if self.date_assessed else ("assess", "investigate", "answer")
        self._start_steps(kinds)
        self.message_post(body=self.env._("Reopened: %s", reason))

    def _withdraw(self, reason):
        self.ensure_one()
        self._check_state("received", "acknowledged", "assessed", "investigated", "appealed")
        self.decision_ids.filtered(lambda d: d.state in ("draft", "to_approve"))._drop()
        self.write({"state": "cancelled", "date_closed": fields.Datetime.now()})
        self._cancel_steps()
        self.activity_unlink(["after_sales_complaint.mail_activity_type_complaint"])
        self.message_post(body=self.env._("Withdrawn: %s", reason))

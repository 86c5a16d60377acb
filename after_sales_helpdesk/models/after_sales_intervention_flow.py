from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.after_sales_contract.models.groups import AGENT


class AfterSalesIntervention(models.Model):
    """How a visit goes: planned, under way, signed, done; and back."""

    _inherit = "after.sales.intervention"

    # Actions
    # -------

    def action_plan(self):
        self.check_access("write")
        for record in self:
            if record.state != "draft":
                raise UserError(self.env._("%s is planned already.", record.name))
            if not record.technician_ids or not record.date_start:
                raise UserError(self.env._("Choose who goes and when before you plan %s.", record.name))
        self._ensure_contract_runs()
        self.write({"state": "planned"})
        self._after_plan()

    def action_start(self):
        self.check_access("write")
        for record in self:
            if record.state not in ("draft", "planned"):
                raise UserError(self.env._("%s cannot start: it is done or cancelled.", record.name))
            if not record.technician_ids:
                raise UserError(self.env._("Choose who goes before %s starts.", record.name))
        self._ensure_contract_runs()
        self.write({"state": "in_progress", "date_started": fields.Datetime.now()})

    def action_travel(self):
        self._start_session("travel")

    def action_work(self):
        self._start_session("work")

    def action_wait(self):
        self._start_session("waiting")

    def action_stop(self):
        """Stop the clock of the technician's running session."""
        self.ensure_one()
        self.check_access("write")
        running = self.session_ids.filtered(lambda s: not s.date_stop)
        (self.running_session_id or running).write({"date_stop": fields.Datetime.now()})

    def action_done(self):
        self.check_access("write")
        self._ensure_can_be_done()
        self._done()

    def action_reopen(self):
        """Correct a visit: charges that are not billed are cancelled, and made anew when it is done again."""
        self.check_access("write")
        if not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("Ask an agent: only agents reopen an intervention."))
        for record in self:
            if record.state not in ("done", "cancelled"):
                raise UserError(self.env._("%s is not done.", record.name))
        self._cancel_visit_charges()
        self._drop_signature()
        self.write({"date_done": False})
        started = self.filtered("date_started")
        started.write({"state": "in_progress"})
        (self - started).write({"state": "draft"})

    def action_cancel(self):
        self.check_access("write")
        for record in self:
            if record.state == "done":
                raise UserError(self.env._("%s is done: reopen it before you cancel it.", record.name))
            if record.part_ids.move_id or record.collect_ids.move_id:
                raise UserError(
                    self.env._("%s moved goods already: finish it with its outcome instead.", record.name)
                )
            if record.session_ids:
                raise UserError(
                    self.env._(
                        "Somebody travelled or worked for %s: finish it with its outcome.", record.name
                    )
                )
        self.write({"state": "cancelled"})

    def action_send_report(self):
        self.ensure_one()
        template = self.env.ref("after_sales_helpdesk.mail_template_intervention_report")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Work Report"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id,
                "default_email_layout_xmlid": "mail.mail_notification_light",
            },
        }

    def action_view_pickings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return action | {"domain": [("id", "in", self._get_pickings().ids)], "context": {}}

    # Checks
    # ------

    def _ensure_open(self):
        """What was done is not changed behind the customer's signature: an agent reopens the visit first."""
        for record in self:
            if record.state in ("done", "cancelled"):
                raise UserError(self.env._("%s is finished: an agent can reopen it.", record.name))

    def _ensure_contract_runs(self):
        for record in self:
            # sudo: whether the contract is cancelled decides, whoever may read it
            if record.contract_id.sudo().state == "cancelled":
                raise UserError(
                    self.env._(
                        "The contract of %(visit)s, %(contract)s, is cancelled: take it off or choose another one.",
                        visit=record.name,
                        contract=record.contract_id.sudo().name,
                    )
                )

    def _ensure_can_be_done(self):
        for record in self:
            if record.state != "in_progress":
                raise UserError(self.env._("%s is not in progress.", record.name))
            if not record.outcome and not record.is_remote:
                raise UserError(self.env._("Say how %s ended: choose its outcome.", record.name))
            if record.outcome in ("second_visit", "refused") and not record.outcome_reason:
                raise UserError(
                    self.env._("Say why: the cause of the outcome of %s is missing.", record.name)
                )
            running = record.session_ids.filtered(lambda s: not s.date_stop)
            if running:
                names = ", ".join(running.technician_id.mapped("name"))
                raise UserError(self.env._("Stop the running session first: %s.", names))
            record._ensure_checklist()
            record._ensure_findings()

    def _ensure_checklist(self, outcomes=("solved",)):
        """Refuse a visit of these outcomes while required checks are open."""
        self.ensure_one()
        missing = self.check_ids.filtered(lambda check: check.is_required and not check._is_touched())
        if missing and self.outcome in outcomes:
            raise UserError(
                self.env._("The checklist is not finished: %s.", ", ".join(missing.mapped("name")))
            )

    # Flow
    # ----

    def _start_session(self, kind):
        """Start a session of the user (or the lead technician, when an agent writes it) and stop the running one."""
        self.ensure_one()
        self.check_access("write")
        if self.state in ("draft", "planned"):
            self.action_start()
        if self.state != "in_progress":
            raise UserError(self.env._("%s is not in progress.", self.name))
        technician = self._get_worker(self.env["resource.resource"]._get_own_technician())
        now = fields.Datetime.now()
        running = self.session_ids.filtered(lambda s: not s.date_stop and s.technician_id == technician)
        running.filtered(lambda s: s.date_start == now).unlink()
        running.exists().write({"date_stop": now})
        self.env["after.sales.session"].create(
            {"intervention_id": self.id, "technician_id": technician.id, "kind": kind, "date_start": now}
        )

    def _done(self):
        fresh = self._get_fitted_parts().filtered(lambda part: not part.move_id)
        fresh._consume()
        fresh._record_replacements()
        (self.part_ids - self._get_fitted_parts())._release()
        self.collect_ids._collect()
        self.write({"state": "done", "date_done": fields.Datetime.now()})
        self._make_visit_charges()
        self._after_done()

    def _after_plan(self):
        """Hook: the visits were just planned."""
        self.ticket_id._after_interventions_planned(self)

    def _after_done(self):
        """Hook: the visits are done, goods moved and charges made."""
        remote = self.filtered("is_remote")
        remote.ticket_id._after_remote_help()
        (self - remote).ticket_id._after_interventions_done(self - remote)

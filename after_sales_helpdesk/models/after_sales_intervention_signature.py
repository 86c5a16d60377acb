from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

#: What the customer reads and signs, beside times, parts and checklist.
FINDINGS = {"defect", "work_done"}


class AfterSalesIntervention(models.Model):
    """What the customer signed stays as he read it: who changes it takes the signature back first."""

    _inherit = "after.sales.intervention"

    # CRUD
    # ----

    def write(self, vals):
        """What was done long ago may be imported as it is; what is done here is changed by nobody."""
        if not {*FINDINGS, "date_start", "date_end", "technician_ids"}.isdisjoint(vals):
            self._ensure_open()
        for name in FINDINGS & vals.keys():
            self.filtered(
                lambda visit, name=name: (visit[name] or "") != (vals[name] or "")
            )._ensure_unsigned()
        return super().write(vals)

    # Actions
    # -------

    def action_sign(self):
        self.ensure_one()
        self._ensure_signable()
        lang = self._get_report_record().env.lang  # the customer reads and signs this screen
        return {
            "type": "ir.actions.act_window",
            "name": self.with_context(lang=lang).env._("Customer Signature"),
            "res_model": "after.sales.intervention.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_intervention_id": self.id, "lang": lang},
        }

    def action_unsign(self):
        """Take the signature back, to correct what was signed; the customer signs again."""
        self.check_access("write")
        for record in self:
            if record.state != "in_progress" or not record.signature:
                raise UserError(self.env._("%s is not signed, or it is finished.", record.name))
        self._drop_signature()

    # Checks
    # ------

    def _ensure_signable(self):
        for record in self:
            if record.state != "in_progress":
                raise UserError(self.env._("%s can be signed while it is in progress.", record.name))
            if record.signature:
                raise UserError(
                    self.env._(
                        "%(visit)s is signed already, by %(who)s.", visit=record.name, who=record.signed_by
                    )
                )
            # What is signed is locked: what finishing would ask for is asked before. No outcome may still be "solved".
            record._ensure_checklist(outcomes=("solved", False))
            record._ensure_findings(outcomes=("solved", False))

    def _ensure_findings(self, outcomes=("solved",)):
        """Refuse a visit of these outcomes that does not say what the customer is owed in writing (law.md L33).

        Of a repair that is what was wrong and what was done; nothing is wrong where one installs, maintains or trains.
        Who helped from afar neither took the goods over nor hands them back: he says what he did.
        """
        self.ensure_one()
        if not self.is_remote and self.outcome not in outcomes:
            return
        repaired = not self.is_remote and self.service_id.category in (False, "repair")
        if repaired and not self.fault_id and not (self.defect or "").strip():
            raise UserError(
                self.env._("The report of %s lacks the defect that was found: say what was wrong.", self.name)
            )
        if not (self.work_done or "").strip():
            raise UserError(self.env._("The report of %s lacks the work done: say what you did.", self.name))

    def _ensure_unsigned(self):
        for record in self:
            if record.signature and record.state == "in_progress":
                raise UserError(
                    self.env._(
                        "%(who)s has signed %(visit)s: take the signature back to change it, and have it signed again.",
                        who=record.signed_by,
                        visit=record.name,
                    )
                )

    # Flow
    # ----

    def _sign(self, signature, signed_by):
        """Hours end with the signature that confirms them."""
        self._ensure_signable()
        now = fields.Datetime.now()
        self.session_ids.filtered(lambda session: not session.date_stop).write({"date_stop": now})
        self.write({"signature": signature, "signed_by": signed_by, "signed_on": now})

    def _drop_signature(self):
        """Whose signature it was stays in the history."""
        for record in self.filtered("signature"):
            record.message_post(
                body=self.env._(
                    "The signature of %(who)s of %(when)s was taken back.",
                    who=record.signed_by,
                    when=format_datetime(self.env, record.signed_on, tz=record._get_zone()),
                )
            )
        self.write({"signature": False, "signed_by": False, "signed_on": False})

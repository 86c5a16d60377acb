from odoo import api, fields, models
from odoo.exceptions import UserError

from .after_sales_subcontract import TODO


class AfterSalesSubcontract(models.Model):
    """What the subcontractor does on his own page: accept, decline, report. The route has checked that it is his."""

    _inherit = "after.sales.subcontract"

    @api.model
    def _get_portal_domain(self):
        return [
            ("commercial_partner_id", "=", self.env.user.commercial_partner_id.id),
            ("state", "not in", ("draft", "cancelled")),
        ]

    def _accept(self):
        self._ensure_state("sent")
        self.write({"state": "accepted"})
        self._tell(self.env._("%s accepted the order.", self.partner_id.name))

    def _decline(self, reason):
        """:raise UserError: without a reason"""
        self._ensure_state("sent", "accepted")
        if not reason:
            raise UserError(self.env._("Please say why you decline."))
        self.write({"state": "declined", "decline_reason": reason})
        self._tell(self.env._("%(partner)s declined: %(why)s", partner=self.partner_id.name, why=reason))

    def _report(self, values, uploads):
        """Take the report of the work.

        :param values: date_start, date_end (UTC), work_done, parts_used, outcome, outcome_reason, signed_by
        :param uploads: checked photos, ``tools.uploads.Upload`` of the warranty addon
        :raise UserError: when something is missing
        """
        self._ensure_state("sent", "accepted")
        for field in ("date_start", "date_end", "work_done", "outcome"):
            if not values.get(field):
                raise UserError(
                    self.env._("Please fill in: %s.", self._fields[field]._description_string(self.env))
                )
        if values["outcome"] in ("second_visit", "refused") and not values.get("outcome_reason"):
            raise UserError(self.env._("Please give the cause of this outcome."))
        self.write(
            {
                **values,
                "state": "reported",
                "date_reported": fields.Datetime.now(),
                "cost": self.cost or self.price,
            }
        )
        self.photo_ids |= self.env["after.sales.unit"]._store_uploads(self, uploads)
        self._tell(self.env._("%s reported the work.", self.partner_id.name))

    def _tell(self, text):
        """Let the responsible know, who decides what is next; what he was told before is overtaken."""
        self.message_post(body=text, author_id=self.partner_id.id)
        self.activity_unlink([TODO])
        self.activity_schedule(TODO, note=text, user_id=(self.user_id or self.create_uid).id)

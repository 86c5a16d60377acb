from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .after_sales_ticket_flow import FINISHED

FIELDS = (
    "partner_id",
    "contact_name",
    "contact_email",
    "contact_phone",
    "description",
    "service_id",
    "fault_id",
)
"""What the call that stays takes over when it lacks it."""
FIELDS_OF_OBJECT = ("unit_id", "serial", "product_id", "site_id", "contract_id")
"""The same, from calls that are not about something else."""


class AfterSalesTicket(models.Model):
    """Two calls about one trouble become one: the other is cancelled and points at it."""

    _inherit = "after.sales.ticket"

    merged_into_id = fields.Many2one(
        "after.sales.ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        tracking=True,
    )
    merged_ids = fields.One2many("after.sales.ticket", "merged_into_id", string="Merged Calls")

    def action_merge(self):
        """Ask into which call these are to be merged; opened from one call or from a list.

        Open calls about the same unit are proposed; those of a customer may be about anything: a person adds them.
        """
        alone = self if len(self) == 1 and self.unit_id else self.browse()
        others = alone
        if alone:
            about_it = Domain(alone._get_similar_domain()) & Domain("unit_id", "=", alone.unit_id.id)
            others = self.search(about_it)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Calls"),
            "res_model": "after.sales.ticket.merge",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_ticket_ids": (self | others).ids,
                "default_target_id": min((self | others).ids, default=False),
            },
        }

    def _merge_into(self, target):
        """Close these calls in favour of the target, which gets their messages, files, followers and work.

        Raises ``UserError`` for calls of different customers or companies, finished ones and those that the customer
        was quoted for: nothing that was promised moves to another number.
        """
        (self | target).check_access("write")
        self._check_merge(target)
        for ticket in self:
            target.message_subscribe(partner_ids=ticket.message_partner_ids.ids)
            ticket._message_move_to(target)
        self._work_move_to(target)
        self.write({"merged_into_id": target.id, "cancel_reason": self.env._("Merged into %s", target.name)})
        # One message tells the customer, that of the call that stays.
        self.with_context(after_sales_silent=True)._move_to("cancelled")
        words = target.with_context(lang=target.partner_id.lang or self.env.lang).env
        target.message_post(
            body=words._("Merged into this call: %s", ", ".join(self.mapped("name"))),
            subtype_xmlid="mail.mt_comment",
            partner_ids=target.partner_id.ids,
        )
        for ticket in self:
            # The target's own word stays where a unit or a customer would bring another.
            own = [self._fields[name] for name in FIELDS_OF_OBJECT if not target._lacks(name)]
            with self.env.protecting(own, target):
                target.write(ticket._prepare_merge_vals(target))

    def _prepare_merge_vals(self, target):
        """What this call knows and the target does not."""
        self.ensure_one()
        names = [*FIELDS, *(FIELDS_OF_OBJECT if self._is_about_same(target) else ())]
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in names
            if self[name] and target._lacks(name)
        }

    def _get_merged_url(self):
        """The page of the call that took over; without a key where it may be another customer's."""
        self.ensure_one()
        target = self.merged_into_id
        same = target.commercial_partner_id and target.commercial_partner_id == self.commercial_partner_id
        return target.get_portal_url() if same else target.access_url

    def _is_about_same(self, target):
        """Whether nothing in this call says that it is about another thing than the target."""
        return all(
            self[name] == target[name]
            for name in ("unit_id", "serial", "product_id")
            if self[name] and target[name]
        )

    def _lacks(self, name):
        """Whether the call does not know it: a site that is but the customer is a default, a unit has a serial."""
        self.ensure_one()
        if name == "description":
            return not self._has_description()
        if name == "site_id":
            return not self.unit_id and self.site_id in (self.partner_id, self.partner_id.browse())
        if name == "serial":
            return not self.serial and not self.unit_id
        return not self[name]

    def _message_move_to(self, target):
        """Messages and files change the record they hang on; the system's own log stays."""
        self.ensure_one()
        messages_sudo = (
            self.message_ids.sudo()
        )  # messages may only be moved by the system; both calls were checked
        messages_sudo = messages_sudo.filtered(lambda m: m.message_type in ("comment", "email"))
        files_sudo = self.env["ir.attachment"].sudo()
        files_sudo = files_sudo.search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        (
            files_sudo | messages_sudo.attachment_ids.filtered(lambda a: a.res_model == self._name)
        ).res_id = target.id
        messages_sudo.write({"res_id": target.id})

    def _work_move_to(self, target):
        """Visits, goods, loaners, charges and what is planned to be done change their call, and nothing else of them."""
        # sudo: also those of other technicians; both calls were checked
        calls_sudo = self.sudo()
        visits_sudo = calls_sudo.intervention_ids
        for records_sudo in calls_sudo._get_work_of_call():
            # What was done stays as it was done: on that unit, by that service, with that checklist.
            kept = [
                field
                for field in records_sudo._fields.values()
                if field.store and field.compute and not field.readonly
            ]
            with self.env.protecting(kept, records_sudo):
                records_sudo.write({"ticket_id": target.id})
        calls_sudo.activity_ids.write({"res_id": target.id})
        (self | target).invalidate_recordset(["activity_ids"])
        if visits_sudo.filtered(lambda visit: visit.state in ("planned", "in_progress")):
            target._after_interventions_planned(visits_sudo)
        if visits_sudo:
            target.sudo()._sync_arrival()
            target._after_remote_help()

    def _get_work_of_call(self):
        """What names one of these calls and is to name the call that stays, a recordset a model."""
        return [self.intervention_ids, self.return_ids, self.loan_ids, self.visit_charge_ids]

    def _check_merge(self, target):
        if not self or target in self:
            raise UserError(self.env._("Choose at least two calls and the one that stays."))
        customers = (self | target).commercial_partner_id
        if len(customers) > 1 or len((self | target).company_id) > 1:
            raise UserError(self.env._("Only calls of one customer can be merged."))
        for ticket in self | target:
            if ticket.state in FINISHED:
                raise UserError(self.env._("%s is finished: it cannot be merged.", ticket.name))
        for ticket in self:
            ticket._check_work_can_move(target)
            if ticket.sale_order_id or ticket.claim_id:
                raise UserError(
                    self.env._(
                        "%s has a quotation or a warranty claim: let it be the call that stays.", ticket.name
                    )
                )

    def _check_work_can_move(self, target):
        """Who goes there has an authorised call; help on the telephone may be given on every open one."""
        self.ensure_one()
        # sudo: also those of other technicians
        visits_sudo = self.sudo().intervention_ids.filtered(
            lambda visit: not visit.is_remote and visit.state not in ("draft", "cancelled")
        )
        if visits_sudo and target.state not in ("authorised", "planned"):
            raise UserError(
                self.env._(
                    "%(call)s has interventions, %(visits)s, and %(other)s is not authorised: let it be the call that"
                    " stays.",
                    call=self.name,
                    visits=", ".join(visits_sudo.mapped("name")),
                    other=target.name,
                )
            )

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

MANAGERS = "after_sales_warranty.group_after_sales_manager"
ASKED = "after_sales_contract.mail_activity_type_approval"


class AfterSalesService(models.Model):
    """The procedure of a service: a working text that managers write, ask approval for and approve, and its versions.
    Whoever works by it reads the approved version only."""

    _name = "after.sales.service"
    _inherit = ["after.sales.service", "mail.thread", "mail.activity.mixin"]

    procedure = fields.Html(
        "Working Text",
        translate=True,
        groups=MANAGERS,
        help="Work follows it once a manager has approved it.",
    )
    procedure_ids = fields.One2many("after.sales.service.procedure", "service_id", "Versions")
    approved_procedure = fields.Html(
        compute="_compute_approved_procedure", help="The last approved version: what calls and visits follow."
    )
    procedure_version = fields.Integer(default=0, readonly=True, copy=False)
    procedure_author_id = fields.Many2one(
        "res.users", "Text by", readonly=True, copy=False, help="Who changed the working text last."
    )
    procedure_asked_on = fields.Date("Approval Asked on", readonly=True, copy=False)
    procedure_approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    procedure_approved_on = fields.Date(readonly=True, copy=False)
    procedure_state = fields.Selection(
        [("draft", "Draft"), ("asked", "Approval Asked"), ("approved", "Approval Given")],
        "Procedure Is",
        compute="_compute_procedure_state",
        groups=MANAGERS,
    )

    @api.depends("procedure", "procedure_asked_on", "procedure_approved_on")
    def _compute_procedure_state(self):
        for service in self:
            if is_html_empty(service.procedure):
                service.procedure_state = False
            elif service.procedure_approved_on:
                service.procedure_state = "approved"
            else:
                service.procedure_state = "asked" if service.procedure_asked_on else "draft"

    @api.depends("procedure_ids.version")
    @api.depends_context("lang")
    def _compute_approved_procedure(self):
        for service in self:
            service.approved_procedure = service.procedure_ids.sorted("version", reverse=True)[:1].procedure

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                {**vals, "procedure_author_id": self.env.uid} if vals.get("procedure") else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        """A changed procedure has to be approved anew; one that was saved as it is does not."""
        if (
            "procedure" in vals
            and "procedure_approved_on" not in vals
            and self._is_text_changed(vals["procedure"])
        ):
            vals = {
                **vals,
                "procedure_author_id": self.env.uid,
                "procedure_asked_on": False,
                "procedure_approved_by_id": False,
                "procedure_approved_on": False,
            }
            self._end_asking()
        return super().write(vals)

    def _is_text_changed(self, text):
        field = self._fields["procedure"]
        # sudo: the working text is for managers; anybody else is refused by the write itself
        services_sudo = self.sudo()
        return any(
            (service.procedure or "") != (field.convert_to_cache(text, service) or "")
            for service in services_sudo
        )

    # === APPROVAL ===#

    def action_ask_approval(self):
        """Ask the other managers to read the working text and approve it: an activity for each of them.

        :raise AccessError: for whoever may not manage services
        :raise UserError: when there is nothing to approve, or nobody else who may
        """
        self.check_access("write")
        for service in self:
            service._ensure_unapproved()
            if not (others := service._get_other_managers()):
                raise UserError(
                    self.env._(
                        "There is no other manager to ask: approve the text of %s yourself.", service.name
                    )
                )
            service.procedure_asked_on = fields.Date.context_today(service)
            for manager in others - service.activity_search([ASKED]).user_id:
                service.activity_schedule(
                    ASKED,
                    user_id=manager.id,
                    summary=service.with_context(lang=manager.lang).env._(
                        "Read and approve the procedure of %s", service.with_context(lang=manager.lang).name
                    ),
                )

    def action_approve_procedure(self):
        """Make the working text the next version, in all its languages (HD-32).

        :raise AccessError: for whoever may not manage services
        :raise UserError: when there is nothing to approve, or it is one's own and another manager can read it
        """
        self.check_access("write")
        for service in self:
            service._ensure_unapproved()
            own = service.procedure_author_id == self.env.user and not self.env.su
            if own and service._get_other_managers():
                if service.procedure_asked_on:
                    raise UserError(
                        self.env._(
                            "%s: you wrote this text and asked for its approval: another manager approves it.",
                            service.name,
                        )
                    )
                raise UserError(
                    self.env._(
                        "%s: you wrote this text. Ask for approval, so that another manager reads it.",
                        service.name,
                    )
                )
            service.write(
                {
                    "procedure_version": service.procedure_version + 1,
                    "procedure_approved_by_id": self.env.uid,
                    "procedure_approved_on": fields.Date.context_today(service),
                }
            )
            service.message_post(body=self.env._("Procedure approved: version %s", service.procedure_version))
        self._end_asking()
        self._keep_versions()

    def _ensure_unapproved(self):
        self.ensure_one()
        if is_html_empty(self.procedure) or self.procedure_approved_on:
            raise UserError(self.env._("%s: write or change the procedure before you approve it.", self.name))

    def _get_other_managers(self):
        """Managers who may approve what the author wrote."""
        self.ensure_one()
        domain = [("all_group_ids", "in", self.env.ref(MANAGERS).id), ("share", "=", False)]
        if self.company_id:
            domain.append(("company_ids", "in", self.company_id.ids))
        # sudo: who manages services need not read users
        return self.env["res.users"].sudo().search(domain) - (self.procedure_author_id or self.env.user)

    def _end_asking(self):
        """The text changed or was approved: nobody is asked any more."""
        self.activity_unlink([ASKED])

    def _keep_versions(self):
        """Write down what was approved: versions are made here only."""
        # sudo: nobody may write versions, not even a manager
        versions_sudo = self.env["after.sales.service.procedure"].sudo().with_context(lang="en_US")
        for service in self:
            version = versions_sudo.create(
                {
                    "service_id": service.id,
                    "version": service.procedure_version,
                    "procedure": service.with_context(lang="en_US").procedure,
                    "author_id": service.procedure_author_id.id,
                    "approved_by_id": service.procedure_approved_by_id.id,
                    "approved_on": service.procedure_approved_on,
                }
            )
            translations = defaultdict(dict)
            for term in service.get_field_translations("procedure")[0]:
                if term["value"] and term["lang"] != "en_US":
                    translations[term["lang"]][term["source"]] = term["value"]
            version.update_field_translations("procedure", translations)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AfterSalesWaiverDeclare(models.TransientModel):
    """Record that an owner declines or gives up cover, or loses it, with what he was told."""

    _name = "after.sales.waiver.declare"
    _description = "Declare a Waiver or Loss of Cover"

    unit_id = fields.Many2one("after.sales.unit", "Installed Unit", required=True)
    kind = fields.Selection(
        lambda self: self.env["after.sales.waiver"]._get_kinds(), required=True, default="offer"
    )
    warranty_id = fields.Many2one(
        "after.sales.warranty",
        compute="_compute_warranty_id",
        store=True,
        readonly=False,
        domain="[('unit_id', '=', unit_id), ('ended_by', '=', False)]",
    )
    partner_id = fields.Many2one(related="unit_id.partner_id", string="Customer")
    declared_by = fields.Char(
        compute="_compute_declared_by", store=True, readonly=False, help="Name of the person who said so."
    )
    date = fields.Date("Declared On", required=True, default=fields.Date.context_today)
    text = fields.Text(
        "Consequences", compute="_compute_text", store=True, readonly=False, precompute=True, required=True
    )
    reason = fields.Char()
    fault_id = fields.Many2one("after.sales.fault")
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")

    @api.depends("kind")
    def _compute_warranty_id(self):
        for wizard in self:
            wizard.warranty_id = False if wizard.kind == "offer" else wizard.warranty_id

    @api.depends("unit_id")
    def _compute_declared_by(self):
        for wizard in self:
            wizard.declared_by = wizard.unit_id.partner_id.name

    @api.depends("kind", "unit_id")
    def _compute_text(self):
        for wizard in self:
            lang = wizard.unit_id.partner_id.lang or self.env.lang
            wizard.text = (
                self.env["after.sales.waiver"].with_context(lang=lang)._get_default_text(wizard.kind)
            )

    def _prepare_waiver_vals(self):
        self.ensure_one()
        return {
            "kind": self.kind,
            "unit_id": self.unit_id.id,
            "warranty_id": self.warranty_id.id if self.kind != "offer" else False,
            "partner_id": self.unit_id.partner_id.id,
            "declared_by": self.declared_by,
            "date": self.date,
            "text": self.text,
            "reason": self.reason,
            "fault_id": self.fault_id.id if self.kind == "loss" else False,
            "attachment_ids": [Command.set(self.attachment_ids.ids)],
            "user_id": self.env.user.id,
        }

    def action_declare(self):
        self.ensure_one()
        self.unit_id.check_access("write")
        if self.kind != "offer" and self.warranty_id.unit_id != self.unit_id:
            raise UserError(self.env._("Choose a warranty of %s.", self.unit_id.display_name))
        if self.kind == "waiver":
            self.warranty_id._ensure_may_be_waived(self.date)
        # A declaration is written through this form only, and never again.
        waiver_sudo = self.env["after.sales.waiver"].sudo().create(self._prepare_waiver_vals())
        # Only what was uploaded here; a file that belongs to another document stays with it.
        uploaded_sudo = waiver_sudo.attachment_ids.filtered(
            lambda f: not f.res_id and f.create_uid == self.env.user
        )
        uploaded_sudo.write({"res_model": waiver_sudo._name, "res_id": waiver_sudo.id})
        waiver_sudo._apply()
        return self.unit_id._get_record_action_for(waiver_sudo)

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class AfterSalesWaiver(models.Model):
    """What an owner gave up or lost, after he was told what it means: the text stays as he read it."""

    _name = "after.sales.waiver"
    _description = "Waiver or Loss of Cover"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "unit_id"
    _check_company_auto = True

    kind = fields.Selection("_get_kinds", required=True, readonly=True, index=True)
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    warranty_id = fields.Many2one(
        "after.sales.warranty", index="btree_not_null", readonly=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one("res.partner", "Customer", index=True, readonly=True, ondelete="restrict")
    declared_by = fields.Char(readonly=True, help="Who said so, as he gave his name.")
    date = fields.Date("Declared On", required=True, readonly=True, default=fields.Date.context_today)
    text = fields.Text("Consequences", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    fault_id = fields.Many2one("after.sales.fault", index="btree_not_null", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence", readonly=True)
    user_id = fields.Many2one("res.users", "Recorded By", readonly=True, default=lambda self: self.env.user)

    @api.model
    def _get_kinds(self):
        names = {
            "offer": self.env._("Extension declined"),
            "waiver": self.env._("Warranty waived"),
            "loss": self.env._("Cover lost by misuse"),
        }
        return list(names.items())

    @api.model
    def _get_default_text(self, kind):
        """What it means, in the language of the environment."""
        if kind == "offer":
            return self.env._(
                "If the extension of the warranty is declined, the customer pays for repairs once the present "
                "cover has ended. The rights that law gives him are not affected."
            )
        if kind == "waiver":
            return self.env._(
                "The customer gives up this commercial warranty. From the date of this declaration repairs "
                "that only this warranty would pay are paid by him. The rights that law gives him against "
                "the seller are free of charge and are not affected."
            )
        return self.env._(
            "The cover of this warranty ends because the unit was used against its conditions, for the "
            "reason stated here. From this date repairs that only this warranty would pay are paid by the "
            "customer. He may contest the decision. The rights that law gives him are not affected."
        )

    @api.constrains("kind", "warranty_id", "fault_id", "attachment_ids", "reason")
    def _check_grounds(self):
        for waiver in self:
            if waiver.kind != "offer" and not waiver.warranty_id:
                raise ValidationError(self.env._("Choose the warranty that is waived or lost."))
            if waiver.kind == "loss" and not (
                waiver.reason and (waiver.fault_id._is_misuse() or waiver.attachment_ids)
            ):
                raise ValidationError(
                    self.env._(
                        "A warranty is lost by misuse only with a reason and with proof: a fault that is marked "
                        "as misuse, or a file that shows it."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A declaration is evidence and is not deleted."))

    def _apply(self):
        """Write the ledger and the notes of new declarations."""
        for waiver in self:
            if waiver.warranty_id:
                waiver.warranty_id._add_event(
                    "waiver" if waiver.kind == "waiver" else "void",
                    waiver.date,
                    reason=waiver.reason or waiver.display_name,
                    res_model=waiver._name,
                    res_id=waiver.id,
                )
            kinds = dict(waiver._get_kinds())
            waiver.unit_id.message_post(
                body=self.env._(
                    "%(kind)s, declared by %(who)s on %(date)s. %(text)s",
                    kind=kinds[waiver.kind],
                    who=waiver.declared_by or waiver.partner_id.display_name or "",
                    date=format_date(self.env, waiver.date),
                    text=waiver.text,
                )
            )

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Declaration %s", self.unit_id.display_name)

    def action_print(self):
        return self.env.ref("after_sales_warranty.action_report_waiver").report_action(self)

import base64

from odoo import fields, models
from odoo.exceptions import UserError

REPORT = "l10n_it_stock_ddt.action_report_ddt"


class AfterSalesDdtMixin(models.AbstractModel):
    """A record whose goods travel with transport documents: for people without a right on stock."""

    _name = "after.sales.ddt.mixin"
    _description = "Record with Transport Documents"

    ddt_names = fields.Char("DDT", compute="_compute_ddt_names", compute_sudo=True)
    has_ddt = fields.Boolean(compute="_compute_ddt_names", compute_sudo=True)

    def _get_ddt_pickings(self):
        """Hook: the transfers of the goods, as superuser."""
        return self.env["stock.picking"].sudo()

    def _compute_ddt_names(self):
        for record in self:
            pickings = record._get_ddt_pickings()
            record.ddt_names = ", ".join(pickings.filtered("l10n_it_ddt_number").mapped("l10n_it_ddt_number"))
            record.has_ddt = bool(record.ddt_names) or any(
                picking._is_pickup_document() for picking in pickings
            )

    def action_print_ddt(self):
        """Print the transport documents of this record; a pick-up that is about to start gets its number now."""
        self.ensure_one()
        self.check_access("read")
        pickings_sudo = self._get_ddt_pickings()
        pickings_sudo._number_pickups()
        numbered_sudo = pickings_sudo.filtered(lambda p: p.l10n_it_ddt_number and p.state != "cancel")
        if not numbered_sudo:
            raise UserError(self.env._("%s has no transport document yet.", self.display_name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._store_ddt(numbered_sudo).id}?download=true",
            "target": "download",
        }

    def _store_ddt(self, pickings):
        """The printed documents as one file on this record, where its readers find it."""
        content, kind = self.env["ir.actions.report"].sudo()._render_qweb_pdf(REPORT, pickings.ids)
        name = f"DDT {', '.join(pickings.mapped('l10n_it_ddt_number'))}.{kind}".replace("/", "-")
        attachment_sudo = self.env["ir.attachment"].sudo()  # who may read the record may print its documents
        attachment_sudo.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)]
        ).unlink()
        return attachment_sudo.create(
            {
                "name": name,
                "res_model": self._name,
                "res_id": self.id,
                "datas": base64.b64encode(content if isinstance(content, bytes) else content.encode()),
            }
        )

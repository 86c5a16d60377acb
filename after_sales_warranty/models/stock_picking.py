import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .after_sales_unit_birth import NOT_OURS

_logger = logging.getLogger(__name__)


class StockPicking(models.Model):
    """The units of a delivery; it sends its customer their warranty cards, once done and apart from it."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "after.sales.card.source"]

    after_sales_unit_count = fields.Integer(
        compute="_compute_after_sales_unit_count", groups="after_sales_warranty.group_after_sales_technician"
    )
    after_sales_card_state = fields.Selection(
        [("to_send", "To Send"), ("sent", "Sent"), ("failed", "Not Sent")],
        "Warranty Cards",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    after_sales_has_cards = fields.Boolean("Has Warranty Cards", compute="_compute_after_sales_has_cards")

    def _compute_after_sales_unit_count(self):
        counts = dict(
            self.env["after.sales.unit"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.after_sales_unit_count = counts.get(picking, 0)

    def action_view_after_sales_units(self):
        self.ensure_one()
        return self.env["after.sales.unit"]._get_list_action([("picking_id", "=", self.id)])

    def _compute_after_sales_has_cards(self):
        # A stock user need not read units to know that there are some.
        unit_sudo = self.env["after.sales.unit"].sudo()
        rows = unit_sudo._read_group(
            [("picking_id", "in", self.ids), ("warranty_ids", "!=", False)], ["picking_id"]
        )
        with_cards = {picking.id for (picking,) in rows}
        for picking in self:
            picking.after_sales_has_cards = picking.id in with_cards

    def _get_after_sales_unit_domain(self):
        return Domain("picking_id", "in", self.ids)

    def _action_done(self):
        res = super()._action_done()
        self.filtered(
            lambda picking: picking.state == "done" and picking.company_id.after_sales_card_mail
        )._queue_after_sales_cards()
        return res

    # === AFTER-SALES === #

    def _queue_after_sales_cards(self):
        """Note that the cards are to be sent; the job does it, so that nothing here waits or fails."""
        queued = self.filtered(
            lambda picking: picking.after_sales_has_cards and picking._get_after_sales_card_partner().email
        )
        if queued:
            queued.after_sales_card_state = "to_send"
            # Who validates a delivery need not have rights on jobs.
            job = self.env.ref("after_sales_warranty.ir_cron_send_cards", raise_if_not_found=False)
            if job:
                job.sudo()._trigger()
        return queued

    def action_send_warranty_cards(self):
        """Send the cards, again if they were sent before. Raises UserError when the customer has no address."""
        self.check_access("write")
        missed = self - self._queue_after_sales_cards()
        if missed:
            raise UserError(
                self.env._(
                    "%s: there is no warranty card, or the customer has no e-mail address.",
                    ", ".join(missed.mapped("name")),
                )
            )
        return True

    @api.model
    def _cron_send_after_sales_cards(self, batch_size=20):
        """Send the cards of deliveries that wait. One that fails does not stop the others."""
        waiting = Domain("after_sales_card_state", "=", "to_send")
        pickings = self.search(waiting, order="id", limit=batch_size)
        remaining = self.search_count(waiting)
        for picking in pickings:
            picking._send_after_sales_cards()
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    def _send_after_sales_cards(self):
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.message_post_with_source(
                    self.env.ref("after_sales_warranty.mail_template_warranty_cards"),
                    email_layout_xmlid="mail.mail_notification_light",
                    subtype_xmlid="mail.mt_comment",
                    force_send=False,
                )
        except NOT_OURS:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the goods have left and a person is told
            self.env.invalidate_all()
            _logger.info("Warranty cards of picking %s were not sent", self.id, exc_info=True)
            self.after_sales_card_state = "failed"
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("The warranty cards were not sent: print or send them again."),
                user_id=(self.user_id or self.env.user).id,
            )
        else:
            self.after_sales_card_state = "sent"

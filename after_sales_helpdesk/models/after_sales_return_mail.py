from odoo import models


class AfterSalesReturn(models.Model):
    """What the customer is told of goods that no call speaks for: at each step, in his language, with his own link."""

    _inherit = "after.sales.return"

    def _send_notice(self, step):
        """Send the notice of a step; a return of a call sends none: the stages of the call tell how it goes."""
        self.filtered(lambda record: not record.ticket_id)._post_notice(step)

    def _send_exchange_notice(self):
        """Say which goods were exchanged for which: no stage of a call does.

        Whose return ends with the exchange reads it where he is told that it is finished.
        """
        self.filtered(lambda record: record.ticket_id or record.state != "closed")._post_notice("exchanged")

    def _post_notice(self, step):
        """Send ``mail_template_return_<step>`` to who has an address; archived, it is not sent."""
        xmlid = f"after_sales_helpdesk.mail_template_return_{step}"
        template_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)  # a cached answer, False when deleted
        # sudo: whoever handles goods need not read templates
        template_sudo = self.env["mail.template"].sudo().browse(template_id or [])
        if not template_sudo.active:
            return
        for record in self.filtered("partner_id.email"):
            record.message_post_with_source(
                template_sudo,
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="mail.mt_note",
            )

import logging

from odoo import api, models

from ..tools.mail import is_auto_reply

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """A machine's answer to one of our mails must not open a call: two helpdesks would answer each other."""
        model, thread_id = route[:2]
        if model == "after.sales.ticket" and not thread_id and is_auto_reply(message):
            _logger.info("Auto-reply %s opens no call.", message_dict.get("message_id"))
            return False
        return super()._routing_check_route(message, message_dict, route, raise_exception=raise_exception)

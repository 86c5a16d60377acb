from odoo import api, models

from ..tools.mail import make_readable


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """A mail to the desk goes to the call it belongs to, which is not always the one it names."""
        if route[0] == "after.sales.ticket":
            route = self.env["after.sales.ticket"]._route_mail(message, message_dict, route)
            if not route:
                return False
        return super()._routing_check_route(message, message_dict, route, raise_exception=raise_exception)

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        """Core decodes each part, and gives the whole mail up for one whose charset or type does not exist."""
        make_readable(message)
        return super()._message_parse_extract_payload(message, message_dict, save_original=save_original)

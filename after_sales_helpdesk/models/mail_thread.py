from odoo import api, models


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

from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal


class AfterSalesQuotationPortal(CustomerPortal):
    @route()
    def portal_quote_decline(self, order_id, access_token=None, decline_message=None, **kwargs):
        """The customer's own no, with his reason, is told apart from an order that we cancel."""
        if decline_message:
            request.update_context(after_sales_refusal=decline_message)
        return super().portal_quote_decline(
            order_id, access_token=access_token, decline_message=decline_message, **kwargs
        )

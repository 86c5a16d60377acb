from odoo.exceptions import AccessError, MissingError

from odoo.addons.portal.controllers.portal import CustomerPortal


class AfterSalesDocumentPage(CustomerPortal):
    """The page of one document: for who may read it, or who has the link that a mail gave him."""

    def _get_after_sales_document(self, model, record_id, access_token=None):
        """The document as superuser when it is the visitor's to read, else None."""
        try:
            return self._document_check_access(model, record_id, access_token)
        except (AccessError, MissingError):
            return None

    def _get_after_sales_page_values(self, document_sudo, access_token, values, history=None, **kw):
        """``values`` of its page, under the name and logo of its own company, which need not be the visitor's.

        ``history``: where the session keeps the list that the visitor goes through, if there is one.
        """
        values = {**values, "token": access_token, "res_company": document_sudo.company_id}
        return self._get_page_view_values(document_sudo, access_token, values, history, False, **kw)

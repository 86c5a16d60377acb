from odoo.exceptions import AccessError, MissingError

from odoo.addons.portal.controllers.portal import CustomerPortal


class AfterSalesPage(CustomerPortal):
    """The page of one document of the customer: by his login, or by the link that a mail gave him."""

    def _get_after_sales_document(self, model, record_id, access_token):
        """The document as superuser when it is the visitor's to read, else None."""
        try:
            return self._document_check_access(model, record_id, access_token)
        except (AccessError, MissingError):
            return None

    def _get_after_sales_page_values(self, document_sudo, access_token, name, history, page_name, **kw):
        """Values of its page, where the template knows it as ``name``, under the name of its own company."""
        return self._get_page_view_values(
            document_sudo,
            access_token,
            {
                name: document_sudo,
                "page_name": page_name,
                "token": access_token,
                "res_company": document_sudo.company_id,
            },
            history,
            False,
            **kw,
        )

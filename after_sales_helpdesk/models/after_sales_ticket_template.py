from odoo import fields, models
from odoo.tools import html2plaintext

from odoo.addons.after_sales_contract.models.after_sales_service_level import PRIORITIES


class AfterSalesTicketTemplate(models.Model):
    """A kind of call that comes often: choosing it fills what is always the same."""

    _name = "after.sales.ticket.template"
    _description = "Call Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True)
    subject = fields.Char(required=True, translate=True)
    description = fields.Html(
        translate=True, help="Also the questions to ask: the operator writes the answers under them."
    )
    service_id = fields.Many2one("after.sales.service", check_company=True)
    fault_id = fields.Many2one("after.sales.fault", string="Symptom", domain="[('kind', '=', 'symptom')]")
    priority = fields.Selection(PRIORITIES)

    def _get_questions(self):
        """The words of the description in every language: which one the operator was shown is not kept."""
        template_sudo = self._origin.sudo()  # whoever opens a call, a question is no answer
        texts = template_sudo._fields["description"]._get_stored_translations(template_sudo) if self else None
        return [html2plaintext(text or "").split() for text in (texts or {}).values()]

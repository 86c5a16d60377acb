from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class AfterSalesBillingRun(models.Model):
    """What a run would bill, and what keeps a charge from it."""

    _inherit = "after.sales.billing.run"

    def action_preview(self):
        for run in self:
            if run.state not in ("draft", "previewed"):
                raise UserError(self.env._("%s is already under way.", run.name))
            run._preview()
            if run._is_empty():
                raise UserError(run._get_empty_message())

    def _is_empty(self):
        """Whether nothing was found to bill; the lines, however many, are not read for it."""
        self.ensure_one()
        lines = self.env["after.sales.billing.run.line"]
        return not lines.search_count([("run_id", "=", self.id)], limit=1)

    def _get_empty_message(self):
        return self.env._(
            "Nothing is due for billing up to %(date)s in %(company)s with this choice of customers and contracts.",
            date=format_date(self.env, self.date_to),
            company=self.company_id.display_name,
        )

    def _preview(self):
        """List what would be billed, invoice by invoice, and what stands against it."""
        self.ensure_one()
        self.line_ids.unlink()
        self._make_due_charges()
        self._list_due_charges()
        self._hold_up_zero()
        self.state = "previewed"

    def _make_due_charges(self):
        """Everything due that is not a charge yet becomes one: instalments, and work that was left out."""
        self.check_access("write")
        for name in self.env["after.sales.billable.mixin"]._get_billable_models():
            # sudo: one may bill without right on sources
            sources_sudo = self.env[name].sudo().with_company(self.company_id)
            sources_sudo._make_due_charges(self.company_id, self.date_to)

    def _hold_up_zero(self):
        """An invoice over nothing cannot be made: it is no surprise of the run."""
        lines, billing = self.env["after.sales.billing.run.line"], self.env["after.sales.billing"]
        rows = lines._read_group(
            self._get_ready_domain(),
            ["group_number", "partner_id"],
            ["id:recordset"],
            having=[("amount:sum", "=", 0.0)],  # of one customer and currency, so to the cent
        )
        for __, partner, own in rows:
            own.write({"state": "problem", "reason": billing._get_zero_problem(partner)})

    def _get_charge_domain(self, unchecked=False):
        domain = self.env["after.sales.charge"]._get_to_bill_domain(self.company_id, self.date_to, unchecked)
        if self.partner_ids:
            domain &= Domain("partner_id", "child_of", self.partner_ids.commercial_partner_id.ids)
        if self.contract_ids:
            domain &= Domain("contract_id", "in", self.contract_ids.ids)
        if not self.with_instalments:
            domain &= Domain("kind", "!=", "instalment")
        if not self.with_work:
            domain &= Domain("kind", "=", "instalment")
        return domain

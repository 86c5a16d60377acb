from odoo import api, fields, models
from odoo.fields import Command

from ..tools import recovery


class AfterSalesSupplierClaim(models.Model):
    """From charges to claims: by unit or by supplier, in one create."""

    _inherit = "after.sales.supplier.claim"

    @api.model
    def _get_groups(self, charges):
        """The charges of each claim to be, as a list of recordsets."""
        rows = [
            (
                recovery.Due(
                    charge.id,
                    charge.recovery_supplier_id.id,
                    charge.company_id.id,
                    charge.recovery_unit_id.id,
                ),
                charge.recovery_supplier_id.after_sales_claim_grouping or "supplier",
            )
            for charge in charges.sorted(lambda charge: (charge.date, charge.id))
        ]
        return [charges.browse(ids) for ids in recovery.group(rows).values()]

    @api.model
    def _get_problem(self, charge):
        """Why a charge cannot be claimed, in words; False when nothing is known against it."""
        if charge.recovery_state not in ("to_claim", "refused"):
            return charge._get_unclaimable_reason()
        supplier, company = charge.recovery_supplier_id, charge.company_id
        problem = supplier._get_after_sales_claim_problem(company)
        if problem:
            return problem
        currency = supplier._get_after_sales_claim_currency(company)
        today = fields.Date.context_today(self)
        if not charge.company_currency_id._convert(charge.amount_recoverable, currency, company, today):
            return self.env._("It is less than the smallest amount of %s.", currency.name)
        return False

    @api.model
    def _make(self, charges):
        """Make the claims of these charges; those that another transaction is claiming are left to it."""
        locked = charges.sudo().try_lock_for_update(allow_referencing=True).sudo(False)
        locked.invalidate_recordset(["recovery_state"])
        free = locked.filtered(lambda charge: not self._get_problem(charge))
        return self.create([self._prepare_vals(group) for group in self._get_groups(free)])

    @api.model
    def _prepare_vals(self, charges):
        company, supplier = charges.company_id, charges.recovery_supplier_id
        return {
            "partner_id": supplier.id,
            "company_id": company.id,
            "currency_id": supplier._get_after_sales_claim_currency(company).id,
            "goods_wanted": supplier.after_sales_claim_goods,
            "line_ids": [Command.create({"charge_id": charge.id}) for charge in charges],
        }

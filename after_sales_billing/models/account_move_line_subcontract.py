from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """A line of a vendor bill says whose work on which visit it is for: it becomes the real cost of it (BI-20).

    Each line counts for one order, and only while its bill is posted: nothing can count twice, and a bill in parts, its
    correction or a refund add up.
    """

    _inherit = "account.move.line"

    after_sales_subcontract_id = fields.Many2one(
        "after.sales.subcontract",
        string="Subcontract Order",
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The work of a subcontractor that this line bills: its amount becomes the real cost of his charge.",
    )

    def _related_analytic_distribution(self):
        distribution = super()._related_analytic_distribution()
        # sudo: the account only, for who may not read the visits
        contract_sudo = self.sudo().after_sales_subcontract_id.intervention_id.contract_id
        if contract_sudo.analytic_account_id and not distribution:
            return {str(contract_sudo.analytic_account_id.id): 100.0}
        return distribution

    @api.depends("after_sales_subcontract_id")
    def _compute_analytic_distribution(self):
        return super()._compute_analytic_distribution()

    @api.onchange("after_sales_subcontract_id")
    def _onchange_after_sales_subcontract_id(self):
        """A line that says nothing yet takes over what was agreed. What is credited was agreed with nobody."""
        # sudo: price and product, for who enters bills and does not work on the visits
        order_sudo, label = self.after_sales_subcontract_id.sudo(), self.name
        if (
            order_sudo
            and not self.product_id
            and not self.price_unit
            and self.move_id.move_type != "in_refund"
        ):
            vals = order_sudo._prepare_bill_line_vals(self.move_id)
            self.update(vals)
            self.name = label or vals["name"]  # after the product, which brings a label of its own

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        values["after_sales_subcontract_id"] = self.after_sales_subcontract_id.id
        return result

    def write(self, vals):
        if "after_sales_subcontract_id" not in vals:
            return super().write(vals)
        before = self._get_billed_subcontracts()
        result = super().write(vals)
        (before | self._get_billed_subcontracts())._apply_bills()
        return result

    def _get_billed_subcontracts(self):
        """The orders that posted lines of this set are for; as superuser: an accountant does not work on them."""
        return self.filtered(lambda line: line.parent_state == "posted").sudo().after_sales_subcontract_id

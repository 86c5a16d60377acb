from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.after_sales_contract.models.groups import OFFICE


class AfterSalesIntervention(models.Model):
    """What a visit costs and who pays for it: call-out and per-diem of its own, the rest from its lines."""

    _inherit = "after.sales.intervention"

    visit_charge_ids = fields.One2many("after.sales.charge", "intervention_id", "Charges", groups=OFFICE)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    charge_count = fields.Integer(compute="_compute_charge_figures", groups=OFFICE)
    amount = fields.Monetary("Full Value", compute="_compute_charge_figures", groups=OFFICE)
    amount_customer = fields.Monetary("Customer Pays", compute="_compute_charge_figures", groups=OFFICE)
    cost = fields.Monetary(
        "Real Cost", compute="_compute_charge_figures", currency_field="company_currency_id", groups=OFFICE
    )

    @api.depends("contract_id", "company_id")
    def _compute_currency_id(self):
        for record in self:
            record.currency_id = record.contract_id.currency_id or record.company_id.currency_id

    @api.depends("visit_charge_ids.amount", "visit_charge_ids.amount_customer", "visit_charge_ids.state")
    def _compute_charge_figures(self):
        figures = {
            intervention: rest
            for intervention, *rest in self.env["after.sales.charge"]._read_group(
                [("intervention_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["intervention_id"],
                ["__count", "amount:sum", "amount_customer:sum", "cost:sum"],
            )
        }
        for record in self:
            count, amount, customer, cost = figures.get(record._origin, (0, 0.0, 0.0, 0.0))
            record.charge_count = count
            record.amount = amount
            record.amount_customer = customer
            record.cost = cost

    def action_view_charges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_helpdesk.after_sales_charge_action"
        )
        return action | {"domain": [("intervention_id", "=", self.id)], "context": {"create": False}}

    def _get_charge_sources(self):
        """Everything of these visits that can be charged, one recordset a model. Extend with ``super()``."""
        return [self, self.session_ids, self._get_fitted_parts(), self.expense_ids]

    def _get_fitted_parts(self):
        """The parts that were used on these visits, or will be."""
        return self.part_ids.filtered("is_fitted")

    def _make_visit_charges(self):
        # sudo: a technician neither sees prices nor writes charges; action_done has checked the visit
        self.env["after.sales.charge"].sudo()._make_from(self.sudo()._get_charge_sources())

    def _cancel_visit_charges(self):
        charges_sudo = (
            self.env["after.sales.charge"]
            .sudo()
            .search(Domain("intervention_id", "in", self.ids) & Domain("state", "!=", "cancelled"))
        )
        charges_sudo.filtered("source_id")._get_unbilled()._cancel()

    def _get_charge_date(self):
        """The day of the visit where the technician is: of arrival, else of what he did first, else of the plan."""
        self.ensure_one()
        moments = self.session_ids.mapped("date_start")
        moment = self.date_arrival or (moments and min(moments)) or self.date_start or self.date_done
        zone = self.with_context(tz=self._get_zone())
        return fields.Datetime.context_timestamp(zone, moment or fields.Datetime.now()).date()

    # after.sales.billable.mixin
    # --------------------------

    def _get_charge_intervention(self):
        return self

    def _get_to_charge_domain(self):
        return Domain("state", "=", "done")

    def _prepare_charge_vals_list(self):
        vals_list = []
        for record in self:
            if record.call_out:
                vals_list.append(record._prepare_charge_vals("call_out", "call_out", 1.0))
            if record.per_diem_days:
                vals_list.append(record._prepare_charge_vals("per_diem", "per_diem", record.per_diem_days))
        return vals_list

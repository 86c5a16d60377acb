from odoo import models


class AfterSalesIntervention(models.Model):
    """What the work report prints beyond the fields."""

    _inherit = "after.sales.intervention"

    def _get_report_record(self):
        """The visit in the customer's language and in the time of the place where it was done."""
        self.ensure_one()
        return self.with_context(
            lang=self.partner_id.lang or self.env.lang, tz=self.technician_id.tz or self.env.user.tz or "UTC"
        )

    def _get_report_title(self):
        self.ensure_one()
        return self.name.replace("/", "-")

    def _get_repair_facts(self):
        """The dates a repairer owes the customer in writing: request, hand-over, fix, hand-out (law.md L33).

        On site the unit is handed over when work begins and handed out when it ends; a unit that was taken along
        has no hand-out yet.
        """
        self.ensure_one()
        finished = self.signed_on or self.date_done
        taken_along = self.collect_ids.filtered("unit_id")
        return {
            "requested": self.ticket_id.date_reported or self.create_date,
            "handed_over": self.date_arrival,
            "fixed": self.outcome == "solved" and finished,
            "handed_out": not taken_along and self.date_arrival and finished,
        }

    def _get_report_charges(self):
        self.ensure_one()
        return self.visit_charge_ids.filtered(lambda charge: charge.state != "cancelled").sorted(
            lambda charge: (charge.date, charge.kind, charge.id)
        )

    def _get_report_totals(self):
        """Net, taxes and total of what the customer pays, by the rounding of the company, as on the invoice."""
        self.ensure_one()
        AccountTax = self.env["account.tax"]
        charges = self._get_report_charges()
        base_lines = [
            AccountTax._prepare_base_line_for_taxes_computation(
                charge,
                price_unit=charge.amount_customer,
                quantity=1.0,
                currency_id=charge.currency_id,
                partner_id=charge.partner_id,
            )
            for charge in charges
        ]
        AccountTax._add_tax_details_in_base_lines(base_lines, self.company_id)
        AccountTax._round_base_lines_tax_details(base_lines, self.company_id)
        return AccountTax._get_tax_totals_summary(
            base_lines, charges[:1].currency_id or self.currency_id, self.company_id
        )

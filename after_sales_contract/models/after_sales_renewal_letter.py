from odoo import fields, models
from odoo.exceptions import UserError


class AfterSalesRenewal(models.Model):
    """The letters of a run."""

    _inherit = "after.sales.renewal"

    letters_on = fields.Datetime("Letters Asked for", readonly=True, copy=False)

    def action_send_letters(self):
        """Mail every renewed customer his new term as a PDF in his language; the job does it, each once (managers only).

        :raise UserError: nothing is renewed yet
        """
        self._ensure_manager()
        for run in self:
            if run.state not in ("approved", "done"):
                raise UserError(
                    self.env._("%(run)s is not approved yet: its prices may still change.", run=run.name)
                )
        self.letters_on = fields.Datetime.now()
        # Asking for the letters is the manager's right, the job behind it the house's.
        job_sudo = self.env.ref("after_sales_contract.ir_cron_contract_alerts").sudo()
        job_sudo._trigger()
        return True

    def action_print_letters(self):
        """One PDF with the letters of all renewed contracts, for those who want paper."""
        rows = self.line_ids.filtered(lambda row: row.state == "done")
        if not rows:
            raise UserError(self.env._("No contract of this run is renewed yet."))
        return self.env.ref("after_sales_contract.action_report_renewal_letter").report_action(rows)


class AfterSalesRenewalLine(models.Model):
    """What the letter to the customer says."""

    _inherit = "after.sales.renewal.line"

    alert_ids = fields.One2many("after.sales.contract.alert", "renewal_line_id", "Letters")

    def _get_letter_date(self):
        """The day on which the letters were asked for; a print before that bears today's."""
        self.ensure_one()
        asked = self.renewal_id.letters_on
        return (
            fields.Datetime.context_timestamp(self, asked).date()
            if asked
            else fields.Date.context_today(self)
        )

    def _get_letter_reasons(self):
        """Why the prices are what they are, in the language of the environment: of an index its figures."""
        self.ensure_one()
        rule, contract = self.adjustment_id, self.contract_id
        if self.is_manual or not rule or "index" not in rule._get_methods():
            return []
        try:
            return [rule._get_variation(contract, self.date_start, {})[1]]
        except UserError:
            return []  # the figure was deleted since: the prices speak for themselves


class AfterSalesRenewalPrice(models.Model):
    """How a letter shows where the value of a price comes from: price x quantity x periods, less the discount."""

    _inherit = "after.sales.renewal.price"

    def _get_letter_quantity(self):
        """What the price is asked for: its quantity, for each covered unit where it is priced by unit."""
        self.ensure_one()
        line = self.contract_line_id
        if line.pricing == "per_contract":
            return line.quantity
        covers = line.contract_id._get_renewed_covers()
        counted = covers.filtered(lambda cover: line._counts(cover.product_id, cover.categ_id))
        return line.quantity * sum(counted.mapped("quantity"))

    def _get_letter_periods(self):
        """How many times the price lies in the next term; units that leave or join in it count by their days."""
        self.ensure_one()
        whole = self._get_letter_quantity() * (1 - self.contract_line_id.discount / 100)
        return self.units / whole if whole else 0.0

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

NAMED = 5  # customers that a remark names before it says that there are more


class AfterSalesBillingRun(models.Model):
    """What an accountant wants to know before he bills: none of it stops a charge, for each of it may be meant."""

    _inherit = "after.sales.billing.run"

    remarks = fields.Text(compute="_compute_remarks")

    @api.depends("state", "invoice_date", "line_ids.state")
    @api.depends_context("lang")
    def _compute_remarks(self):
        for run in self:
            remarks = run._get_remarks() if run.state == "previewed" else []
            run.remarks = "\n".join(filter(None, remarks))

    def _get_remarks(self):
        """Hook: what is to be said of a preview, each a sentence or nothing."""
        self.ensure_one()
        return [
            self._get_lock_remark(),
            self._get_early_remark(),
            self._get_address_remark(),
            self._get_trust_remark(),
            self._get_warning_remark(),
            self._get_rate_remark(),
        ]

    def _get_lock_remark(self):
        """The day of the invoices is locked already: Odoo then moves their accounting date."""
        day = self.invoice_date or fields.Date.context_today(self)
        company = self.company_id
        journal = self.env["after.sales.billing"]._get_journal(company, company.currency_id)
        locks = company._get_violated_lock_dates(day, True, journal)
        return locks and self.env._(
            "The invoice date %(date)s is not after a lock date, %(locks)s: Odoo enters the invoices under the next "
            "open accounting date. Choose a later invoice date if that is not meant.",
            date=format_date(self.env, day),
            locks=company._format_lock_dates(locks),
        )

    def _get_address_remark(self):
        incomplete = Domain.OR(
            Domain(f"partner_id.{fname}", "=", False) for fname in ("country_id", "city", "street")
        )
        customers = self._name_customers(incomplete)
        return customers and self.env._(
            "The address of these customers is incomplete (street, city or country): %s", customers
        )

    def _get_trust_remark(self):
        """Odoo bills bad debtors as all others: whether that is meant is for the accountant to say."""
        bad = Domain("partner_id.trust", "=", "bad") | Domain(
            "partner_id.commercial_partner_id.trust", "=", "bad"
        )
        customers = self.with_company(self.company_id)._name_customers(bad)
        return customers and self.env._("These customers are bad debtors: %s", customers)

    def _get_warning_remark(self):
        """What Odoo says on the form of an invoice, to the same people: nobody opens those of a run before they go out."""
        if not self.env.user.has_group("sale.group_warning_sale"):
            return False
        warned = Domain("partner_id.sale_warn_msg", "!=", False)
        warned |= Domain("partner_id.parent_id.sale_warn_msg", "!=", False)
        customers = self._name_customers(warned)
        return customers and self.env._("There is a warning on these customers: %s", customers)

    def _get_early_remark(self):
        """Instalments are billed in advance; work before it was done hardly on purpose."""
        later = Domain("kind", "!=", "instalment") & Domain("charge_id.date", ">", self.invoice_date)
        customers = self.invoice_date and self._name_customers(later)
        return customers and self.env._(
            "The invoice date %(date)s is before the work that is billed to: %(customers)s",
            date=format_date(self.env, self.invoice_date),
            customers=customers,
        )

    def _get_rate_remark(self):
        """What stands in no sum, for it cannot be added to anything."""
        rows = self.env["after.sales.billing.run.line"]._read_group(
            [("run_id", "=", self._origin.id), ("amount_company", "=", False), ("amount", "!=", 0.0)],
            ["charge_id.currency_id"],
            ["amount:sum"],
        )
        return rows and self.env._(
            "Held up and in no sum, for lack of an exchange rate: %s",
            ", ".join(currency.format(amount) for currency, amount in rows),
        )

    def _name_customers(self, domain):
        """The customers of what is ready that a domain of lines holds for, by name; empty for none."""
        rows = self.env["after.sales.billing.run.line"]._read_group(
            self._origin._get_ready_domain() & domain, ["partner_id"]
        )
        names = [partner.display_name for (partner,) in rows]
        return ", ".join(names[:NAMED]) + (" …" if names[NAMED:] else "")

    # ------------------------------------------------------------------
    # Charges without a tax
    # ------------------------------------------------------------------

    def _get_line_remark(self, line):
        """Say that a tax was most likely forgotten."""
        usual = self._get_usual_tax()
        if not usual:
            return super()._get_line_remark(line)
        taxes = self.env["after.sales.charge"]._fields["tax_ids"]
        return SQL(
            """
            CASE WHEN %(line)s.amount_customer <> 0
                  AND (%(line)s.fiscal_position_id = ANY(%(exempt)s)) IS NOT TRUE
                  AND NOT EXISTS (SELECT FROM %(taxes)s tax WHERE %(charge)s = %(line)s.id)
                 THEN %(remark)s END
            """,
            line=line,
            exempt=self._get_exempt_positions(usual).ids,
            taxes=SQL.identifier(taxes.relation),
            charge=SQL.identifier("tax", taxes.column1),
            remark=self.env._(
                "No tax is on it: its invoice stays a draft. Put the tax on the draft, an exempt one (0 %) if none is "
                "due, and on the product for the next time."
            ),
        )

    def _post_invoices(self, moves):
        """What most likely lacks its tax is for somebody to look at: posted, only a credit note would mend it."""
        untaxed = self._get_untaxed_lines(moves)
        untaxed.reason = self.env._(
            "Left as a draft: no tax is on it. Put the tax on the draft, an exempt one (0 %) if none is due, and "
            "on the product for the next time."
        )
        return super()._post_invoices(moves - untaxed.move_id)

    def _get_untaxed_lines(self, moves):
        """The lines of some invoices whose tax was most likely forgotten."""
        lines, usual = self.env["after.sales.billing.run.line"], self._get_usual_tax()
        if not usual:
            return lines
        bare = lines.search(
            Domain("run_id", "=", self.id)
            & Domain("move_id", "in", moves.ids)
            & Domain("charge_id", "any!", [("tax_ids", "=", False)])
            & Domain("amount", "!=", 0.0)
        )
        exempt = bare and self._get_exempt_positions(usual)
        return bare.filtered(lambda line: line.move_id.fiscal_position_id not in exempt)

    def _get_usual_tax(self):
        """The tax that the company charges by default; one that charges none means it so."""
        company_sudo = self.company_id.sudo()  # an accountant need not read how it is set up
        return company_sudo.account_sale_tax_id

    def _get_exempt_positions(self, tax):
        """The fiscal positions that take a tax away: who has one means it so."""
        positions_sudo = self.env["account.fiscal.position"].sudo().with_context(active_test=False)
        own = positions_sudo.search(positions_sudo._check_company_domain(self.company_id))
        return own.filtered(lambda position: not position.map_tax(tax))

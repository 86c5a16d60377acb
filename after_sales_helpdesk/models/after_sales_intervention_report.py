from odoo import models


class AfterSalesIntervention(models.Model):
    """What the work report prints beyond the fields."""

    _inherit = "after.sales.intervention"

    def _get_report_record(self):
        """The visit in the customer's language and in the time of the place where it was done."""
        self.ensure_one()
        return self.with_context(lang=self.partner_id.lang or self.env.lang, tz=self._get_zone())

    def _get_zone(self):
        """The time zone of the place of work: that of who goes there, else the company's; never that of who looks.

        The customer reads the same hour in the notice of the visit, on his page, on the screen he signs and on the report.
        """
        self.ensure_one()
        # sudo: who reads the report need not read the card of the company
        return self.technician_id.tz or self.company_id.sudo().partner_id.tz or "UTC"

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

    def _get_report_payers(self):
        """Who pays what and why: [{name, payer, reason}], as decided for each charge of the visit.

        Before it is charged the same engine says it of what is entered so far; of a visit on which nothing was done
        yet the call knows who would pay for each kind of work.
        """
        self.ensure_one()
        # sudo: of a charge the technician and his customer see who pays and why, not what it is worth
        visit_sudo = self.sudo()
        charges = visit_sudo._get_report_charges()
        if charges:
            rows = [
                (charge.name, [(a.payer, a.share) for a in charge.allocation_ids], charge.reason)
                for charge in charges
            ]
        elif visit_sudo.session_ids or visit_sudo.part_ids:
            rows = visit_sudo._foresee_payers()
        else:
            rows = [
                (row.display_name, row._get_shares(), row.reason) for row in visit_sudo.ticket_id.coverage_ids
            ]
        rows = [(name, self._get_payer_text(shares), reason or "") for name, shares, reason in rows]
        return [
            {"name": name, "payer": payer, "reason": reason} for name, payer, reason in dict.fromkeys(rows)
        ]

    def _foresee_payers(self):
        """What the charges of this open visit would say: (name, payers and shares, reason)."""
        self.ensure_one()
        sources = [self, self.session_ids, self._get_fitted_parts(), self.expense_ids.filtered("amount")]
        vals_list = [vals for records in sources for vals in records._prepare_charge_vals_list()]
        return [
            (
                vals["name"],
                [(values["payer"], values["share"]) for __, __, values in vals["allocation_ids"]],
                vals.get("reason"),
            )
            for vals in self.env["after.sales.charge"]._decide_and_price(vals_list)[0]
        ]

    def _get_payer_text(self, shares):
        """The payer in words; with percentages where several share."""
        payers = dict(
            self.env["after.sales.charge.allocation"]._fields["payer"]._description_selection(self.env)
        )
        total = {}
        for payer, share in shares:
            total[payer] = total.get(payer, 0.0) + share
        total = sorted(
            ((share, payer) for payer, share in total.items() if payer and share > 0), reverse=True
        )
        if len(total) == 1:
            return payers[total[0][1]]
        return ", ".join(f"{payers[payer]} {share * 100:.4g} %" for share, payer in total)

    def _get_signer_name(self):
        """The person the technician most likely meets: who called, else the customer or the site when it is a person.

        Empty rather than the name of a company: a company does not sign.
        """
        self.ensure_one()
        ticket = self.ticket_id
        if ticket.contact_name:
            return ticket.contact_name
        places = ticket.partner_id | self.site_id | self.partner_id
        contacts = self.commercial_partner_id.child_ids
        people, colleagues = (
            partners.filtered(lambda partner: not partner.is_company and partner.type == "contact")
            for partners in (places, contacts)
        )
        return people[:1].name or (len(colleagues) == 1 and colleagues.name)

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

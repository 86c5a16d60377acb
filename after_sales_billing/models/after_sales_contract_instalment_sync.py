from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

#: What is compared with the contract.
COMPARED = (
    "id",
    "source_id",
    "kind",
    "name",
    "date",
    "service_from",
    "service_to",
    "contract_id",
    "partner_id",
    "currency_id",
    "product_id",
    "uom_id",
    "real_quantity",
    "quantity",
    "list_price",
    "price_unit",
)


class AfterSalesContractInstalment(models.Model):
    """Charges made for an earlier run and not billed follow what has changed in the contract since."""

    _inherit = "after.sales.contract.instalment"

    @api.model
    def _sync_charges(self, company, only=None):
        """Cancel the charges of what is no longer owed, and write what the contract says otherwise now.

        :param only: look at these charges, instead of all that are not billed
        :return: the charges that are not what they were
        """
        self._cap_planned_credits(company, only)
        charges = self.env["after.sales.charge"]
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("source_model", "=", self._name),
                ("state", "=", "confirmed"),
                ("billing_state", "!=", "billed"),
            ]
        )
        if only is not None:
            domain &= Domain("id", "in", only.ids)
        owed = self._search(self._get_to_charge_domain())
        stale = charges.search(domain & ~Domain("source_id", "in", owed.subselect()))
        stale._cancel()
        changed = charges.browse(self._get_changed_charge_ids(domain))
        rows = {row.id: row for row in self.browse(changed.mapped("source_id"))}
        for charge in changed:
            terms = rows[charge.source_id]._prepare_charge_terms()
            changes = {name: value for name, value in terms.items() if charge._differs(name, value)}
            if changes:
                charge.write(changes)
                stale |= charge
        return stale

    @api.model
    def _cap_planned_credits(self, company, only=None):
        """A credit to come gives no more than what is left of its instalment: it may have been credited by hand since."""
        domain = Domain(
            [("company_id", "=", company.id), ("state", "=", "planned"), ("credited_id", "!=", False)]
        )
        due = domain & Domain("is_billed", "=", False)
        if only is not None:
            due &= Domain("charge_ids", "in", only.ids)
        # sudo: it follows from the ledger, whoever bills
        rows_sudo = self.sudo().search(due).credited_id.filtered("is_billed")
        credits_sudo = self.sudo().search(
            domain & Domain("credited_id", "in", rows_sudo.ids), order="id desc"
        )
        lowered = {}
        for row_sudo, own in credits_sudo.grouped("credited_id").items():
            over = -row_sudo.amount_billed - sum(own.mapped("amount"))
            for back in own.filtered(lambda back: not back.is_billed):
                less = min(over, -back.amount)
                if back.currency_id.compare_amounts(less, 0.0) > 0:
                    over -= less
                    lowered[back] = back.amount
                    back.amount = back.currency_id.round(back.amount + less)
        self.browse().union(*lowered).filtered(lambda back: not back.amount)._drop()
        self._tell_lowered_credits(lowered)

    @api.model
    def _tell_lowered_credits(self, lowered):
        for contract, rows in self.browse().union(*lowered).grouped("contract_id").items():
            words = contract._in_words_of_responsible().env
            texts = [
                words._(
                    "Credit for %(start)s - %(stop)s: %(after)s instead of %(before)s, because %(amount)s of the instalment were "
                    "credited, or left out of the invoice, by hand.",
                    start=format_date(words, row.date_from),
                    stop=format_date(words, row.date_to),
                    after=row.with_env(words).currency_id.format(abs(row.amount)),
                    before=row.with_env(words).currency_id.format(-lowered[row]),
                    amount=row.with_env(words).currency_id.format(row.credited_id._get_taken_back()),
                )
                for row in rows
            ]
            contract.message_post(body=Markup("<br/>").join(texts))

    def _get_changed_charge_ids(self, domain):
        """The charges that are not, to the letter, what their contract says now.

        The database compares what it can, all at once; what it cannot tell (a text made of others, a price at the
        edge of its rounding) is among the changed ones, to be compared by ``_prepare_charge_terms``, which alone decides.
        """
        self.env.flush_all()
        query = self.env["after.sales.charge"]._search(domain)
        rows = self.env.execute_query(
            SQL(
                """
                WITH charge AS (
                         SELECT own.*, instalment.line_id
                           FROM (%(charges)s) own
                      LEFT JOIN after_sales_contract_instalment instalment ON instalment.id = own.source_id
                     )
                SELECT charge.id
                  FROM charge
             LEFT JOIN after_sales_contract_instalment instalment ON instalment.id = charge.source_id
             LEFT JOIN after_sales_contract_line line ON line.id = instalment.line_id
             LEFT JOIN after_sales_contract contract ON contract.id = instalment.contract_id
             LEFT JOIN res_currency currency ON currency.id = instalment.currency_id
                 WHERE (%(same_terms)s AND %(same_price)s) IS NOT TRUE
                 UNION
                    (%(other_taxes)s)
              ORDER BY id
                """,
                charges=query.select(*(SQL.identifier(query.table, name) for name in COMPARED)),
                same_terms=self._get_same_terms(),
                same_price=self._get_same_price(),
                other_taxes=self._get_other_taxes(),
            )
        )
        return [charge_id for (charge_id,) in rows]

    def _get_same_terms(self):
        """A credit names invoices in its text, and a row without a text is named after its line: not told here."""
        return SQL(
            """
            instalment.amount >= 0 AND instalment.description != '' AND charge.name = instalment.description
            AND charge.kind = 'instalment'
            AND charge.date = instalment.date_due
            AND charge.service_from = instalment.date_from
            AND charge.service_to = instalment.date_to
            AND charge.contract_id = contract.id
            AND charge.partner_id = COALESCE(contract.invoice_partner_id, contract.partner_id)
            AND charge.currency_id = instalment.currency_id
            AND charge.product_id = line.product_id
            AND charge.real_quantity = charge.quantity
            AND charge.list_price = charge.price_unit
            """
        )

    def _get_same_price(self):
        """The line's quantity and net price where they make the amount, or else one piece at the amount."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        net = SQL("line.price_unit * (1 - COALESCE(line.discount, 0) / 100)")
        return SQL(
            """
            ((charge.quantity = line.quantity
              AND charge.uom_id = line.uom_id
              AND ABS(charge.price_unit - %(net)s) < %(exact)s::numeric
              AND ABS(line.quantity * %(net)s - instalment.amount) < 0.4 * currency.rounding)
             OR
             (charge.quantity = 1
              AND charge.uom_id = %(piece)s
              AND charge.price_unit = instalment.amount
              AND ABS(line.quantity * %(net)s - instalment.amount) > 0.6 * currency.rounding))
            """,
            net=net,
            exact=f"1e-{digits + 5}",
            piece=self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit"),
        )

    def _get_other_taxes(self):
        """Charges with a tax that their line has not, or without one that it has."""
        ours = self.env["after.sales.charge"]._fields["tax_ids"]
        theirs = self.env["after.sales.contract.line"]._fields["tax_ids"]
        names = {
            "ours": SQL.identifier(ours.relation),
            "our_charge": SQL.identifier("own", ours.column1),
            "our_tax": SQL.identifier("own", ours.column2),
            "theirs": SQL.identifier(theirs.relation),
            "their_line": SQL.identifier("agreed", theirs.column1),
            "their_tax": SQL.identifier("agreed", theirs.column2),
        }
        return SQL(
            """
            SELECT charge.id
              FROM charge
              JOIN %(ours)s own ON %(our_charge)s = charge.id
         LEFT JOIN %(theirs)s agreed ON %(their_line)s = charge.line_id AND %(their_tax)s = %(our_tax)s
             WHERE %(their_tax)s IS NULL
             UNION
            SELECT charge.id
              FROM charge
              JOIN %(theirs)s agreed ON %(their_line)s = charge.line_id
         LEFT JOIN %(ours)s own ON %(our_charge)s = charge.id AND %(our_tax)s = %(their_tax)s
             WHERE %(our_tax)s IS NULL
            """,
            **names,
        )

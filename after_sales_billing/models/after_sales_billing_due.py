from odoo import models
from odoo.fields import Domain


class AfterSalesBilling(models.AbstractModel):
    """What the invoices of due charges depend on: looked up once for each customer and currency, however many charges."""

    _inherit = "after.sales.billing"

    # ------------------------------------------------------------------
    # Customers
    # ------------------------------------------------------------------

    def _get_customer_rows(self, partners, positions, company, rule=False):
        """What the invoices of each customer depend on, as rows to join with his charges.

        :param dict positions: the fiscal position by id of the customers whose contract does not say it
        :return: list of (partner, payment term, fiscal position, grouping rule, problem); None is none
        """
        partners_sudo = partners.sudo().with_company(company)  # one may bill without a right on payment terms
        return [
            (
                partner.id,
                partner.property_payment_term_id.id or None,
                partner.id in positions and positions[partner.id].id or None,
                rule or self._get_rule(partner, company),
                self._get_customer_problem(partner, company) or None,
            )
            for partner in partners_sudo
        ]

    def _get_rule(self, partner, company):
        return (
            partner.commercial_partner_id.after_sales_billing_grouping
            or company.after_sales_billing_grouping
            or "contract"
        )

    def _get_customer_problem(self, partner, company):
        """Why a customer cannot be billed, in words; False when nothing is known against it."""
        if not partner.active:
            return self.env._("The customer %s is archived.", partner.display_name)
        if partner.company_id and partner.company_id != company:
            return self.env._("The customer %s belongs to another company.", partner.display_name)
        return False

    # ------------------------------------------------------------------
    # Currencies
    # ------------------------------------------------------------------

    def _get_currency_rows(self, currencies, company, day):
        """(currency, rate to the company's currency, problem) of each; None is none."""
        return [
            (
                currency.id,
                # no rate, no amount in the company's currency: at one it would only look like it
                currency._get_conversion_rate(currency, company.currency_id, company, day)
                if self._has_rate(currency, company)
                else None,
                self._get_currency_problem(currency, company) or None,
            )
            for currency in currencies.sudo()
        ]

    def _get_currency_problem(self, currency, company):
        """Why nothing can be billed in a currency, in words; False when nothing is known against it."""
        if not currency.active:
            return self.env._("The currency %s is not active.", currency.name)
        if not self._has_rate(currency, company):
            return self.env._("There is no exchange rate of %s: enter one.", currency.name)
        return False

    def _has_rate(self, currency, company):
        """Odoo takes a missing rate for one: what is due in that currency waits until there is one."""
        return currency == company.currency_id or any(
            rate.company_id in (company.root_id, company.browse()) for rate in currency.rate_ids
        )

    # ------------------------------------------------------------------
    # Journal and products
    # ------------------------------------------------------------------

    def _get_journal(self, company, currency):
        """The journal that Odoo takes for the invoices of a company in a currency: rather one of that currency."""
        journals = self.env["account.journal"]
        domain = Domain(journals._check_company_domain(company)) & Domain("type", "=", "sale")
        foreign = domain & Domain("currency_id", "=", currency.id)
        own = currency != company.currency_id and journals.search(foreign, limit=1)
        return own or journals.search(domain, limit=1)

    def _get_product_rows(self, products, currencies, company):
        """(product, currency, problem) of each product that cannot be billed in a currency."""
        bare = [
            currency for currency in currencies if not self._get_journal(company, currency).default_account_id
        ]
        products_sudo = products.sudo().with_company(company)  # one may bill without a right on products
        return [
            (product.id, currency.id, problem)
            for product in products_sudo
            if bare and (problem := self._get_product_problem(product))
            for currency in bare
        ]

    def _get_item_problem(self, product, with_account):
        """Why a charge cannot be billed for its product, in words.

        :param bool with_account: whether the journal has an account for what has none
        """
        if not product:
            return self.env._("There is no product, so neither account nor taxes are known.")
        return not with_account and self._get_product_problem(product)

    def _get_product_problem(self, product):
        """Why a product cannot be billed where the journal has no account for it, in words; False when it has its own.

        Odoo would take the account of the line before, or refuse the whole invoice without naming the product.
        """
        if product.product_tmpl_id.get_product_accounts()["income"]:
            return False
        return self.env._(
            "%s has no income account: set one on the product or on its category.", product.display_name
        )

    # ------------------------------------------------------------------
    # Fiscal positions
    # ------------------------------------------------------------------

    def _get_position_key(self, charge):
        """What the fiscal position of a charge depends on."""
        return charge.contract_id.fiscal_position_id, charge.partner_id, charge.company_id

    def _get_fiscal_positions(self, charges):
        """The fiscal position of each kind of charge, by what it depends on: the contract's, or else the customer's."""
        open_charges = charges.filtered(lambda charge: not charge.contract_id.fiscal_position_id)
        found = {
            company: self._get_customer_positions(own.partner_id, company)
            for company, own in open_charges.grouped("company_id").items()
        }
        return {key: key[0] or found[key[2]][key[1].id] for key in charges.grouped(self._get_position_key)}

    def _get_customer_positions(self, partners, company):
        """The fiscal position of each customer, {id: position}: looked up once for each of them.

        All customers and their delivery addresses are read together, however many there are.
        """
        addresses = {partner.id: partner.address_get(["delivery"])["delivery"] for partner in partners}
        together = partners.browse({*addresses, *addresses.values()})
        by_id = {partner.id: partner for partner in together}
        model = self.env["account.fiscal.position"].with_company(company)
        return {
            partner_id: model._get_fiscal_position(by_id[partner_id], delivery=by_id[delivery_id])
            for partner_id, delivery_id in addresses.items()
        }

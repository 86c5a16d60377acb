import re
from collections import defaultdict

from odoo import api, fields, models


class AfterSalesCharge(models.Model):
    """What a charge is worth: the tariff for work, the price list for parts; taxes as on any sale."""

    _inherit = "after.sales.charge"

    @api.model
    def _set_price(self, vals):
        """Complete the values of one new charge: price, quantity, real cost, description."""
        self._set_origin_defaults(vals)
        line = self.env["after.sales.tariff.line"]
        if "price_unit" not in vals:
            if vals["kind"] == "part":
                self._set_part_price(vals)
            else:
                line = self._set_tariff_price(vals)
        vals.setdefault("quantity", vals["real_quantity"])
        vals.setdefault("list_price", vals["price_unit"])
        source = self.env[vals["source_model"]].browse(vals["source_id"])
        if "cost" not in vals:
            vals["cost"] = source._get_real_cost(vals, line)
        if vals["kind"] in ("expense", "subcontract") and not line.price and not vals.get("problem"):
            self._set_price_at_cost(vals)
        if not vals.get("name"):
            vals["name"] = self._get_description(vals, line)

    @api.model
    def _set_origin_defaults(self, vals):
        contract = self.env["after.sales.contract"].browse(vals.get("contract_id"))
        company = self.env["res.company"].browse(vals["company_id"])
        decided = vals.pop("tariff", None)
        tariff = self.env["after.sales.tariff"]
        if decided and decided[0] == tariff._name:
            tariff = tariff.browse(decided[1])
        if not tariff or not tariff._is_valid(company, vals["date"]):
            tariff = self._get_tariff(vals)
        vals["tariff_id"] = tariff.id
        vals.setdefault("currency_id", (contract.currency_id or tariff.currency_id or company.currency_id).id)

    @api.model
    def _set_tariff_price(self, vals):
        tariff = self.env["after.sales.tariff"].browse(vals.pop("tariff_id"))
        line = tariff._get_line(vals["kind"], self._get_band(vals))
        currency = self.env["res.currency"].browse(vals["currency_id"])
        company = self.env["res.company"].browse(vals["company_id"])
        vals["price_unit"] = 0.0
        if line:
            vals["tariff_line_id"] = line.id
            # a price, not an amount: the digits of prices say how exact it is, not the cents of the currency
            vals["price_unit"] = line.currency_id._convert(
                line.price, currency, company, vals["date"], round=False
            )
            vals["quantity"] = line._get_billable_quantity(vals["real_quantity"])
            vals["product_id"] = line.product_id.id
            vals["uom_id"] = line.uom_id.id
        else:
            kind = dict(self._fields["kind"]._description_selection(self.env))[vals["kind"]]
            vals["problem"] = (
                self.env._("%(tariff)s has no price for %(kind)s.", tariff=tariff.name, kind=kind)
                if tariff
                else self.env._("There is no tariff for this customer and date.")
            )
        return line

    @api.model
    def _set_part_price(self, vals):
        vals.pop("tariff_id")
        company = self.env["res.company"].browse(vals["company_id"])
        product = self.env["product.product"].browse(vals["product_id"]).with_company(company)
        currency = self.env["res.currency"].browse(vals["currency_id"])
        uom = self.env["uom.uom"].browse(vals.get("uom_id")) or product.uom_id
        partner = self.env["res.partner"].browse(vals["partner_id"]).with_company(company)
        contract = self.env["after.sales.contract"].browse(vals.get("contract_id"))
        pricelist = contract.pricelist_id or partner.property_product_pricelist
        vals["price_unit"] = pricelist._get_product_price(
            product, vals["real_quantity"], currency=currency, uom=uom, date=vals["date"]
        )
        if (
            not vals["price_unit"] and not product.list_price
        ):  # a price list may give it away, an empty price may not
            vals["problem"] = self.env._("%s has no sales price.", product.display_name)

    @api.model
    def _set_price_at_cost(self, vals):
        """What was paid for the customer is charged as it was paid, unless the tariff has a price for it."""
        company = self.env["res.company"].browse(vals["company_id"])
        currency = self.env["res.currency"].browse(vals["currency_id"])
        price = company.currency_id._convert(vals["cost"], currency, company, vals["date"])
        vals.update(price_unit=price, list_price=price, quantity=1.0)

    @api.model
    def _get_tariff(self, vals):
        visit = self.env["after.sales.intervention"].browse(vals.get("intervention_id"))
        return self.env["after.sales.tariff"]._get_for(
            contract=self.env["after.sales.contract"].browse(vals.get("contract_id")),
            partner=visit.partner_id or self.env["res.partner"].browse(vals["partner_id"]),
            company=self.env["res.company"].browse(vals["company_id"]),
            date=vals["date"],
            site=visit.site_id,
            technician=self.env["resource.resource"].browse(vals.get("technician_id")),
            regime=self.env["after.sales.regime"].browse(vals.get("regime_id")),
        )

    @api.model
    def _get_band(self, vals):
        return self.env["after.sales.time.band"].browse(vals.get("band_id"))

    @api.model
    def _set_taxes(self, vals_list):
        """Taxes as on any sale; the fiscal position of a customer is looked up once for all his lines."""
        bare = defaultdict(list)
        for vals in vals_list:
            if "tax_ids" not in vals:
                bare[vals["company_id"], vals["partner_id"]].append(vals)
        for (company_id, partner_id), rows in bare.items():
            company = self.env["res.company"].browse(company_id)
            partner = self.env["res.partner"].browse(partner_id).with_company(company)
            position = self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(partner)
            taxes_by_product = {}
            for vals in rows:
                product = self.env["product.product"].browse(vals.get("product_id"))
                if product not in taxes_by_product:
                    taxes = position.map_tax(product.taxes_id._filter_taxes_by_company(company))
                    taxes_by_product[product] = [fields.Command.set(taxes.ids)]
                vals["tax_ids"] = taxes_by_product[product]

    @api.model
    def _get_description(self, vals, line):
        """In the customer's language: he reads it on his report and invoice."""
        lang = self.env["res.partner"].browse(vals["partner_id"]).lang
        product = (
            self.env["product.product"]
            .browse(vals.get("product_id"))
            .with_context(lang=lang, display_default_code=False)
        )
        band = (self._get_band(vals) & line.band_id).with_context(lang=lang)
        kinds = dict(
            self.with_context(lang=lang)
            ._fields["kind"]
            ._description_selection(self.with_context(lang=lang).env)
        )
        name = product.display_name if product else kinds[vals["kind"]]
        return self._name_with_band(name, band)

    @api.model
    def _name_with_band(self, name, band):
        """A name with that of its band behind it, unless it says the words of the band already."""
        if not band or re.search(rf"(?<!\w){re.escape(band.name)}(?!\w)", name, re.IGNORECASE):
            return name
        return f"{name} ({band.name})"

from odoo import api, fields, models

#: Starting prices of a new company's tariff in euro, by activity: sale price, cost, minimum, rounding.
START_PRICES = {
    ("call_out", None): (35.00, 0.0, 0.0, 0.0),
    ("travel_km", None): (0.62, 0.40, 0.0, 0.0),
    ("travel_time", None): (38.00, 26.00, 0.0, 0.25),
    ("labour", "after_sales_time_band_ordinary"): (52.00, 26.00, 0.0, 0.25),
    ("overtime", "after_sales_time_band_overtime"): (78.00, 39.00, 0.0, 0.25),
    ("per_diem", None): (46.48, 46.48, 0.0, 0.0),
    ("expense", None): (0.0, 0.0, 0.0, 0.0),
    ("subcontract", None): (0.0, 0.0, 0.0, 0.0),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_after_sales_tariff()
        return companies

    def write(self, vals):
        """A company that gets its currency after it was made (its chart of accounts does it) takes its prices along."""
        old = {company: company.currency_id for company in self} if "currency_id" in vals else {}
        result = super().write(vals)
        for company, currency in old.items():
            if company.currency_id != currency:
                # sudo: whoever changes the currency need not manage after-sales
                tariffs_sudo = self.env["after.sales.tariff"].sudo().with_context(active_test=False)
                tariffs_sudo.search(
                    [("company_id", "=", company.id), ("currency_id", "=", currency.id)]
                ).write({"currency_id": company.currency_id.id})
        return result

    @api.model
    def _init_after_sales_tariffs(self):
        """On installation: every company that has no tariff gets one."""
        self.search([])._create_after_sales_tariff()

    def _create_after_sales_tariff(self):
        """A tariff with starting prices, so that work can be charged from the first day. Idempotent."""
        # sudo: whoever creates a company need not manage after-sales
        tariffs_sudo = self.env["after.sales.tariff"].sudo()
        done = (
            tariffs_sudo.with_context(active_test=False).search([("company_id", "in", self.ids)]).company_id
        )
        tariffs_sudo = tariffs_sudo.create(
            [company._prepare_after_sales_tariff_vals() for company in self - done]
        )
        for code, __ in self.env["res.lang"].get_installed():
            in_language_sudo = tariffs_sudo.with_context(lang=code)
            in_language_sudo.name = in_language_sudo.env._("Service tariff")
        return tariffs_sudo

    def _from_euro(self, amount):
        """A starting price in the company's currency; without a rate of the euro the figure stays as it is."""
        self.ensure_one()
        euro = self.env.ref("base.EUR")
        today = fields.Date.context_today(self)
        rates_sudo = self.env["res.currency.rate"].sudo()
        known = [
            ("currency_id", "in", (euro | self.currency_id).ids),
            ("company_id", "in", [False, self.root_id.id]),
        ]
        if not self.currency_id or euro == self.currency_id or not rates_sudo.search_count(known, limit=1):
            return amount
        return euro._convert(amount, self.currency_id, self, today)

    def _prepare_after_sales_tariff_vals(self):
        self.ensure_one()
        module = "after_sales_contract"
        lines = []
        for sequence, ((kind, band), (price, cost, minimum, step)) in enumerate(START_PRICES.items(), 1):
            product = self.env.ref(f"{module}.product_{kind}", raise_if_not_found=False)
            band = band and self.env.ref(f"{module}.{band}", raise_if_not_found=False)
            if product:
                lines.append(
                    {
                        "sequence": sequence * 10,
                        "kind": kind,
                        "band_id": band.id if band else False,
                        "product_id": product.id,
                        "price": self._from_euro(price),
                        "cost": self._from_euro(cost),
                        "minimum": minimum,
                        "step": step,
                    }
                )
        return {
            "name": self.env._("Service tariff"),
            "company_id": self.id,
            "line_ids": [(0, 0, vals) for vals in lines],
        }

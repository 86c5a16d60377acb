from datetime import date

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .common_work import VISIT_DAY, WorkMixin

__all__ = [
    "ACCOUNTANT",
    "AGENT",
    "MANAGER",
    "TECHNICIAN",
    "VISIT_DAY",
    "AfterSalesBillingCommon",
]

TECHNICIAN = "after_sales_warranty.group_after_sales_technician"
AGENT = "after_sales_warranty.group_after_sales_agent"
MANAGER = "after_sales_warranty.group_after_sales_manager"
ACCOUNTANT = "account.group_account_invoice"


class AfterSalesBillingCommon(WorkMixin, AccountTestInvoicingCommon):
    """A service company with the tariff, bands and VAT of the golden example, and one user of each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.env["after.sales.warranty.term"].search([]).active = False
        # What the shipped desk asks of every call is not what these tests are about.
        cls.env["after.sales.service.requirement"].search([("service_id", "=", False)]).unlink()
        cls.env["after.sales.tariff"].search([("company_id", "=", cls.company.id)]).active = False
        cls.vat = cls.tax_sale_a.copy({"name": "VAT 22 %", "amount": 22.0})
        cls.uom_hour = cls.env.ref("uom.product_uom_hour")
        cls.uom_km = cls.env.ref("uom.product_uom_km")
        cls.uom_km.active = True
        cls.tariff, cls.bands = cls._create_tariff(cls.company)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Rossi Srl", "is_company": True, "email": "rossi@example.com"}
        )
        cls.machine = cls._create_goods("Boiler", tracking="serial")
        cls.part_a = cls._create_goods("Part A", list_price=120.0, standard_price=70.0)
        cls.part_b = cls._create_goods("Part B", list_price=18.4, standard_price=9.0)
        cls.contract_product = cls._create_service("Maintenance contract")
        cls.accountant = cls._create_role("bill_accountant", ACCOUNTANT)
        cls.agent = cls._create_role("bill_agent", AGENT)
        cls.manager = cls._create_role("bill_manager", MANAGER)
        cls.technician_user = cls._create_role("bill_technician", TECHNICIAN)
        cls.technician = cls.env["resource.resource"].create(
            {
                "name": "Tina Technician",
                "resource_type": "user",
                "user_id": cls.technician_user.id,
                "company_id": cls.company.id,
                "tz": "Europe/Rome",
                "is_technician": True,
                "hourly_cost": 30.0,
            }
        )

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return (
            groups
            | cls.quick_ref(MANAGER)
            | cls.quick_ref("fleet.fleet_group_manager")
            | cls.quick_ref("hr.group_hr_manager")
        )

    # ------------------------------------------------------------------
    # Master data
    # ------------------------------------------------------------------

    @classmethod
    def _create_role(cls, login, *groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join(("base.group_user", *groups)),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _create_service(cls, name, uom=None, taxes=None, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "uom_id": (uom or cls.uom_unit).id,
                "taxes_id": [Command.set((taxes or cls.vat).ids)],
                **vals,
            }
        )

    @classmethod
    def _create_goods(cls, name, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "taxes_id": [Command.set(cls.vat.ids)],
                **vals,
            }
        )

    @classmethod
    def _create_tariff(cls, company, taxes=None, **vals):
        days = [
            Command.create({"dayofweek": str(day), "hour_from": 8.0, "hour_to": 17.0}) for day in range(5)
        ]
        bands = cls.env["after.sales.time.band"].create(
            [
                {"name": "Ordinary", "sequence": 1, "company_id": company.id, "line_ids": days},
                {"name": "Evening and weekend", "sequence": 2, "is_overtime": True, "company_id": company.id},
            ]
        )
        rows = [
            ("call_out", "Call-out fee", 35.0, 20.0, cls.uom_unit),
            ("travel_km", "Travel distance", 0.62, 0.35, cls.uom_km),
            ("travel_time", "Travel time", 38.0, 25.0, cls.uom_hour),
            ("labour", "Labour", 52.0, 30.0, cls.uom_hour),
            ("overtime", "Overtime", 78.0, 40.0, cls.uom_hour),
            ("per_diem", "Per-diem", 46.48, 46.48, cls.uom_unit),
            ("expense", "Expenses", 0.0, 0.0, cls.uom_unit),
        ]
        tariff = cls.env["after.sales.tariff"].create(
            {
                "name": f"Tariff {company.name}",
                "sequence": 0,
                "company_id": company.id,
                "line_ids": [
                    Command.create(
                        {
                            "kind": kind,
                            "product_id": cls._create_service(name, uom=uom, taxes=taxes).id,
                            "uom_id": uom.id,
                            "price": price,
                            "cost": cost,
                        }
                    )
                    for kind, name, price, cost, uom in rows
                ],
                **vals,
            }
        )
        return tariff, bands

    def _forget_accounts(self):
        """Neither the company, nor categories, nor the journal have an income account; labour has its own."""
        account = self.company_data["default_account_revenue"]
        self.tariff._get_line("labour", self.bands[0]).product_id.property_account_income_id = account
        self.company.income_account_id = False
        self.env["product.category"].search([]).property_account_income_categ_id = False
        self.company_data["default_journal_sale"].default_account_id = False

    @classmethod
    def _create_vehicle(cls, **vals):
        brand = cls.env["fleet.vehicle.model.brand"].create({"name": "Brand"})
        model = cls.env["fleet.vehicle.model"].create({"name": "Van", "brand_id": brand.id})
        return cls.env["fleet.vehicle"].create(
            {"model_id": model.id, "license_plate": "AB123CD", "company_id": cls.company.id, **vals}
        )

    @classmethod
    def _create_unit(cls, serial="SN0001", covered=True, **vals):
        """A boiler; covered: parts are under warranty for two years, labour and travel are not, part B never is."""
        lot = cls.env["stock.lot"].create(
            {"name": serial, "product_id": cls.machine.id, "company_id": cls.company.id}
        )
        unit = cls.env["after.sales.unit"].create(
            {
                "product_id": cls.machine.id,
                "lot_id": lot.id,
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "delivery_date": date(2026, 1, 15),
                **vals,
            }
        )
        if covered:
            term = cls.env["after.sales.warranty.term"].create(
                {
                    "name": "Parts for two years",
                    "duration": 24,
                    "applies_to": "all",
                    "part_share": 100.0,
                    "labour_share": 0.0,
                    "travel_share": 0.0,
                    "excluded_product_ids": [Command.set(cls.part_b.ids)],
                }
            )
            unit._grant_warranties()
            term.active = False
        return unit

    # ------------------------------------------------------------------
    # Contracts
    # ------------------------------------------------------------------

    @classmethod
    def _create_contract(
        cls, start=date(2026, 1, 1), price=1200.0, inclusions=(), units=(), run=True, **vals
    ):
        """A yearly contract, billed every month in advance; running unless told otherwise."""
        contract = cls.env["after.sales.contract"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "date_start": start,
                "duration": 1,
                "duration_unit": "year",
                "interval": 1,
                "interval_unit": "month",
                "timing": "advance",
                "scope": "listed" if units else "customer",
                "cover_policy": "contract_start",
                "line_ids": [
                    Command.create(
                        {
                            "product_id": cls.contract_product.id,
                            "name": "Maintenance contract",
                            "quantity": 1.0,
                            "price_basis": "year",
                            "price_unit": price,
                            "tax_ids": [Command.set(cls.vat.ids)],
                        }
                    )
                ],
                "inclusion_ids": [
                    Command.create({"cost_class": cost_class, "share": share})
                    for cost_class, share in inclusions
                ],
                "cover_ids": [Command.create({"unit_id": unit.id}) for unit in units],
                **vals,
            }
        )
        if run:
            contract.action_start()
        return contract

    # ------------------------------------------------------------------
    # Billing
    # ------------------------------------------------------------------

    @classmethod
    def _create_run(cls, user=None, **vals):
        user = user or cls.accountant
        return (
            cls.env["after.sales.billing.run"]
            .with_user(user)
            .create({"date_to": date(2026, 3, 31), "company_id": user.company_id.id, **vals})
        )

    @classmethod
    def _bill(cls, user=None, **vals):
        """A whole run by the accountant; returns its invoices."""
        run = cls._create_run(user, **vals)
        run.action_bill()
        return run.move_ids

    @classmethod
    def _reverse(cls, move, modify=False, user=None):
        """What the accountant makes of a document that was wrong: its credit note, or the corrected one."""
        wizard = (
            cls.env["account.move.reversal"]
            .with_user(user or cls.accountant)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"reason": "Wrong", "journal_id": move.journal_id.id, "date": date(2026, 4, 2)})
        )
        wizard.modify_moves() if modify else wizard.refund_moves()
        return wizard.new_move_ids

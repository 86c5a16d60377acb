from datetime import date

from odoo import Command

from .common import AfterSalesBillingCommon


class SupplierRecoveryCommon(AfterSalesBillingCommon):
    """A boiler that its maker supplied with two years of warranty, and the visit of the golden example to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "Fabbrica Caldaie Spa",
                "is_company": True,
                "email": "garanzie@fabbrica.example.com",
                "country_id": cls.env.ref("base.it").id,
            }
        )
        cls.unit = cls._create_supplied("SN0001")
        cls.recovery_product = cls.env.ref("after_sales_billing.product_supplier_recovery")
        cls.recovery_product.supplier_taxes_id = [Command.set(cls.tax_purchase_a.ids)]

    @classmethod
    def _create_supplied(cls, serial, **vals):
        return cls._create_unit(
            serial, **{"supplier_id": cls.supplier.id, "supplier_warranty_end": date(2027, 1, 31), **vals}
        )

    @classmethod
    def _agree(cls, **shares):
        """The supplier bears these shares, by cost class."""
        return cls.env["after.sales.supplier.term"].create(
            [
                {"partner_id": cls.supplier.id, "cost_class": cost_class, "share": share}
                for cost_class, share in shares.items()
            ]
        )

    @classmethod
    def _visit_charges(cls, unit=None, **vals):
        """The charges of a visit to the unit that its supplier bears something of."""
        visit = cls._do_visit(unit or cls.unit, **vals)
        return visit.visit_charge_ids.filtered("amount_recoverable").sorted("id")

    @classmethod
    def _covered_charge(cls, unit):
        """Part A, given to the unit under warranty without a visit."""
        return cls._create_charge(
            name="Part A",
            kind="part",
            product_id=cls.part_a.id,
            unit_id=unit.id,
            cost=70.0,
            allocation_ids=[Command.create({"payer": "warranty", "share": 1.0})],
        )

    @classmethod
    def _make_claims(cls, charges, user=None):
        action = charges.with_user(user or cls.accountant).action_claim_supplier()
        wizard = cls.env[action["res_model"]].with_user(user or cls.accountant).browse(action["res_id"])
        action = wizard.action_make()
        return (
            cls.env["after.sales.supplier.claim"].with_user(user or cls.accountant).search(action["domain"])
        )

    @classmethod
    def _answer(cls, claim, outcome, **vals):
        return (
            cls.env["after.sales.supplier.claim.answer"]
            .with_env(claim.env)
            .create({"claim_id": claim.id, "outcome": outcome, **vals})
            .action_apply()
        )

    @classmethod
    def _agreed_claim(cls, charges=None, **vals):
        """A claim that was sent by letter and answered: in full, or in part with ``amount``."""
        claim = cls._make_claims(charges or cls._visit_charges())
        claim.action_mark_sent()
        cls._answer(claim, "partial" if vals else "agreed", **vals)
        return claim

    @classmethod
    def _settle(cls, claim, post=True):
        move = cls.env["account.move"].with_user(cls.accountant).browse(claim.action_settle()["res_id"])
        if post:
            move.action_post()
        return move

    @classmethod
    def _rows(cls, claim):
        """The ledger of a claim, its history included, as (kind, active, amount)."""
        entries = (
            cls.env["after.sales.billing.entry"]
            .with_context(active_test=False)
            .search([("supplier_line_id", "in", claim.line_ids.ids)], order="id")
        )
        return [(entry.kind, entry.active, entry.amount) for entry in entries]

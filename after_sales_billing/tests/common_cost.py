from odoo import Command

from .common import AfterSalesBillingCommon


class CostAccountsCommon(AfterSalesBillingCommon):
    """A company that says where the real cost of covered work goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_cost_accounts(cls.company)
        cls.warranty_account = cls.company.after_sales_warranty_cost_account_id
        cls.contract_account = cls.company.after_sales_contract_cost_account_id
        cls.goodwill_account = cls.company.after_sales_goodwill_cost_account_id
        cls.absorbed = cls.company.after_sales_absorbed_account_id

    @classmethod
    def _set_cost_accounts(cls, company):
        names = ("Warranty cost", "Contract cost", "Goodwill", "Absorbed costs")
        accounts = cls.env["account.account"].create(
            [
                {
                    "name": name,
                    "code": f"AS{company.id}{number}",
                    "account_type": "expense",
                    "company_ids": [Command.set(company.ids)],
                }
                for number, name in enumerate(names)
            ]
        )
        journal = cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        company.write(
            {
                "after_sales_cost_journal_id": journal.id,
                "after_sales_warranty_cost_account_id": accounts[0].id,
                "after_sales_contract_cost_account_id": accounts[1].id,
                "after_sales_goodwill_cost_account_id": accounts[2].id,
                "after_sales_absorbed_account_id": accounts[3].id,
            }
        )

    @classmethod
    def _create_covered(cls, cost, **vals):
        """A part that others than the customer pay: keywords that are payers say their shares."""
        payers = ("customer", "warranty", "contract", "pool", "goodwill")
        shares = {payer: vals.pop(payer) for payer in payers if payer in vals}
        return cls._create_charge(
            **{
                "name": "Part A",
                "kind": "part",
                "product_id": cls.part_a.id,
                "cost": cost,
                "allocation_ids": [
                    Command.create({"payer": payer, "share": share}) for payer, share in shares.items()
                ],
                **vals,
            }
        )

    @classmethod
    def _create_other_company(cls):
        other = cls.setup_other_company(name="Second company")["company"]
        cls._set_cost_accounts(other)
        return other

    @classmethod
    def _post(cls, charges, user=None):
        """The draft entries that an accountant makes of these charges, in his eyes."""
        action = charges.with_user(user or cls.accountant).action_post_cost()
        return (
            cls.env["account.move"]
            .with_user(user or cls.accountant)
            .search(action["domain"], order="date, id")
        )

    def _get_lines(self, move):
        return [
            (line.account_id.sudo(False).with_env(self.env), line.balance)
            for line in move.line_ids.sorted("id")
        ]

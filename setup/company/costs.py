"""Where the real cost goes of what warranty and contracts pay, and what of it the accountant has posted."""

from odoo import Command

from .seasons import Month
from .world import World

ACCOUNTS = {
    "after_sales_warranty_cost_account_id": ("4251", "Costi di interventi in garanzia"),
    "after_sales_contract_cost_account_id": ("4252", "Costi di interventi a contratto"),
    "after_sales_goodwill_cost_account_id": ("4253", "Costi di interventi per cortesia commerciale"),
    "after_sales_absorbed_account_id": ("4259", "Costi di assistenza imputati"),
}


def accounts(world: World) -> None:
    """The accounts of the company, and the journal of their entries."""
    made = world.env["account.account"].create(
        [
            {
                "code": code,
                "name": name,
                "account_type": "expense",
                "company_ids": [Command.set(world.company.ids)],
            }
            for code, name in ACCOUNTS.values()
        ]
    )
    journal = world.env["account.journal"].create(
        {
            "name": "Costi di assistenza",
            "code": "ASSI",
            "type": "general",
            "company_id": world.company.id,
        }
    )
    world.company.write(
        {
            "after_sales_cost_journal_id": journal.id,
            **{fname: account.id for fname, account in zip(ACCOUNTS, made, strict=True)},
        }
    )


def post(world: World, month: Month) -> None:
    """Post, as the accountant does, what others than the customers paid of the work of a month."""
    env = world.as_user("accountant")
    charges = env["after.sales.charge"].search(
        [
            ("company_id", "=", world.company.id),
            ("cost_state", "=", "to_post"),
            ("date", ">=", month.start),
            ("date", "<=", month.stop),
        ]
    )
    if charges:
        env["after.sales.cost.posting"]._make_moves(charges).action_post()

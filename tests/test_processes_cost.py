"""Cost posting (BI-17) in real processes on a real database: at once, and killed. No cost is lost and none is posted twice."""

import time
from datetime import date
from itertools import count

import pytest
from processes import Worker, at_once, committed, give_accounts

from odoo import Command

MONTHS = [date(2026, month, 10) for month in (1, 2)]  # each missed by the job
COST = 12.34
_number = count(1)


@pytest.fixture(scope="module", autouse=True)
def company():
    give_accounts()
    with committed() as env:
        if env.company.after_sales_cost_journal_id:  # a second run on the same database
            return
        accounts = env["account.account"].create(
            [
                {"name": name, "code": f"COST{number}", "account_type": "expense"}
                for number, name in enumerate(("Warranty cost", "Contract cost", "Absorbed costs"))
            ]
        )
        journal = env["account.journal"].search(
            [("company_id", "=", env.company.id), ("type", "=", "general")], limit=1
        )
        env.company.write(
            {
                "after_sales_cost_journal_id": journal.id,
                "after_sales_warranty_cost_account_id": accounts[0].id,
                "after_sales_contract_cost_account_id": accounts[1].id,
                "after_sales_absorbed_account_id": accounts[2].id,
                "after_sales_cost_auto": True,
            }
        )


def covered(number):
    """Work of each month that the warranty pays: so many charges, half of each month."""
    with committed() as env:
        partner = env["res.partner"].create({"name": f"Covered {next(_number)}"})
        charges = env["after.sales.charge"].create(
            [
                {
                    "name": "Part",
                    "kind": "part",
                    "date": MONTHS[i % len(MONTHS)],
                    "partner_id": partner.id,
                    "quantity": 1.0,
                    "price_unit": 20.0,
                    "cost": COST,
                    "allocation_ids": [Command.create({"payer": "warranty", "share": 1.0})],
                }
                for i in range(number)
            ]
        )
        charges._confirm()
        assert set(charges.mapped("cost_state")) == {"to_post"}
        return charges.ids


def ids(charge_ids):
    return ",".join(map(str, charge_ids))


def balance():
    """What the warranty account says, drafts included."""
    with committed() as env:
        account = env.company.after_sales_warranty_cost_account_id
        lines = env["account.move.line"].search([("account_id", "=", account.id)])
        return sum(lines.mapped("balance"))


def count_posted(charge_ids):
    with committed() as env:
        return env["after.sales.billing.entry"].search_count([("charge_id", "in", charge_ids)])


def assert_posted_once(charge_ids, before):
    """One row of the ledger for each charge, on an entry of its month; the account holds their cost and no more."""
    with committed() as env:
        charges = env["after.sales.charge"].browse(charge_ids)
        entries = charges.entry_ids
        assert set(charges.mapped("cost_state")) == {"posted"}
        assert len(entries) == len(charges) and entries.charge_id == charges
        assert set(entries.mapped("amount")) == {COST}
        for line in entries.move_line_id:
            rows = entries.filtered(lambda entry, line=line: entry.move_line_id == line)
            assert env.company.currency_id.compare_amounts(line.balance, sum(rows.mapped("amount"))) == 0
            assert {charge.date.month for charge in rows.charge_id} == {line.date.month}
    assert abs(balance() - before - COST * len(charge_ids)) < 0.005


def finish():
    """What the next turn of the scheduled job does."""
    assert at_once(Worker("cost", 10)) == ["done"]


@pytest.mark.parametrize(
    "how",
    [("post", "post"), ("post", "cost"), ("cost", "cost")],
    ids=["two people", "a person and the job", "two jobs"],
)
def test_two_post_the_same_at_once(how):
    charges, before = covered(20), balance()
    said = at_once(*(Worker(word, ids(charges) if word == "post" else 10) for word in how))
    assert "done" in said
    finish()
    assert_posted_once(charges, before)


def test_two_people_post_what_overlaps():
    """Each asks for charges that the other asks for too, in the other order: neither waits for the other for ever."""
    charges, before = covered(20), balance()
    said = at_once(Worker("post", ids(charges[:15])), Worker("post", ids(charges[:4:-1])))
    assert "done" in said
    finish()
    assert_posted_once(charges, before)


def test_somebody_was_faster():
    """The job looked, a person posted the same and was done, then the job takes what it had seen: it gives way."""
    charges, before = covered(20), balance()
    job = Worker("late", 10).ready()
    assert at_once(Worker("post", ids(charges[:5]))) == ["done"]
    job.go()
    assert job.result() == "done"
    finish()
    assert_posted_once(charges, before)


def test_killed_in_the_middle_and_then_again():
    """Months without the job, then a process that dies twice: whole batches stay, the rest is posted later."""
    charges, before = covered(200), balance()
    reached = 0
    for __ in range(2):
        worker = Worker("cost", 10).ready()
        worker.go()
        while count_posted(charges) == reached:
            assert worker.process.poll() is None, worker.process.stdout.read()
            time.sleep(0.02)
        worker.kill()
        posted = count_posted(charges)
        assert reached < posted < len(charges) and not posted % 10, "whole batches and nothing else"
        reached = posted
    finish()
    assert_posted_once(charges, before)

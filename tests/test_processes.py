"""Billing in real processes on a real database: at once, killed, and late. Nothing is lost and nothing is billed twice."""

import time
from datetime import date
from itertools import count

import pytest
from processes import Worker, at_once, committed, give_accounts

from odoo import Command

CHUNKED = 110  # contracts: three chunks
MONTHS = [date(2026, month, 1) for month in (1, 2, 3)]  # each missed by the job
_number = count(1)


@pytest.fixture(scope="module", autouse=True)
def company():
    give_accounts()


def owing(number):
    """Contracts that owe three months, of one customer each; return their ids."""
    name = f"Processes {next(_number)}"
    with committed() as env:
        fee = env["product.product"].create({"name": name, "type": "service", "taxes_id": False})
        partners = env["res.partner"].create([{"name": f"{name}.{i}"} for i in range(number)])
        line = Command.create({"product_id": fee.id, "price_unit": 120.0, "price_basis": "month"})
        quiet = env["after.sales.contract"].with_context(tracking_disable=True)
        contracts = quiet.create(
            [
                {
                    "partner_id": partner.id,
                    "date_start": MONTHS[0],
                    "interval_unit": "month",
                    "timing": "advance",
                    "cover_policy": "contract_start",
                    "line_ids": [line],
                }
                for partner in partners
            ]
        )
        contracts.action_start()
        return contracts.ids


def open_run(contract_ids, previewed=False, started=False):
    with committed() as env:
        run = env["after.sales.billing.run"].create(
            {"date_to": MONTHS[-1], "contract_ids": [Command.set(contract_ids)]}
        )
        if previewed or started:
            run._preview()
        if started:
            run._start()
        return run.id


def count_invoices(contract_ids):
    with committed() as env:
        return len(_lines(env, contract_ids).move_id)


def _lines(env, contract_ids):
    return env["account.move.line"].search([("after_sales_contract_id", "in", contract_ids)])


def assert_billed_once(contract_ids):
    """Each month of each contract on one line of one invoice, with its own dates, and the ledger says the same."""
    with committed() as env:
        lines = _lines(env, contract_ids)
        found = sorted((line.after_sales_contract_id.id, line.after_sales_date_from) for line in lines)
        assert found == sorted((contract, month) for contract in contract_ids for month in MONTHS)
        assert len(lines.move_id) == len(contract_ids)
        assert sum(lines.mapped("price_subtotal")) == 120.0 * len(MONTHS) * len(contract_ids)
        rows = env["after.sales.contract.instalment"].search(
            [("contract_id", "in", contract_ids), ("date_due", "<=", MONTHS[-1])]
        )
        entries = rows.charge_ids.entry_ids
        assert all(rows.mapped("is_billed")) and len(entries) == len(rows) == len(lines)
        assert entries.move_line_id == lines


def finish():
    """What the next turn of the scheduled job does."""
    assert at_once(Worker("cron", 0)) == ["done"]


@pytest.mark.parametrize("previewed", [False, True], ids=["from nothing", "after their previews"])
def test_two_people_bill_the_same_at_once(previewed):
    contracts = owing(20)
    runs = [open_run(contracts, previewed=previewed) for __ in range(2)]
    said = at_once(*(Worker("click", run) for run in runs))
    assert "done" in said
    assert_billed_once(contracts)


def test_two_runs_in_chunks_at_once():
    contracts = owing(CHUNKED)
    runs = [open_run(contracts, started=True) for __ in range(2)]
    assert at_once(*(Worker("chunks", run) for run in runs)) == ["done", "done"]
    finish()
    assert_billed_once(contracts)
    with committed() as env:
        assert env["after.sales.billing.run"].browse(runs).mapped("state") == ["done", "done"]


def test_one_run_by_two_processes():
    """Two workers share the chunks of one run; what both want, one of them does."""
    contracts = owing(CHUNKED)
    run = open_run(contracts, started=True)
    assert at_once(Worker("chunks", run), Worker("chunks", run)) == ["done", "done"]
    finish()
    assert_billed_once(contracts)
    with committed() as env:
        assert set(env["after.sales.billing.run"].browse(run).line_ids.mapped("state")) == {"billed"}


def test_killed_in_the_middle_and_then_again():
    """Months without the job, then a process that dies twice: what was committed stays, the rest is billed later."""
    contracts = owing(CHUNKED)
    run = open_run(contracts, started=True)
    for survived in (50, 100):
        worker = Worker("chunks", run).ready()
        worker.go()
        while count_invoices(contracts) < survived:
            assert worker.process.poll() is None, worker.process.stdout.read()
            time.sleep(0.1)
        worker.kill()
        assert count_invoices(contracts) == survived, "whole chunks and nothing else"
    finish()
    assert_billed_once(contracts)
    with committed() as env:
        run = env["after.sales.billing.run"].browse(run)
        assert (run.state, run.move_count, run.problem_count) == ("done", CHUNKED, 0)

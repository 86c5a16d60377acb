"""Renew n contracts by an index: preview every row, approve, make the next terms."""

from datetime import date

from contracts import running

WORK = "Renewal of n contracts by an index (floor: a bare copy of each contract, with its prices, as a draft)"
N = 1250  # and 4n = 5,000


def floor(env, n):
    contracts = running(env, n).with_context(tracking_disable=True, mail_create_nolog=True)
    return lambda: _discard(contracts.copy())


def ours(env, n):
    contracts = running(env, n)
    year = date.today().year
    index = env["after.sales.index"].create({"name": "CPI"})
    index.value_ids.create(
        [
            {"index_id": index.id, "month": date(y, m, 1), "value": 100 + 12 * (y - year) + m}
            for y in range(year - 3, year + 1)
            for m in range(1, 13)
        ]
    )
    rule = env["after.sales.adjustment"].create({"name": "CPI", "method": "index", "index_id": index.id})

    def work():
        run = env["after.sales.renewal"].create({"adjustment_id": rule.id})
        for start in range(0, n, 500):
            run._add_contracts(contracts[start : start + 500])
        run.state = "approved"
        rows = run.line_ids
        for start in range(0, n, 50):
            run._process(rows[start : start + 50])
        assert run.done_count == n and run.state == "done"

    return work


def _discard(__):
    """A bare copy has nothing more to do, and no times of its own."""

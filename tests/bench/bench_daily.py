"""The daily job among 100,000 running contracts of which n are due: it touches those and no other."""

from datetime import date, timedelta

from contracts import running

from odoo.tools import SQL

WORK = "Daily job: n of 100,000 contracts renew, n end (floor: a bare copy of the n, one write on 2n)"
N = 50
CONTRACTS = 100_000
FIELDS = (
    "name, state, company_id, partner_id, commercial_partner_id, currency_id, user_id, duration, duration_unit, notice,"
    " notice_unit, tacit_renewal, renewal_duration, renewal_duration_unit, interval, interval_unit, timing, alignment,"
    " scope, cover_policy, amount_untaxed, amount_year"
)


def setup(env):
    """Contracts that go on for a year and more, whose days of notice are spread over months, and old ended ones."""
    model = running(env, 1)
    env.flush_all()
    today = date.today()
    for state, first, count in (
        ("running", today + timedelta(days=400), CONTRACTS),
        ("ended", today - timedelta(days=2000), CONTRACTS),
    ):
        env.cr.execute(
            f"""INSERT INTO after_sales_contract ({FIELDS}, date_start, date_end, date_notice)
                SELECT {FIELDS.replace(" state,", " %s,")}, %s::date - 365 + i %% 300, %s::date + i %% 300,
                       %s::date - 30 + i %% 300
                FROM after_sales_contract, generate_series(1, %s) AS i WHERE id = %s""",
            [state, first, first, first, count, model.id],
        )
    model.unlink() if model.state == "draft" else model._end()
    env.flush_all()
    env.cr.execute("ANALYZE after_sales_contract")
    contracts = env["after.sales.contract"]
    for domain in (contracts._get_tacit_domain(today), contracts._get_over_domain(today)):
        query = contracts._search(domain).select()
        env.cr.execute(SQL("EXPLAIN %s", query))
        plan = " ".join(row[0] for row in env.cr.fetchall())
        assert "Seq Scan on after_sales_contract" not in plan, plan
    env.invalidate_all()


def _due(env, n):
    tacit = running(env, n)
    over = running(env, n, tacit_renewal=False)
    return tacit, over


def floor(env, n):
    tacit, over = _due(env, n)

    def work():
        tacit.copy()
        (tacit | over).write({"state": "ended"})

    return work


def ours(env, n):
    tacit, over = _due(env, n)
    cron = env.registry["ir.cron"]

    def work():
        committed = cron._commit_progress
        cron._commit_progress = lambda *args, **options: float("inf")  # a benchmark keeps nothing
        try:
            env["after.sales.contract"]._cron_renew_contracts()
            env["after.sales.contract"]._cron_end_contracts()
            env["after.sales.contract.alert"]._cron_send()
        finally:
            cron._commit_progress = committed
        assert len(tacit.successor_id) == n
        assert set((tacit | over).mapped("state")) == {"ended"}

    return work

"""Preview what is due: n instalments, of two contracts' prices each, become the lines of a billing run."""

from datetime import date

from billing import analyze, ready_company, run_of
from contracts import running

WORK = (
    "Preview of n due instalments, charges made before (floor: plain SQL that finds the same rows, "
    "numbers them by invoice and writes down the same lines)"
)
N = 1000
setup = ready_company


def floor(env, n):
    run = _due(env, n)

    def work():
        env.cr.execute(
            """
            INSERT INTO after_sales_billing_run_line
                   (run_id, charge_id, company_id, group_number, partner_id, kind, amount, amount_company, state,
                    create_uid, write_uid, create_date, write_date)
            SELECT %s, id, company_id, dense_rank() OVER (ORDER BY partner_id, currency_id, contract_id),
                   partner_id, kind, amount_customer, amount_customer, 'ready', %s, %s, now(), now()
              FROM after_sales_charge
             WHERE billing_state = 'to_bill' AND company_id = %s AND date <= %s
            """,
            [run.id, env.uid, env.uid, env.company.id, run.date_to],
        )
        assert env.cr.rowcount == n

    return work


def ours(env, n):
    run = _due(env, n)

    def work():
        run._preview()
        assert run.charge_count == n and run.invoice_count == n // 2

    return work


def _due(env, n):
    """Half as many contracts, each with two instalments of this year that are charges already."""
    start = date(date.today().year, 1, 1)
    running(env, n // 2, date_start=start, interval_unit="year", visit_plan_ids=[])
    run = run_of(env)
    run._make_due_charges()
    env.flush_all()
    analyze(env)
    return run

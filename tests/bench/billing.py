"""What the benchmarks of billing share: a company that can bill, the run of ours, and the bare create of its invoices."""

from datetime import date

from odoo import Command
from odoo.tools import SQL, mute_logger

from odoo.addons.after_sales_billing.models.after_sales_billing_run import CHUNK

KNOWN = ("balance", "amount_currency")  # what ours tells core of its lines beforehand
ANALYZE_EVERY = 10  # chunks
TABLES = (
    "account_move",
    "account_move_line",
    "after_sales_billing_entry",
    "after_sales_billing_run_line",
    "after_sales_charge",
    "after_sales_contract",
    "after_sales_contract_instalment",
    "after_sales_contract_line",
    "res_partner",
)


def analyze(env):
    """What autovacuum does in a database at work, and cannot do for what one transaction writes: without its figures the
    server reads whole tables that have become large since they were counted."""
    for table in TABLES:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def ready_company(env):
    """Give the company accounts, and none of the due work of other people."""
    if not env.company.chart_template:
        with mute_logger("odoo.addons.account.models.chart_template"):
            env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
    env["after.sales.contract"].search([("state", "in", ("running", "paused"))]).state = "ended"
    env["after.sales.charge"].search([])._cancel()


def run_of(env, **values):
    return env["after.sales.billing.run"].create(
        {"date_to": date.today(), "invoice_date": date.today(), **values}
    )


def whole_run(env, n, **values):
    """The whole of a billing run as the scheduled job does it: preview, then chunk by chunk to the last draft."""

    def work():
        run = run_of(env, **values)
        run._preview()
        assert run.invoice_count == n, f"{run.invoice_count} invoices to make, not {n}"
        run._start()
        for number, groups in enumerate(run._iterate_chunks()):
            run._process(groups)
            env.invalidate_all()  # as the commit after each chunk: written down and forgotten
            if number % ANALYZE_EVERY == 0:
                analyze(env)
        run._finish()
        assert run.state == "done" and run.move_count == n, f"{run.move_count} invoices of {n}"

    return work


def bare_create(env, n, **values):
    """Core's own work: create the invoices of that run, with the same lines and values, in one batch.

    Core works in the context of an ordinary create; ours adds ``mail_create_nosubscribe`` and ``mail_create_nolog``, and
    writes Odoo's "Invoice Created" on all invoices of a chunk at once. Ours also says ``balance`` and ``amount_currency`` of
    its lines, which core works out by itself from quantity, price and discount.
    """
    vals_list = _invoices(env, **values)

    def work():
        moves = env["account.move"].with_context(default_move_type=False).create(vals_list)
        assert len(moves) == n

    return work


def _invoices(env, **values):
    """The values of the invoices of a run."""
    run = run_of(env, **values)
    run._preview()
    billing = env["after.sales.billing"].with_company(run.company_id)
    plans = billing._get_plans([lines.charge_id for lines in run._get_next_groups(limit=None)])
    vals_list = [billing._prepare_move_vals(plan, run) for plan in plans]
    for vals in vals_list:
        vals["invoice_line_ids"] = [
            Command.create({name: value for name, value in line.items() if name not in KNOWN})
            for __, __, line in vals["invoice_line_ids"]
        ]
    return vals_list


def bare_drafts(env, **values):
    """Drafts of the same shape that core alone knows of: no run, no ledger, none of our fields."""
    vals_list = _invoices(env, **values)
    for vals in vals_list:
        for part in (vals, *(line for __, __, line in vals["invoice_line_ids"])):
            for name in [name for name in part if name.startswith("after_sales_")]:
                del part[name]
    moves = env["account.move"].with_context(default_move_type=False).create(vals_list).with_env(env)
    env.cr.flush()  # what their creation leaves for the commit is none of the posting
    return moves


def drafts_of_run(env, n, **values):
    """The drafts of a billing run."""
    run = run_of(env, **values)
    run._preview()
    run._start()
    for groups in run._iterate_chunks():
        run._process(groups)
    run._finish()
    assert run.move_count == n, f"{run.move_count} invoices of {n}"
    env.cr.flush()
    return run, run.move_ids


def in_chunks(env, moves, post):
    """Post so many at a time as a run does."""
    moves = moves.sorted("id")

    def work():
        for start in range(0, len(moves), CHUNK):
            post(moves[start : start + CHUNK])
            env.cr.flush()  # as a commit: the notes of what changed are written too
        assert set(moves.mapped("state")) == {"posted"}

    return work

"""The service-level job among 100,000 open calls: it reads what is due and nothing else."""

WORK = "Stamp n missed deadlines among 100,000 open calls (floor: one update of the same rows)"
N = 250
CALLS = 100_000
BATCH = 500


def setup(env):
    level = env["after.sales.service.level"].create({"name": "Bench", "response_hours": 8})
    partner = env["res.partner"].create({"name": "Customer"})
    team = env["after.sales.team"].create({"name": "Bench", "user_id": env.user.id})
    stage = team._get_stages()[:1]
    env.flush_all()
    env.cr.execute(
        """INSERT INTO after_sales_ticket (name, subject, channel, company_id, team_id, stage_id, state, partner_id,
               commercial_partner_id, service_level_id, date_reported, date_deadline, active, priority)
           SELECT 'B/' || i, 'Call', 'email', %s, %s, %s, 'registered', %s, %s, %s, now() AT TIME ZONE 'UTC',
               now() AT TIME ZONE 'UTC' + interval '1 year', true, '1'
           FROM generate_series(1, %s) AS i""",
        [env.company.id, team.id, stage.id, partner.id, partner.id, level.id, CALLS],
    )
    env.cr.execute(
        """INSERT INTO after_sales_ticket_clock (ticket_id, company_id, kind, target_hours, start, deadline, state)
           SELECT id, company_id, 'response', 8, date_reported, date_deadline, 'running'
           FROM after_sales_ticket WHERE team_id = %s""",
        [team.id],
    )
    env.cr.execute("ANALYZE after_sales_ticket; ANALYZE after_sales_ticket_clock")
    env.cr.execute(
        "EXPLAIN SELECT id FROM after_sales_ticket_clock WHERE deadline < now() AND stop IS NULL"
        " AND breached IS NOT TRUE ORDER BY deadline LIMIT 500"
    )
    plan = " ".join(row[0] for row in env.cr.fetchall())
    assert "Index" in plan and "Seq Scan" not in plan, plan
    env.invalidate_all()


def _make_due(env, n):
    env.cr.execute(
        """UPDATE after_sales_ticket_clock SET deadline = now() AT TIME ZONE 'UTC' - interval '1 hour'
           WHERE id IN (SELECT id FROM after_sales_ticket_clock WHERE state = 'running'
                        AND deadline > now() AT TIME ZONE 'UTC' ORDER BY id LIMIT %s) RETURNING id""",
        [n],
    )
    return [row[0] for row in env.cr.fetchall()]


def floor(env, n):
    ids = _make_due(env, n)
    return lambda: env.cr.execute(
        "UPDATE after_sales_ticket_clock SET breached = true WHERE id = ANY(%s)", [ids]
    )


def ours(env, n):
    ids = _make_due(env, n)
    Clock = env["after.sales.ticket.clock"]

    def work():
        """What the job does between two commits, batch after batch."""
        domain = Clock._get_due_domain()
        while clocks := Clock.search(domain, limit=BATCH, order="deadline, id"):
            clocks._check_breaches()
        assert all(Clock.browse(ids).mapped("breached"))

    return work

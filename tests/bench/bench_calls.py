"""Register calls with three clocks each, in one batch."""

WORK = "Register n calls in one batch (floor: the same calls without service level; ours: with three clocks each)"
N = 250


def _prepare(env, n, **level):
    partners = env["res.partner"].create([{"name": f"Customer {i}"} for i in range(100)])
    promised = env["after.sales.service.level"].create({"name": "Bench", **level})
    team = env["after.sales.team"].create({"name": "Bench", "service_level_id": promised.id})
    env["after.sales.stage"].search([]).template_id = False  # the mail itself is core's work
    rows = [
        {
            "subject": f"Call {i}",
            "partner_id": partners[i % 100].id,
            "team_id": team.id,
            "channel": "email",
        }
        for i in range(n)
    ]

    def work():
        tickets = env["after.sales.ticket"].create(rows)
        assert len(tickets.clock_ids) == len(level) * n

    return work


def floor(env, n):
    return _prepare(env, n)


def ours(env, n):
    return _prepare(env, n, response_hours=8, restore_hours=16, resolve_hours=40)

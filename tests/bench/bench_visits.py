"""Make interventions of the visits that contracts owe, batch by batch, as the daily job does."""

from datetime import date, timedelta

WORK = "Interventions of n due visits of contracts (floor: create n interventions of the same values at once)"
N = 2500
BATCH = 200
VISITS = 50  # of a contract


def floor(env, n):
    visits = _visits(env, n)
    vals_list = [visit._prepare_intervention_vals() | {"contract_visit_id": False} for visit in visits]

    def work():
        env["after.sales.intervention"].create(vals_list)
        env.flush_all()

    return work


def ours(env, n):
    visits = _visits(env, n)

    def work():
        domain = visits._get_to_prepare_domain()
        made = 0
        while due := visits.search(domain, limit=BATCH, order="date_prepare, id"):
            made += len(due._prepare_interventions())
            env.flush_all()
        assert made == n, f"{made} interventions of {n} visits"

    return work


def _visits(env, n):
    """n visits that are due, beside as many that are not."""
    env["after.sales.contract.visit"].search([("state", "=", "planned")]).action_cancel()
    service = env["after.sales.service"].create({"name": "Maintenance", "category": "maintenance"})
    partner = env["res.partner"].create({"name": "Customer"})
    product = env["product.product"].create({"name": "Contract", "type": "service"})
    today = date.today()
    contracts = env["after.sales.contract"].create(
        [
            {
                "partner_id": partner.id,
                "date_start": today - timedelta(days=30),
                "date_end": today + timedelta(days=335),
                "line_ids": [(0, 0, {"product_id": product.id, "name": "Service", "price_unit": 1200.0})],
            }
            for __ in range(-(-n // VISITS))
        ]
    )
    contracts.state = "running"
    visits = env["after.sales.contract.visit"].create(
        [
            {
                "contract_id": contracts[i // VISITS % len(contracts)].id,
                "service_id": service.id,
                "date": today if i < n else today + timedelta(days=300),
            }
            for i in range(2 * n)
        ]
    )
    env.flush_all()
    return visits[:n]

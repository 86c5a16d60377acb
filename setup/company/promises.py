"""What stands behind the warranties: a published policy, an extension on sale, claims, registrations, a recall to start."""

from datetime import timedelta

from . import cast
from .world import World

CLAIMS = 8
REGISTERED = 4


def keep(world: World, now) -> None:
    """Let the manager publish and prepare, and the agent work on what customers asked lately."""
    _policy(world)
    _extension(world)
    covered = world.env["after.sales.unit"].search(
        [
            ("company_id", "=", world.company.id),
            ("warranty_state", "=", "in_warranty"),
            ("serial", "!=", False),
        ]
    )
    chosen = world.random.sample(list(covered), CLAIMS + REGISTERED)
    _claims(world, chosen[:CLAIMS], now)
    _registrations(world, chosen[CLAIMS:], now)
    _recall(world)


def _policy(world: World) -> None:
    policy = (
        world.as_user("manager")["after.sales.policy"]
        .with_context(lang="en_US")
        .create(
            {
                "company_id": world.company.id,
                **{name: texts["en_US"] for name, texts in cast.POLICY.items()},
            }
        )
    )
    cast.tell(policy, cast.POLICY)
    policy.action_publish()


def _extension(world: World) -> None:
    env = world.env(context={**world.env.context, "lang": "en_US"})
    term = env["after.sales.warranty.term"].create(
        {
            "name": cast.EXTENSION_TERM["name"]["en_US"],
            "kind": "extension",
            "company_id": world.company.id,
            "duration": 12,
            "travel_share": 0,
            "product_tmpl_ids": [(6, 0, world.machines.product_tmpl_id.ids)],
        }
    )
    cast.tell(term, cast.EXTENSION_TERM)
    service = env["product.product"].create(
        {
            "name": cast.EXTENSION["name"]["en_US"],
            "type": "service",
            "list_price": 149.0,
            "taxes_id": [(6, 0, world.company.account_sale_tax_id.ids)],
            "company_id": world.company.id,
            "after_sales_extension_term_id": term.id,
        }
    )
    cast.tell(service.product_tmpl_id, cast.EXTENSION)


def _claims(world: World, units: list, now) -> None:
    """Most are authorised, one is refused, the last ones wait."""
    faults = world.env["after.sales.fault"].search([("kind", "=", "symptom"), ("child_ids", "=", False)])
    claims = world.as_user("agent")["after.sales.claim"].create(
        [
            {
                "unit_id": unit.id,
                "date": (now - timedelta(days=3 * number)).date(),
                "fault_id": world.random.choice(list(faults)).id,
                "description": world.random.choice(cast.TROUBLES)[0],
                "user_id": world.users["agent"].id,
            }
            for number, unit in enumerate(units)
        ]
    )
    checked = claims[2:]
    checked.action_check()
    checked[-1:].reason = "Danno da gelo: le istruzioni chiedono di svuotare la macchina."
    checked[-1:].action_refuse()
    checked[2:-1].filtered("part_share").action_authorise()


def _registrations(world: World, units: list, now) -> None:
    """Owners register what they have; a serial number that nobody knows waits for a person."""
    serials = [(unit.serial, unit.partner_id, unit.product_id) for unit in units]
    stranger = world.customers[-1]
    serials.append(("ZX900777", stranger, world.machines[0]))
    registrations = world.env["after.sales.registration"].create(
        [
            {
                "channel": "portal",
                "company_id": world.company.id,
                "serial": serial,
                "product_id": product.id,
                "partner_id": partner.id,
                "contact_name": partner.name,
                "email": partner.email,
                "purchase_date": (now - timedelta(days=20)).date(),
                "date_received": now - timedelta(days=number),
            }
            for number, (serial, partner, product) in enumerate(serials)
        ]
    )
    registrations.action_check()


def _recall(world: World) -> None:
    remedies = [
        world.env.ref(f"after_sales_warranty.after_sales_campaign_remedy_{n}").id
        for n in ("repair", "replacement")
    ]
    campaigns = world.as_user("manager")["after.sales.campaign"].with_context(lang="en_US")
    campaign = campaigns.create(
        {
            **{name: words["en_US"] for name, words in cast.RECALL.items()},
            "kind": "recall",
            "company_id": world.company.id,
            "product_ids": [(6, 0, world.machines[:1].ids)],
            "brand": world.company.name,
            "remedy_ids": [(6, 0, remedies)],
            "contact_phone": "+39 031 555 0100",
            "user_id": world.users["manager"].id,
        }
    )
    cast.tell(campaign, cast.RECALL)
    campaign.action_prepare()

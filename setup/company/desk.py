"""The service desk of the demo company: its team, what its operators read, and when its notices rest."""

from . import cast
from .world import World


def prepare(world: World) -> None:
    """Give the demo company a team; its notices rest while the past is made up, or they would go to invented people."""
    Team = world.env["after.sales.team"]
    team = Team.search([("company_id", "=", world.company.id)], limit=1)
    team = team or Team.create({"name": "Assistenza", "company_id": world.company.id})
    team.write({"name": "Assistenza", "alias_name": "assistenza"})
    _help_operators(world)
    world.notices = {stage: stage.template_id for stage in world.env["after.sales.stage"].search([])}
    world.env["after.sales.stage"].browse([stage.id for stage in world.notices]).template_id = False
    _get_return_notices(world).active = False
    team.rating_request = False


def _help_operators(world: World) -> None:
    """What the desk reads while the telephone rings: texts of usual calls, questions to ask."""
    common = {"company_id": world.company.id}
    service = world.env.ref("after_sales_contract.after_sales_service_repair")
    world.env["after.sales.ticket.template"].create(
        [
            common | {"name": name, "subject": name, "service_id": service.id, "description": text}
            for name, text in cast.USUAL_CALLS
        ]
    )
    world.env["after.sales.guidance"].create(
        [common | {"name": name, "kind": kind, "body": body} for name, kind, body in cast.GUIDANCE]
    )


def open_again(world: World) -> None:
    """The present begins: notices and questions go out again."""
    for stage, template in world.notices.items():
        stage.template_id = template
    _get_return_notices(world).active = True
    world.env["after.sales.team"].search([("company_id", "=", world.company.id)]).rating_request = True


def _get_return_notices(world: World):
    templates = world.env["mail.template"].with_context(active_test=False)
    return templates.search([("model", "=", "after.sales.return")])

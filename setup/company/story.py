"""The story of the demo company, told in order: who, what, and then month after month."""

import gc
import logging
from contextlib import contextmanager
from datetime import datetime, time
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from odoo.addons.base.models import res_users
from odoo.addons.base.models.ir_actions_report import IrActionsReport

from . import (
    calls,
    catalogue,
    complaints,
    contracts,
    costs,
    desk,
    people,
    promises,
    recovery,
    sales,
    takeover,
    workshop,
)
from .seasons import months
from .world import World

_logger = logging.getLogger("company")
FIRST_MONTH = 30  # in which the company works with the suite; what came before it brings over
MARK = "after_sales.demo_company"  # config parameter: the company was made, and when


def build(env) -> None:
    """Make the demo company in a demo database; does nothing where it already lives."""
    parameters = env["ir.config_parameter"].sudo()
    if parameters.get_param(MARK):
        return
    now = fields.Datetime.now()
    company = people.company(env)
    world = World(_quiet(env, company), company)
    story = list(months(now.date()))
    past, present = story[:FIRST_MONTH], story[FIRST_MONTH:]
    first_day = present[0].start
    with _in_a_hurry(), freeze_time(datetime.combine(first_day, time(7)), tick=True) as world.clock:
        people.staff(world)
        costs.accounts(world)
        people.customers(world)
        catalogue.products(world)
        catalogue.warranty(world)
        catalogue.stock(world)
        contracts.offer(world, now.date())
        desk.prepare(world)
        takeover.take_over(world, past, first_day, now.date())
        for month in present:
            _logger.info("Living %s", month.start.strftime("%B %Y"))
            sales.sell(world, month)
            calls.serve(world, month, now)
            complaints.receive(world, month, now)
            if month.number == FIRST_MONTH + takeover.RENEWED - 1:
                contracts.renew(world, month)
            if month.number % 2:
                contracts.bill(world, month, now)
            world.env.invalidate_all()
            # What a month leaves behind keeps its environments alive, and each is looked at again.
            gc.collect(1)
        workshop.work(world, now)
        world.go_to(now)
        costs.post(world, present[-2])
        desk.open_again(world)
        catalogue.showroom(world)
        promises.keep(world, now)
        recovery.claim(world, now)
        calls.maintain(world, now)
        people.come_back(world, now)
        world.env["after.sales.contract"]._cron_renew_contracts()
        world.env["after.sales.contract"]._cron_end_contracts()
        world.as_user("manager")["after.sales.kpi"].action_refresh()
    # Promised from today on, so that whoever finishes a visit sees it; the figures above were made without.
    company.after_sales_repair_months = 12
    # Odoo's own stock rules are up to date too: their first night job stumbles over what it finds changed.
    env["stock.rule"].run_scheduler()
    parameters.set_param(MARK, now)
    env.cr.commit()


@contextmanager
def _in_a_hurry():
    """Leave out what takes time and serves nobody here.

    Letters and statements of the past are not printed (a PDF takes a second, and there are hundreds). A password that
    is the login needs no slow hash: Odoo makes the real one when its user comes in. What lives now lives to the end.
    """
    gc.freeze()
    with (
        patch.object(IrActionsReport, "_render_qweb_pdf", lambda *args, **kwargs: (b"", "pdf")),
        patch.object(res_users, "MIN_ROUNDS", 1000),
    ):
        yield
    gc.unfreeze()


def _quiet(env, company):
    """Return the environment of the company, without mail to invented people and without tracking."""
    logging.getLogger("odoo.addons.mail.models.mail_mail").setLevel(logging.ERROR)
    return env(
        context=dict(
            env.context,
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            mail_notrack=True,
            mail_notify_force_send=False,
            tz="Europe/Rome",
        )
    )

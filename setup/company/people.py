"""The demo company itself, its staff with their roles, and its customers."""

from datetime import datetime, timedelta

from . import cast
from .world import World

NEWS = 3  # days of messages that nobody has read yet
HOMES = {  # where they land: what they work with
    "technician": "after_sales_helpdesk.after_sales_intervention_action_mine",
    "agent": "after_sales_helpdesk.after_sales_team_action_overview",
    "manager": "after_sales_kpi.after_sales_dashboard_action",
    "accountant": "after_sales_billing.after_sales_billing_run_action",
}
ROLES = {
    "technician": ("Davide Brambilla", ["after_sales_warranty.group_after_sales_technician"]),
    "agent": (
        "Chiara Fumagalli",
        ["after_sales_warranty.group_after_sales_agent", "sales_team.group_sale_salesman"],
    ),
    "manager": (
        "Roberto Mauri",
        [
            "after_sales_warranty.group_after_sales_manager",
            "after_sales_complaint.group_after_sales_reviewer",
            "sales_team.group_sale_manager",
            "stock.group_stock_user",
        ],
    ),
    "accountant": ("Laura Pirovano", ["account.group_account_user", "base.group_partner_manager"]),
}


def company(env):
    """Make the Italian company of the play, with its chart of accounts and Italian working time."""
    # install_mode: Odoo would stop here to install every Italian module there is.
    company = (
        env["res.company"]
        .with_context(install_mode=True)
        .create(
            {
                "name": "Lario Service Srl",
                "street": "Via per Cantù 18",
                "zip": "22100",
                "city": "Como",
                "state_id": env.ref("base.state_it_co").id,
                "country_id": env.ref("base.it").id,
                "currency_id": env.ref("base.EUR").id,
                "email": "assistenza@lario-service.example",
                "alias_domain_id": env["mail.alias.domain"].create({"name": "lario-service.example"}).id,
                "phone": "+39 031 555 0100",
                "website": "https://lario-service.example",
                "vat": (vat := cast.vat_number(3155501)),
                "l10n_it_codice_fiscale": vat[2:],
                "l10n_it_tax_system": "RF01",  # the ordinary one; no electronic invoice goes out without
                "logo": False,  # else every document shows the words Your logo
                # else the first print asks for the layout
                "external_report_layout_id": env.ref("web.external_layout_standard").id,
            }
        )
    )
    company = company.with_context(install_mode=False)
    env.user.write({"company_ids": [(4, company.id)], "company_id": company.id, "tz": "Europe/Rome"})
    env["account.chart.template"].try_loading("it", company, install_demo=False)
    env["stock.warehouse"].create({"name": "Magazzino Como", "code": "CO", "company_id": company.id})
    company.partner_id.tz = company.resource_calendar_id.tz = "Europe/Rome"
    return company


def staff(world: World) -> None:
    """Make one user for each role, and the technicians as employees with an hourly cost."""
    env = world.env
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@lario-service.example",
                    "lang": "en_US",
                    "tz": "Europe/Rome",
                    "company_id": world.company.id,
                    "company_ids": [(6, 0, world.company.ids)],
                    "action_id": env.ref(HOMES[login]).id,
                    "group_ids": [(4, env.ref("base.group_user").id)]
                    + [(4, env.ref(group).id) for group in groups],
                }
                for login, (name, groups) in ROLES.items()
            ]
        )
        .with_env(env)
    )
    world.users = {user.login: user for user in users}
    env.ref("base.user_admin").write(
        {"company_ids": [(4, world.company.id)], "company_id": world.company.id, "tz": "Europe/Rome"}
    )
    employees = env["hr.employee"].create(
        [
            {
                "name": name,
                "company_id": world.company.id,
                "hourly_cost": cost,
                "user_id": world.users["technician"].id if not index else False,
                "job_title": "Tecnico di assistenza",
            }
            for index, (name, cost) in enumerate(zip(cast.TECHNICIANS, (27.0, 25.5, 24.0, 26.0), strict=True))
        ]
    )
    employees.resource_id.is_technician = True
    world.technicians = employees.resource_id


def come_back(world: World, now: datetime) -> None:
    """The staff has read what happened in the past, and the manager answers for the figures."""
    people = world.env["res.users"].union(*world.users.values()).partner_id
    unread = world.env["mail.notification"].search(
        [("res_partner_id", "in", people.ids), ("is_read", "=", False)]
    )
    unread.filtered(lambda row: row.mail_message_id.date < now - timedelta(days=NEWS)).is_read = True
    # No mail leaves the demo: the letters of the past were sent in their time.
    world.env["mail.mail"].search([]).unlink()
    waiting = world.env["mail.notification"].search([("notification_status", "in", ("ready", "exception"))])
    waiting.write({"notification_status": "sent", "failure_type": False, "failure_reason": False})
    world.env["after.sales.kpi"].search([]).user_id = world.users["manager"]


def customers(world: World) -> None:
    """Make the customers with address, VAT number, telephone and mail; the first gets a portal user."""
    env, vals_list = world.env, []
    for number, customer in enumerate(cast.CUSTOMERS, start=1):
        italian = customer.country == "IT"
        vat = cast.vat_number(1002003 + 7919 * number) if italian and customer.is_company else customer.vat
        state = (
            env.ref(f"base.state_it_{customer.state.lower()}") if customer.state else env["res.country.state"]
        )
        vals_list.append(
            {
                "name": customer.name,
                "is_company": customer.is_company,
                "street": customer.street,
                "zip": customer.zip,
                "city": customer.city,
                "state_id": state.id,
                "country_id": env.ref(f"base.{customer.country.lower()}").id,
                "vat": vat,
                "l10n_it_codice_fiscale": customer.tax_code or (italian and vat[2:]),
                "phone": f"+39 02 5550 {1000 + number}" if italian else "+41 91 555 01 02",
                "email": f"cliente{number:02d}@example.com",
                "lang": customer.lang,
                "tz": "Europe/Rome",
                "company_id": world.company.id,
            }
        )
    world.customers = env["res.partner"].create(vals_list)
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": world.customers[0].name,
            "partner_id": world.customers[0].id,
            "login": "customer",
            "password": "customer",
            "company_id": world.company.id,
            "company_ids": [(6, 0, world.company.ids)],
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )

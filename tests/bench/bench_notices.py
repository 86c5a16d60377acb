"""The nightly job that tells owners whose cover ends, among a million warranties of which n are due."""

from datetime import date, timedelta
from unittest.mock import patch

WORK = "Nightly job, n owners to tell among 1,000,000 warranties (floor: n mails from a template of Odoo)"
N = 100
UNITS = 250_000
TERMS = 4  # warranties a unit
DAYS = 30


def setup(env):
    """Units of the last years, whose warranties end over the years to come, none within the window."""
    promise = env["after.sales.warranty.promise"].create(
        {"name": "Two years", "kind": "conventional", "duration": 24, "duration_unit": "month"}
    )
    product = env["product.product"].create({"name": "Machine", "type": "consu"})
    partner = env["res.partner"].create({"name": "Customer"})
    env.flush_all()
    env.cr.execute(
        """INSERT INTO after_sales_unit (name, product_id, product_tmpl_id, categ_id, uom_id, company_id, partner_id,
               commercial_partner_id, custody, state, active, quantity, delivery_date, warranty_end)
           SELECT 'BENCH' || i, %s, %s, %s, %s, %s, %s, %s, 'at_customer', 'in_service', true, 1,
               CURRENT_DATE - i %% 1000, CURRENT_DATE + 60 + i %% 1000
           FROM generate_series(1, %s) AS i RETURNING id""",
        [
            product.id,
            product.product_tmpl_id.id,
            product.categ_id.id or None,
            product.uom_id.id,
            env.company.id,
            partner.id,
            partner.id,
            UNITS,
        ],
    )
    env.cr.execute(
        """INSERT INTO after_sales_warranty (number, access_code, unit_id, company_id, promise_id, kind, date_start, date_end)
           SELECT 'BENCH' || unit.id || '/' || i, 'BENCH' || unit.id || '/' || i, unit.id, unit.company_id, %s,
               'conventional', unit.delivery_date, unit.warranty_end - i * 7 * (unit.id %% 50)
           FROM after_sales_unit AS unit, generate_series(0, %s) AS i WHERE unit.name LIKE 'BENCH%%'""",
        [promise.id, TERMS - 1],
    )
    env.cr.execute("ANALYZE after_sales_unit")
    env.cr.execute("ANALYZE after_sales_warranty")
    env.company.after_sales_expiry_days, env.company.after_sales_offer_days = DAYS, 0
    env.invalidate_all()


def floor(env, n):
    partners = _owners(env, n)
    template = env["mail.template"].create(
        {
            "name": "Bench",
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": "Your cover ends",
            "body_html": "<p>Good morning <t t-out='object.name'/></p>",
            "partner_to": "{{ object.id }}",
        }
    )

    def work():
        for partner in partners:
            template.send_mail(partner.id)

    return work


def ours(env, n):
    units = env["after.sales.unit"].search([("name", "=like", "BENCH%")], limit=n)
    due = date.today() + timedelta(days=DAYS - 1)
    owners = _owners(env, n)
    env.flush_all()
    # In the table itself: a change of owner by the model would end what is not passed on.
    env.cr.execute(
        """UPDATE after_sales_unit AS unit SET partner_id = owner.id, commercial_partner_id = owner.id, warranty_end = %s
           FROM unnest(%s, %s) AS owner (unit_id, id) WHERE unit.id = owner.unit_id""",
        [due, units.ids, owners.ids],
    )
    env.cr.execute(
        "UPDATE after_sales_warranty SET date_end = %s WHERE unit_id IN %s", [due, tuple(units.ids)]
    )

    def work():
        with patch.object(type(env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 3600.0):
            env["after.sales.notice"]._cron_send()
        told = env["after.sales.notice"].search_count(
            [("unit_id", "in", units.ids), ("state", "=", "outgoing")]
        )
        assert told == n, f"{told} owners were told of {n}"

    return work


def _owners(env, n):
    return env["res.partner"].create(
        [{"name": f"Owner {i}", "email": f"owner{i}@example.com"} for i in range(n)]
    )

"""Look a serial number up, as it is printed, among a million installed units."""

import time

from odoo.addons.after_sales_warranty.tools import serial_keys

WORK = "Look n serials up among 1,000,000 units (floor: bare select of the id by the indexed key)"
N = 500
UNITS = 1_000_000
STEP = 7919  # a prime: the serials asked for lie all over the table


def setup(env):
    product = env["product.product"].create({"name": "Machine", "type": "consu"})
    partner = env["res.partner"].create({"name": "Customer"})
    env.flush_all()
    env.cr.execute(
        """INSERT INTO after_sales_unit (name, serial, serial_key, has_serial, product_id, product_tmpl_id, categ_id,
               uom_id, company_id, partner_id, commercial_partner_id, custody, state, active, quantity)
           SELECT s, s, replace(s, '-', ''), true, %s, %s, %s, %s, %s, %s, %s, 'at_customer', 'in_service', true, 1
           FROM (SELECT 'XK-' || lpad(i::text, 8, '0') AS s FROM generate_series(1, %s) AS i) AS serials""",
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
    env.cr.execute("ANALYZE after_sales_unit")
    env.cr.execute("EXPLAIN SELECT id FROM after_sales_unit WHERE serial_key = 'XK00000042'")
    plan = " ".join(row[0] for row in env.cr.fetchall())
    assert "Index" in plan and "Seq Scan" not in plan, plan
    env.invalidate_all()


def _serials(n):
    return [f"XK-{i * STEP % UNITS + 1:08d}" for i in range(n)]


def _timed(ask, serials):
    times = []
    for serial in serials:
        since = time.perf_counter()
        assert ask(serial), serial
        times.append(time.perf_counter() - since)
    return times


def floor(env, n):
    def ask(serial):
        env.cr.execute("SELECT id FROM after_sales_unit WHERE serial_key = %s", [serial_keys.key(serial)])
        return env.cr.fetchone()

    return lambda: _timed(ask, _serials(n))


def ours(env, n):
    units = env["after.sales.unit"]
    return lambda: _timed(lambda serial: units._get_by_serial(serial, env.company), _serials(n))

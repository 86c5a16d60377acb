import time
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.tools import SQL, hmac

#: How often to try again when another request counts on the same row at the same moment.
TRIES = 10
VACUUM_BATCH = 10_000


class AfterSalesRateLimit(models.Model):
    """How often a public route was asked in a window of time: one row a key and window, soon deleted."""

    _name = "after.sales.rate.limit"
    _description = "Request Counter"
    _log_access = False

    key = fields.Char(required=True, readonly=True, help="A keyed hash: no address is kept.")
    hits = fields.Integer(required=True, readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)

    _key_uniq = models.UniqueIndex("(key)", "This counter exists already.")

    @api.model
    def _allow(self, key, limit, seconds):
        """Count one request under ``key`` and tell whether it is among the first ``limit`` of its window.

        Windows are ``seconds`` long and start at whole multiples of it. The count is written in a
        transaction of its own: a request counts also when it fails later. To count by caller, take the
        ``client_network`` of ``request.httprequest.remote_addr`` into the key.
        """
        window = int(time.time()) // seconds
        # The secret of the database is nobody's to read; only the hash leaves.
        name = hmac(self.env(su=True), self._name, f"{key} {seconds} {window}")
        expires_at = fields.Datetime.now() + timedelta(seconds=2 * seconds)
        query = SQL(
            "INSERT INTO after_sales_rate_limit (key, hits, expires_at) VALUES (%s, 1, %s)"
            " ON CONFLICT (key) DO UPDATE SET hits = after_sales_rate_limit.hits + 1 RETURNING hits",
            name,
            expires_at,
        )
        for __ in range(TRIES):
            with self.env.registry.cursor() as cr:
                try:
                    cr.execute(query, log_exceptions=False)
                    return cr.fetchone()[0] <= limit
                except errors.SerializationFailure:
                    cr.rollback()
        return False

    @api.autovacuum
    def _gc_expired(self):
        """Forget the windows that are over."""
        expired = self.search([("expires_at", "<", fields.Datetime.now())], limit=VACUUM_BATCH)
        expired.unlink()
        return len(expired), len(expired) == VACUUM_BATCH

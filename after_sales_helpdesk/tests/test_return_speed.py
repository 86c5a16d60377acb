from odoo.tests import tagged, warmup

from .common_workshop import WorkshopCommon

AUTHORISE_AND_RECEIVE = 110
"""Statements of a return authorised and received, of the 110 that the whole with its credit may take (OCA rma: 283)."""


@tagged("post_install", "-at_install")
class TestReturnSpeed(WorkshopCommon):
    @warmup
    def test_return_authorised_and_received(self):
        __, units = self._sold_units("M-1", "M-2")
        self.quick_policy.outcome = "refund"
        for unit in units:
            record = self._create_return(unit, policy_id=self.quick_policy.id)
            line = record.line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            if unit == units[0]:  # fills the caches
                record.action_authorise()
                line._receive([(1.0, unit.serial)])
                continue
            import traceback
            from unittest.mock import patch
            from odoo.sql_db import Cursor

            orig = Cursor.execute
            out = open("/tmp/w/h-shop-sql.txt", "w")

            def spy(cr, query, params=None, log_exceptions=True):
                st = [
                    f"{f.filename.split('/')[-1]}:{f.lineno}:{f.name}"
                    for f in traceback.extract_stack()[:-1]
                    if "/addons/" in f.filename or "after_sales" in f.filename
                ]
                q = query if isinstance(query, str) else getattr(query, "code", str(query))
                out.write(" ".join(q.split())[:110] + "  <<< " + " < ".join(reversed(st[-7:])) + "\n")
                return orig(cr, query, params, log_exceptions)

            with patch.object(Cursor, "execute", spy), self.assertQueryCount(AUTHORISE_AND_RECEIVE):
                record.action_authorise()
                line._receive([(1.0, unit.serial)])
                self.env.flush_all()
            self.assertEqual(line.state, "accepted")

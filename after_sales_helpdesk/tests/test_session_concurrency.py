from datetime import datetime

from psycopg2 import errors

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestSessionConcurrency(TransactionCase):
    """Two phones at the same moment: neither transaction sees what the other one writes."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            technician = env["resource.resource"].create({"name": "Tea", "is_technician": True})
            partner = env["res.partner"].create({"name": "Customer of two visits"})
            visits = env["after.sales.intervention"].create(
                [{"partner_id": partner.id, "technician_ids": [Command.set(technician.ids)]}] * 2
            )
        self.technician_id, self.visit_ids = technician.id, visits.ids
        self.addCleanup(self._remove, visits.ids, technician.id, partner.id)

    def _remove(self, visit_ids, technician_id, partner_id):
        with self.registry.cursor() as cr:
            env = self.env(cr=cr)
            env["after.sales.intervention"].browse(visit_ids).unlink()
            env["resource.resource"].browse(technician_id).unlink()
            env["res.partner"].browse(partner_id).unlink()

    def _create_session(self, cr, visit_id, start, stop):
        return self.env(cr=cr)["after.sales.session"].create(
            {
                "intervention_id": visit_id,
                "technician_id": self.technician_id,
                "date_start": datetime(2026, 3, 11, start),
                "date_stop": stop and datetime(2026, 3, 11, stop),
            }
        )

    def _enter_at_once(self, *spans):
        """Each span in a transaction of its own that began before any of the others ended; the last one as a user."""
        with self.registry.cursor() as late, mute_logger("odoo.sql_db"):
            late.execute("SELECT 1")  # from here on it sees nothing that others commit
            for visit_id, span in zip(self.visit_ids, spans[:-1], strict=False):
                with self.registry.cursor() as early:
                    self._create_session(early, visit_id, *span)
            last = (self.visit_ids[-1], *spans[-1])
            retrying(lambda: self._create_session(late, *last), self.env(cr=late))

    def test_one_technician_in_two_places(self):
        with self.assertRaisesRegex(ValidationError, "another session at that time") as refused:
            self._enter_at_once((8, 10), (9, 11))
        self.assertIsInstance(refused.exception.__cause__, errors.ExclusionViolation)
        with self.registry.cursor() as cr:
            sessions = self.env(cr=cr)["after.sales.session"].search(
                [("intervention_id", "in", self.visit_ids)]
            )
            self.assertEqual(len(sessions), 1)

    def test_clock_started_on_two_phones(self):
        with self.assertRaisesRegex(ValidationError, "another session at that time"):
            self._enter_at_once((8, None), (9, None))

    def test_one_after_the_other(self):
        self._enter_at_once((8, 10), (10, 11))

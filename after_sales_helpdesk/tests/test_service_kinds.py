from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestServiceKinds(FieldCommon):
    def test_installation_starts_the_warranty(self):
        self._create_term(start_basis="installation")
        unit = self._create_unit(serial="I-1")
        self.assertFalse(unit.warranty_ids.date_start)
        visit = self._create_visit(
            self.agent,
            unit_id=unit.id,
            service_id=self.env.ref("after_sales_contract.after_sales_service_installation").id,
        )
        self._finish(visit.with_user(self.technician_user), "second_visit", outcome_reason="No power")
        self.assertFalse(unit.installation_date)
        visit.action_reopen()
        self._finish(visit.with_user(self.technician_user))
        self.assertEqual(unit.installation_date, date(2026, 3, 11))
        self.assertEqual(unit.warranty_ids.date_start, date(2026, 3, 11))

    def test_training_has_its_outcome(self):
        visit = self._create_visit(
            self.agent, service_id=self.env.ref("after_sales_contract.after_sales_service_training").id
        ).with_user(self.technician_user)
        with self._quietly_refused(UserError, "who was trained"):
            self._finish(visit)
        self._finish(
            visit, training_people="Carla", training_usage="Only the first menu", training_result="practice"
        )
        self.assertEqual(visit.state, "done")

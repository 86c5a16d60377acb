from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_field import FieldCommon


@tagged("post_install", "-at_install")
class TestInterventionForm(FieldCommon):
    """A visit of two technicians while somebody edits it: the lead is the second of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._create_technician("colleague")
        cls.visit = cls._create_visit(
            cls.agent,
            technician_ids=[Command.set((cls.technician | cls.colleague).ids)],
            technician_id=cls.colleague.id,
        )

    def test_lead_stays_while_others_come_and_go(self):
        third = self._create_technician("third")
        with Form(self.visit) as form:
            form.technician_ids.add(third)
            self.assertEqual(form.technician_id, self.colleague)
            form.technician_ids.remove(self.technician.id)
            self.assertEqual(form.technician_id, self.colleague)
        self.assertEqual(self.visit.technician_id, self.colleague)
        with Form(self.visit) as form:
            form.technician_ids.remove(self.colleague.id)
            self.assertEqual(form.technician_id, third, "who is left leads")
        self.assertEqual(self.visit.technician_id, third)

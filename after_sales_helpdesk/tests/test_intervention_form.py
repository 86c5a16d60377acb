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

    def test_lines_name_who_enters_them(self):
        """One of the technicians himself; the lead when somebody else writes it down."""
        for user, technician in ((self.technician_user, self.technician), (self.agent, self.colleague)):
            with self.subTest(user=user.login), Form(self.visit.with_user(user)) as form:
                with form.expense_ids.new() as expense:
                    self.assertEqual(expense.technician_id, technician)
                    expense.name, expense.amount = "Toll", 3.2
                with form.session_ids.new() as session:
                    self.assertEqual(session.technician_id, technician)
        both = self.technician | self.colleague
        self.assertEqual(self.visit.expense_ids.technician_id, both)
        self.assertEqual(self.visit.session_ids.technician_id, both)

    def test_clock_goes_on_while_the_visit_is_edited(self):
        visit = self.visit.with_user(self.technician_user)
        visit.action_plan()
        visit.action_work()
        with Form(visit) as form:
            self.assertEqual(form.running_kind, "work")
            with form.session_ids.edit(0) as session:
                session.distance_km = 3
            self.assertEqual(form.running_kind, "work")
            self.assertEqual(form.running_session_id, visit.session_ids)

from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestSnapshot(ContractCommon):
    """What was agreed stays: whatever happens to the template, and whatever a new version of the addon adds to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._create_contract_template(notice=60, pool_hours=10.0, pool_rollover=2.0)

    def _create_agreed(self, **values):
        return self._create_contract(template_id=self.template.id, notice=90, interval_unit="month", **values)

    def _change_template(self):
        self.template.write(
            {
                "notice": 15,
                "interval_unit": "year",
                "pool_hours": 99.0,
                "pool_rollover": 9.0,
                "free_months": 3,
            }
        )

    def _upgrade_with(self, *names):
        """Load the model as an upgrade does whose last version did not know some terms."""
        self.env.flush_all()
        self.env.invalidate_all()
        for name in names:
            self.env.cr.execute(f"ALTER TABLE after_sales_contract DROP COLUMN {name} CASCADE")
        self.registry.init_models(
            self.env.cr, ["after.sales.contract"], {"module": "after_sales_contract"}, install=False
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def test_changed_template(self):
        contract = self._create_agreed()
        self._change_template()
        self.assertRecordValues(
            contract, [{"notice": 90, "interval_unit": "month", "pool_hours": 10.0, "free_months": 0}]
        )
        self.assertFalse(contract.is_plan_outdated)

    def test_upgrade_that_adds_terms(self):
        """A running contract and a draft keep what was agreed; the new terms are what they were without them."""
        running, draft = self._create_agreed(), self._create_agreed(start=False)
        self._change_template()
        planned = running.instalment_ids.mapped("amount")
        self._upgrade_with("free_months", "leave_policy", "adjustment_id", "pool_period")
        self.assertRecordValues(
            running | draft,
            [
                {
                    "notice": 90,
                    "interval_unit": "month",
                    "pool_hours": 10.0,
                    "pool_rollover": 2.0,
                    "free_months": 0,
                    "leave_policy": "credit",
                    "adjustment_id": False,
                    "pool_period": "term",
                }
            ]
            * 2,
        )
        self.assertEqual(running.instalment_ids.mapped("amount"), planned)
        self.assertFalse(running.is_plan_outdated)

    def test_template_of_a_running_contract(self):
        """Another template entered later is a note of where it belongs, not a new agreement."""
        contract = self._create_agreed()
        other = self._create_contract_template(name="Other", notice=5)
        contract.template_id = other
        self.assertEqual((contract.notice, contract.interval_unit), (90, "month"))
        draft = self._create_contract(template_id=self.template.id, start=False)
        draft.template_id = other
        self.assertEqual(draft.notice, 5)

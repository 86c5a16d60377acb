from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import AGENT, MANAGER, AfterSalesKpiCommon

OPEN_FACTS = (
    "after.sales.ticket.fact",
    "after.sales.clock.fact",
    "after.sales.intervention.fact",
    "after.sales.visit.fact",
    "after.sales.complaint.fact",
    "after.sales.delivery.fact",
    "after.sales.unit.month",
    "after.sales.backlog",
)
COST_FACTS = ("after.sales.charge.fact", "after.sales.contract.month")


@tagged("post_install", "-at_install")
class TestAccess(AfterSalesKpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Other Service", "currency_id": cls.company.currency_id.id}
        )
        cls.stranger = new_test_user(
            cls.env,
            login="kpi_stranger",
            groups=f"base.group_user,{MANAGER}",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        cls.visit = cls._golden_visit(cls._create_unit())
        cls.contract = cls._create_contract()
        cls.env["after.sales.backlog"].sudo()._take()
        cls.kpi.search([])._refresh_due()

    def test_other_company_sees_nothing(self):
        for model in (*OPEN_FACTS, *COST_FACTS, "after.sales.kpi.value"):
            with self.subTest(model):
                own = self.env[model].with_user(self.manager).search([("company_id", "=", self.company.id)])
                self.assertFalse(
                    self.env[model]
                    .with_user(self.stranger)
                    .search([])
                    .filtered(lambda row: row.company_id != self.other)
                )
                if own:
                    with self.assertRaises(AccessError):
                        own[0].with_user(self.stranger).read(["company_id"])

    def test_manager_of_two_companies(self):
        self.stranger.company_ids = [Command.set((self.company + self.other).ids)]
        facts = self.env["after.sales.intervention.fact"].with_user(self.stranger)
        self.assertFalse(facts.with_context(allowed_company_ids=self.other.ids).search([]))
        both = facts.with_context(allowed_company_ids=(self.other + self.company).ids)
        self.assertEqual(both.search([]).intervention_id, self.visit)

    def test_costs_are_for_managers(self):
        for model in OPEN_FACTS:
            self.env[model].with_user(self.agent).search([])
        for model in COST_FACTS:
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).search([])
            self.assertTrue(self.env[model].with_user(self.manager).search([]))
        restricted = self.kpi.search([("is_restricted", "=", True)])
        self.assertTrue(restricted)
        self.assertFalse(self.kpi.with_user(self.agent).search([]) & restricted)
        self.assertLessEqual(restricted, self.kpi.with_user(self.manager).search([]))
        values = self.env["after.sales.kpi.value"]
        self.assertFalse(values.with_user(self.agent).search([]).kpi_id & restricted)

    def test_technicians_and_others_read_no_figures(self):
        nobody = new_test_user(self.env, login="kpi_nobody", groups="base.group_user")
        for user in (self.technician_user, nobody):
            for model in (*OPEN_FACTS, *COST_FACTS, "after.sales.kpi", "after.sales.kpi.value"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_agents_define_nothing(self):
        with self.assertRaises(AccessError):
            self.kpi.with_user(self.agent).search([], limit=1).target = 1.0
        self.kpi.with_user(self.manager).search([], limit=1).target = 1.0
        value = self.env["after.sales.kpi.value"].search([], limit=1)
        with self.assertRaises(AccessError):
            value.with_user(self.manager).numerator = 99.0

    def test_confidential_complaints_stay_so(self):
        complaint = self.env["after.sales.complaint"].create(
            {
                "subject": "Personal",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "is_confidential": True,
            }
        )
        fact = self.env["after.sales.complaint.fact"]
        self.assertTrue(fact.search([("complaint_id", "=", complaint.id)]))
        self.assertFalse(fact.with_user(self.agent).search([("complaint_id", "=", complaint.id)]))
        reviewer = new_test_user(
            self.env,
            login="kpi_reviewer",
            groups=f"base.group_user,{AGENT},after_sales_complaint.group_after_sales_reviewer",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertTrue(fact.with_user(reviewer).search([("complaint_id", "=", complaint.id)]))

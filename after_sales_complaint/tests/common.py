from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TECHNICIAN = "after_sales_warranty.group_after_sales_technician"
AGENT = "after_sales_warranty.group_after_sales_agent"
MANAGER = "after_sales_warranty.group_after_sales_manager"
REVIEWER = "after_sales_complaint.group_after_sales_reviewer"


class ComplaintCommon(AccountTestInvoicingCommon):
    """A company with a complaint desk, people in every role, and an invoice at 22 % to complain about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Factories build as the system; every flow runs as the user of its role.
        cls.env = cls.env(su=True)
        cls.company = cls.company_data["company"]
        cls.company.country_id = cls.env.ref("base.it")
        cls.agent = cls._create_user("co_agent", AGENT)
        cls.other_agent = cls._create_user("co_other_agent", AGENT)
        cls.reviewer = cls._create_user("co_reviewer", REVIEWER)
        cls.other_reviewer = cls._create_user("co_other_reviewer", REVIEWER)
        cls.manager = cls._create_user("co_manager", MANAGER)
        cls.technician = cls._create_user("co_technician", TECHNICIAN)
        cls.customer = cls.env["res.partner"].create(
            {"name": "Maria Rossi", "email": "maria@example.com", "country_id": cls.env.ref("base.it").id}
        )
        cls.team = cls.env["after.sales.complaint.team"].create(
            {
                "name": "Complaint desk",
                "company_id": cls.company.id,
                "user_id": cls.manager.id,
                "alias_name": "test-complaints",
            }
        )
        cls.cause = cls.env.ref("after_sales_complaint.complaint_cause_service_late")
        cls.price_reduction = cls._remedy("price_reduction")
        cls.vat = cls.env["account.tax"].create(
            {
                "name": "VAT 22",
                "amount": 22,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
                "tax_group_id": cls.tax_sale_a.tax_group_id.id,
            }
        )

    def _watch(self, model="after.sales.complaint.step"):
        """Run the night job in this transaction."""
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 3600.0):
            self.env[model]._cron_watch()

    @classmethod
    def _create_user(cls, login, *groups, **values):
        values.setdefault("company_id", cls.company.id)
        values.setdefault("company_ids", [Command.set([values["company_id"]])])
        return new_test_user(cls.env, login=login, groups=",".join(groups), **values)

    @classmethod
    def _remedy(cls, name):
        return cls.env.ref(f"after_sales_complaint.complaint_remedy_{name}")

    @classmethod
    def _create_complaint(cls, user=None, **values):
        complaints = cls.env["after.sales.complaint"].with_user(user or cls.agent)
        return complaints.create(
            {
                "subject": "The technician came two days late",
                "partner_id": cls.customer.id,
                "team_id": cls.team.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _assess(cls, complaint, **values):
        """Acknowledge and assess as the user of the complaint's environment."""
        complaint.action_acknowledge_by_hand()
        complaint.write({"cause_id": cls.cause.id, **values})
        complaint.action_assess()
        return complaint

    @classmethod
    def _create_invoice(cls, *lines, post=True, **values):
        """An invoice of (net amount, taxes)."""
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {number}",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for number, (amount, taxes) in enumerate(lines or [(497.40, cls.vat)], 1)
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _decide(
        cls,
        complaint,
        user=None,
        amount=50.0,
        remedy=None,
        outcome="accepted",
        reason="We were late.",
        **values,
    ):
        """Write and submit a decision with one remedy; without one when it is not granted."""
        decisions = cls.env["after.sales.complaint.decision"].with_user(user or complaint.env.user)
        measure = {"remedy_id": (remedy or cls.price_reduction).id, "amount": amount, **values}
        decision = decisions.create(
            {
                "complaint_id": complaint.id,
                "outcome": outcome,
                "reason": reason,
                "measure_ids": [] if outcome == "rejected" else [Command.create(measure)],
            }
        )
        decision.action_submit()
        return decision

    @classmethod
    def _decided_complaint(cls, user=None, outcome="accepted", **values):
        """A complaint whose decision is in force and was told to the customer."""
        complaint = cls._assess(cls._create_complaint(user, **values))
        cls._decide(complaint, outcome=outcome, remedy=cls._remedy("apology"), amount=0)
        complaint.action_answer_by_hand()
        return complaint

    @classmethod
    def _contested_complaint(cls, user=None, **values):
        complaint = cls._decided_complaint(user, outcome="rejected", **values)
        complaint._contest("I waited the whole day.")
        return complaint

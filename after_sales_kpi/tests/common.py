from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.after_sales_billing.tests.common import (
    AGENT,
    MANAGER,
    TECHNICIAN,
    VISIT_DAY,
    AfterSalesBillingCommon,
)

__all__ = ["AGENT", "MANAGER", "TECHNICIAN", "VISIT_DAY", "AfterSalesKpiCommon"]


class AfterSalesKpiCommon(AfterSalesBillingCommon):
    """Calls, visits and money of one company, read by its agent and its manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Rome", "tz": "Europe/Rome"}
        )
        cls.repair = cls.env.ref("after_sales_contract.after_sales_service_repair")
        cls.env["after.sales.stage"].search([]).template_id = False
        cls.leak = cls.env["after.sales.fault"].create(
            {"name": "Leak", "code": "KPI-LEAK", "kind": "symptom"}
        )
        cls.noise = cls.env["after.sales.fault"].create(
            {"name": "Noise", "code": "KPI-NOISE", "kind": "symptom"}
        )
        cls.drip = cls.env["after.sales.fault"].create(
            {"name": "Drip", "code": "KPI-DRIP", "kind": "symptom", "parent_id": cls.leak.id}
        )
        cls.kpi = cls.env["after.sales.kpi"]

    @classmethod
    def _golden_visit(cls, unit, contract=None):
        """The visit of the golden example, on a call that may be worked on."""
        ticket = cls._create_ticket(unit, channel="email", contract_id=contract.id if contract else False)
        ticket.action_check_coverage()
        ticket.authorise_reason = "Agreed on the phone"
        ticket.action_authorise()
        return cls._do_visit(unit, contract=contract, ticket=ticket)

    @classmethod
    def _call(cls, reported, done=None, state=None, **vals):
        """A call as its history would have left it: reported and done at these moments."""
        ticket = cls._create_ticket(
            **{"date_reported": reported, "service_id": cls.repair.id, "channel": "email", **vals}
        )
        state = state or ("done" if done else "registered")
        if state != "registered":
            cls._force(ticket, state=state, date_done=done or None)
        return ticket

    @classmethod
    def _force(cls, record, **vals):
        """Write what only the flow may write, to stage a history without living through it."""
        record.flush_recordset()
        sets = ", ".join(f"{name} = %s" for name in vals)
        cls.env.cr.execute(f"UPDATE {record._table} SET {sets} WHERE id IN %s", [*vals.values(), record._ids])
        record.invalidate_recordset()

    @classmethod
    def _visit(cls, ticket, outcome="solved", state="done", **vals):
        visit = (
            cls.env["after.sales.intervention"]
            .sudo()
            .create(
                {
                    "ticket_id": ticket.id,
                    "partner_id": cls.customer.id,
                    "technician_ids": [Command.set(cls.technician.ids)],
                    "date_start": ticket.date_reported + timedelta(hours=1),
                    **vals,
                }
            )
        )
        cls._force(visit, state=state, outcome=outcome, date_done=visit.date_start)
        return visit

    @classmethod
    def _facts(cls, model, user=None):
        return cls.env[model].with_user(user or cls.manager)

    @classmethod
    def _one(cls, model, domain, measures, user=None):
        """The measures of a fact over a domain, as a user reads them."""
        [row] = cls._facts(model, user)._read_group(domain, [], measures)
        return row

    @classmethod
    def _ago(cls, days, hour=9):
        return datetime.combine(cls._today() - timedelta(days=days), datetime.min.time()).replace(hour=hour)

    @classmethod
    def _today(cls):
        """The day in Rome, where the company is: late in the evening it is not that of UTC."""
        return fields.Datetime.context_timestamp(
            cls.env.user.with_context(tz="Europe/Rome"), fields.Datetime.now()
        ).date()

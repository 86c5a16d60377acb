from datetime import date

from odoo import Command

from .common import AfterSalesBillingCommon


class SubcontractCommon(AfterSalesBillingCommon):
    """A subcontractor with an agreed price of 180, whose report the agent approves at 200."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls._create_service("Subcontracted work")
        cls.tariff.line_ids = [
            Command.create({"kind": "subcontract", "product_id": cls.service.id, "uom_id": cls.uom_unit.id})
        ]
        cls.subcontractor = cls.env["res.partner"].create(
            {"name": "Repairs Ltd", "is_company": True, "email": "repairs@example.com", "tz": "Europe/Rome"}
        )

    @classmethod
    def _create_subcontract(cls, contract=None, price=180.0, send=True, **vals):
        ticket = cls._create_ticket(
            product_id=cls.machine.id, **({"contract_id": contract.id} if contract else {})
        )
        cls._authorise(ticket)
        visit = cls.env["after.sales.intervention"].create(
            {
                "ticket_id": ticket.id,
                "partner_id": cls.customer.id,
                "call_out": False,
                "defect": "Burnt",
                **vals,
            }
        )
        if contract:
            visit.contract_id = contract
        order = (
            cls.env["after.sales.subcontract"]
            .with_user(cls.agent)
            .create({"intervention_id": visit.id, "partner_id": cls.subcontractor.id, "price": price})
        )
        if send:
            order.action_send()
        return order

    @classmethod
    def _report(cls, order):
        """By the subcontractor, on his page."""
        order.sudo()._report(
            {
                "date_start": "2026-03-10 08:00:00",
                "date_end": "2026-03-10 10:30:00",
                "work_done": "Board replaced",
                "outcome": "solved",
            },
            [],
        )

    @classmethod
    def _approve(cls, order, cost=200.0):
        cls._report(order)
        order.cost = cost
        order.action_approve()

    @classmethod
    def _finish_subcontracted(cls, order):
        order.intervention_id.with_user(cls.agent).action_done()
        return order.sudo()._get_own_charges()

    @classmethod
    def _create_bill(cls, order, amount, move_type="in_invoice", currency=None, **line_vals):
        bill = (
            cls.env["account.move"]
            .with_user(cls.accountant)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": cls.subcontractor.id,
                    "currency_id": (currency or order.currency_id).id,
                    "invoice_date": date(2026, 3, 20),
                    "ref": f"{order.name} {amount}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Your order",
                                "price_unit": amount,
                                "after_sales_subcontract_id": order.id,
                                **line_vals,
                            }
                        )
                    ],
                }
            )
        )
        return bill

    def _get_posted(self, contract):
        account = contract.analytic_account_id
        lines = self.env["account.analytic.line"].search([(account.plan_id._column_name(), "=", account.id)])
        return -sum(lines.mapped("amount"))

from datetime import date, datetime

from odoo import Command

VISIT_DAY = date(2026, 3, 10)  # a Tuesday
REPORT = {"outcome": "solved", "defect": "Burnt", "work_done": "Part A replaced"}


class WorkMixin:
    """Calls, the visit of the golden example, and charges entered by hand."""

    @classmethod
    def _create_ticket(cls, unit=None, **vals):
        return cls.env["after.sales.ticket"].create(
            {
                "subject": "It does not heat",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "unit_id": unit.id if unit else False,
                "date_reported": datetime(2026, 3, 9, 9, 0),
                **vals,
            }
        )

    @classmethod
    def _authorise(cls, ticket):
        """Go ahead without a quotation, as agreed on the phone."""
        ticket.authorise_reason = "Agreed on the phone"
        ticket.action_check_coverage()
        ticket.action_authorise()

    @classmethod
    def _do_visit(cls, unit=None, contract=None, ticket=None, parts=True, **vals):
        """The visit of the golden example, done by the technician: its charges are made."""
        visit = cls._start_visit(unit, contract, ticket, parts, **vals)
        return cls._finish_visit(visit)

    @classmethod
    def _start_visit(cls, unit=None, contract=None, ticket=None, parts=True, **vals):
        """The visit of the golden example with its times and parts, still in progress, in the technician's hands."""
        ticket = ticket or cls._create_ticket(unit, **({"contract_id": contract.id} if contract else {}))
        cls._authorise(ticket)
        visit = cls.env["after.sales.intervention"].create(
            {
                "ticket_id": ticket.id,
                "partner_id": cls.customer.id,
                "technician_ids": [Command.set(cls.technician.ids)],
                "date_start": datetime(2026, 3, 10, 11, 30),
                "date_end": datetime(2026, 3, 10, 18, 0),
                "call_out": True,
                "per_diem_days": 1.0,
                **vals,
            }
        )
        if contract:
            visit.contract_id = contract
        visit.action_plan()
        visit = visit.with_user(cls.technician_user)
        visit.action_start()
        cls.env["after.sales.session"].with_user(cls.technician_user).create(
            [
                {
                    "intervention_id": visit.id,
                    "technician_id": cls.technician.id,
                    "kind": "travel",
                    "date_start": datetime(2026, 3, 10, 11, 30),
                    "date_stop": datetime(2026, 3, 10, 13, 0),
                    "distance_km": 46.0,
                },
                {
                    "intervention_id": visit.id,
                    "technician_id": cls.technician.id,
                    "kind": "work",
                    "date_start": datetime(2026, 3, 10, 13, 0),
                    "date_stop": datetime(2026, 3, 10, 18, 0),
                },
            ]
        )
        if parts:
            location = (
                cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1).lot_stock_id
            )
            for part in (cls.part_a, cls.part_b):
                cls.env["stock.quant"]._update_available_quantity(part, location, 1.0)
            cls.env["after.sales.intervention.part"].with_user(cls.technician_user).create(
                [
                    {"intervention_id": visit.id, "product_id": part.id, "location_id": location.id}
                    for part in (cls.part_a, cls.part_b)
                ]
            )
        return visit

    @classmethod
    def _finish_visit(cls, visit):
        visit.write(REPORT)
        visit.action_done()
        return visit.with_user(cls.env.user)

    @classmethod
    def _start_bare_visit(cls, **vals):
        """A visit without call, times and parts whose report is written."""
        visit = cls.env["after.sales.intervention"].create(
            {
                "partner_id": cls.customer.id,
                "technician_ids": [Command.set(cls.technician.ids)],
                "date_start": datetime(2026, 3, 10, 8, 0),
                "call_out": False,
                **REPORT,
                **vals,
            }
        )
        visit.action_start()
        return visit

    @classmethod
    def _create_charge(cls, **vals):
        """A charge entered by hand, confirmed."""
        charge = (
            cls.env["after.sales.charge"]
            .sudo()
            .create(
                {
                    "name": "Labour",
                    "kind": "labour",
                    "date": VISIT_DAY,
                    "company_id": cls.company.id,
                    "partner_id": cls.customer.id,
                    "product_id": cls.tariff._get_line("labour", cls.bands[0]).product_id.id,
                    "uom_id": cls.uom_hour.id,
                    "quantity": 2.0,
                    "price_unit": 52.0,
                    "tax_ids": [Command.set(cls.vat.ids)],
                    **vals,
                }
            )
        )
        charge._confirm()
        return charge.sudo(False)

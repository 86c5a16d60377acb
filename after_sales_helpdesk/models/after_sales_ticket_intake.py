from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.after_sales_warranty.tools.coverage import CoverageRequest


class AfterSalesTicket(models.Model):
    """Intake: the number finds the caller, the serial finds the unit, the unit finds all else."""

    _inherit = "after.sales.ticket"

    @api.depends("contact_phone", "company_id")
    def _compute_caller_ids(self):
        Partner = self.env["res.partner"]
        for ticket in self:
            ticket.caller_ids = Partner._get_callers(ticket.contact_phone, ticket.company_id)

    @api.depends("contact_phone", "company_id", "unit_id")
    def _compute_partner_id(self):
        """Whoever is already named stays; then the owner of the unit, then the one caller of that number."""
        Partner = self.env["res.partner"]
        for ticket in self:
            partner = ticket.partner_id or ticket.unit_id.partner_id
            if not partner and ticket.contact_phone:
                partner = Partner._get_callers(ticket.contact_phone, ticket.company_id)._get_main_caller()
            ticket.partner_id = partner

    @api.depends("serial", "company_id")
    def _compute_unit_id(self):
        Unit = self.env["after.sales.unit"]
        for ticket in self:
            serial = (ticket.serial or "").strip()
            if serial and not ticket.unit_id:
                unit = Unit._get_by_serial(serial, ticket.company_id)
                ticket.unit_id = unit if len(unit) == 1 else False
            else:
                ticket.unit_id = ticket.unit_id

    @api.depends("serial", "unit_id", "company_id")
    def _compute_serial_is_unknown(self):
        Unit = self.env["after.sales.unit"]
        for ticket in self:
            serial = (ticket.serial or "").strip()
            ticket.serial_is_unknown = bool(
                serial and not ticket.unit_id and not Unit._get_by_serial(serial, ticket.company_id)
            )

    @api.depends("unit_id", "partner_id", "company_id", "product_id")
    def _compute_contract_id(self):
        """The contract in force for the unit, or for the customer when it covers all he has."""
        found = self._find_contracts()
        for ticket in self:
            kept = ticket.contract_id.filtered(
                lambda contract, t=ticket: (
                    contract.commercial_partner_id == t.partner_id.commercial_partner_id
                )
            )
            ticket.contract_id = found.get(ticket, kept)

    def _find_contracts(self):
        """Ask the engine that decides coverage, so that the call never names a contract it would not accept."""
        tickets = dict(enumerate(self.filtered("partner_id")))
        matches = self.env["after.sales.coverage"]._match_contracts(
            [ticket._prepare_coverage_request(key, "labour") for key, ticket in tickets.items()]
        )
        Contract = self.env["after.sales.contract"]
        return {
            ticket: Contract.browse(matches[key][:1].id)
            for key, ticket in tickets.items()
            if matches.get(key)
        }

    def _prepare_coverage_request(self, key, cost_class, **more):
        self.ensure_one()
        reported = self.date_reported or fields.Datetime.now()
        vals = {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id._origin.id,
            "unit_id": self.unit_id._origin.id,
            "product_id": self.product_id._origin.id,
            "date": fields.Datetime.context_timestamp(self, reported).date(),
            "fault_id": self.fault_id._origin.id,
        }
        return CoverageRequest(key=key, cost_class=cost_class, **dict(vals, **more))

    @api.depends("unit_id", "contract_id")
    def _compute_contract_hint(self):
        """What will cover the unit later, e.g. a contract that begins when the warranty ends."""
        today = fields.Date.context_today(self)
        for ticket in self:
            later = ticket.unit_id.cover_ids.filtered(
                lambda cover: (
                    cover.contract_state in ("running", "notice")
                    and cover.date_from
                    and cover.date_from > today
                )
            ).sorted("date_from")[:1]
            ticket.contract_hint = False
            if later and not ticket.contract_id:
                ticket.contract_hint = self.env._(
                    "Contract %(contract)s covers it from %(date)s.",
                    contract=later.contract_id.name,
                    date=format_date(self.env, later.date_from),
                )

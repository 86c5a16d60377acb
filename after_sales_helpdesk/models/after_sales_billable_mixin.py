from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.after_sales_contract.models.groups import OFFICE


class AfterSalesBillableMixin(models.AbstractModel):
    """What makes a record chargeable: it says when it is ready, what it is worth and what it cost.

    ``_make_charges`` turns ready records into charges, one for each key. It can be called again at any
    time: what has a live charge is left alone.
    """

    _name = "after.sales.billable.mixin"
    _description = "Chargeable Record"

    charge_ids = fields.One2many(
        "after.sales.charge",
        "source_id",
        "Own Charges",
        domain=lambda self: [("source_model", "=", self._name)],
        groups=OFFICE,
    )

    @api.model
    def _get_to_charge_domain(self):
        """Which records are ready to be charged."""
        return Domain.FALSE

    def _prepare_charge_vals_list(self):
        """What to charge: dicts made with ``_prepare_charge_vals``, any number for each record."""
        return []

    def _get_charge_intervention(self):
        """The visit this record belongs to, whose customer, unit and contract its charges take over."""
        return self.env["after.sales.intervention"]

    def _get_real_cost(self, vals, tariff_line):
        """What this really cost us, in the company's currency; by default what the tariff says.

        :param dict vals: as made by ``_prepare_charge_vals``; ``real_quantity`` is what was done,
            before minimum and rounding
        """
        return vals["real_quantity"] * tariff_line.cost

    def _prepare_charge_vals(self, kind, key, quantity, **vals):
        """Values of one charge of this record.

        Price, currency, taxes, cost and payers are decided for the whole batch later
        (``after.sales.charge._make_from``), unless given here.

        :param kind: a kind of ``after.sales.charge``
        :param key: what tells the charges of one record apart
        :param quantity: what was really done or used; minimum and rounding of the tariff come later
        """
        self.ensure_one()
        visit = self._get_charge_intervention()
        ticket = visit.ticket_id
        contract = visit.contract_id
        partner = contract.invoice_partner_id or visit.partner_id
        return {
            "kind": kind,
            "source_model": self._name,
            "source_id": self.id,
            "source_key": key,
            "real_quantity": quantity,
            "company_id": visit.company_id.id,
            "partner_id": partner.address_get(["invoice"])["invoice"],
            "intervention_id": visit.id,
            "ticket_id": ticket.id,
            "contract_id": contract.id,
            "unit_id": visit.unit_id.id,
            "fault_id": visit.fault_id.id,
            "technician_id": visit.technician_id.id,
            "date": visit._get_charge_date() if visit else fields.Date.context_today(self),
            **vals,
        }

    def _make_charges(self):
        """Charge the records of this set that are ready; returns the new charges."""
        return self.env["after.sales.charge"]._make_from([self])

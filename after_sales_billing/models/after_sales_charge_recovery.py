from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import recovery

#: Planned work and installations are no fault of the supplier.
PLANNED_TRIGGERS = ("due_date", "delivery")


class AfterSalesCharge(models.Model):
    """What the supplier of a unit bears of a charge. It is no payer: it is what we get back of what we bear."""

    _inherit = "after.sales.charge"

    recovery_unit_id = fields.Many2one(
        "after.sales.unit",
        "Supplied Unit",
        compute="_compute_recovery_unit_id",
        store=True,
        index="btree_not_null",
        help="The unit, or the component of it, that failed and whose supplier bears the cost.",
    )
    recovery_supplier_id = fields.Many2one(
        "res.partner",
        "Supplier",
        compute="_compute_recovery_unit_id",
        store=True,
        index="btree_not_null",
    )
    amount_recoverable = fields.Monetary(
        "Recoverable",
        compute="_compute_amount_recoverable",
        store=True,
        currency_field="company_currency_id",
        help="What the supplier bears by his warranty and our agreement with him, of what the customer does not pay.",
    )
    recovery_state = fields.Selection(
        [("to_claim", "To claim"), ("claimed", "Claimed"), ("debited", "Debited"), ("refused", "Refused")],
        "Recovery",
        compute="_compute_recovery_state",
        store=True,
        index="btree_not_null",
    )
    supplier_line_ids = fields.One2many(
        "after.sales.supplier.claim.line", "charge_id", "Claims to the Supplier", readonly=True
    )
    supplier_claim_count = fields.Integer(compute="_compute_supplier_claim_count", compute_sudo=True)

    # ------------------------------------------------------------------
    # Compute
    # ------------------------------------------------------------------

    @api.depends("kind", "source_id", "unit_id.supplier_id", "unit_id.parent_id.supplier_id")
    def _compute_recovery_unit_id(self):
        removed = self._get_removed_units()
        for charge in self:
            units = removed.get(charge, charge.unit_id.browse()) + charge.unit_id + charge.unit_id.parent_id
            unit = units.filtered("supplier_id")[:1] if charge.kind != "instalment" else units.browse()
            charge.recovery_unit_id = unit
            charge.recovery_supplier_id = unit.supplier_id.commercial_partner_id

    def _get_removed_units(self):
        """The component that a part on a visit replaced, whose own supplier may be another one, {charge: unit}."""
        model = "after.sales.intervention.part"
        charges = self.filtered(lambda charge: charge.kind == "part" and charge.source_model == model)
        parts = self.env[model].browse(charges.mapped("source_id")).exists()
        units = {part.id: part.removed_unit_id for part in parts if part.removed_unit_id}
        return {charge: units[charge.source_id] for charge in charges if charge.source_id in units}

    @api.depends(
        "state",
        "kind",
        "date",
        "cost",
        "amount",
        "customer_share",
        "fault_id.is_misuse",
        "ticket_id.date_reported",
        "ticket_id.service_id",
        "recovery_unit_id.supplier_warranty_end",
        "recovery_supplier_id.after_sales_supplier_term_ids.cost_class",
        "recovery_supplier_id.after_sales_supplier_term_ids.share",
        "recovery_supplier_id.after_sales_supplier_term_ids.basis",
        "recovery_supplier_id.after_sales_supplier_term_ids.date_from",
        "recovery_supplier_id.after_sales_supplier_term_ids.date_to",
        "recovery_supplier_id.after_sales_supplier_term_ids.company_id",
    )
    def _compute_amount_recoverable(self):
        claimed = self._get_claimed()
        for charge in self:
            if charge._origin in claimed:  # what was claimed stays what was due then
                charge.amount_recoverable = charge.amount_recoverable
            else:
                charge.amount_recoverable = charge._get_recoverable()

    def _get_claimed(self):
        """The charges of this set on a live claim: {charge: claim, or bill once all of it is debited}."""
        charges = self._origin.filtered("recovery_supplier_id")
        if not charges:
            return {}
        claimed = {}
        for charge, kind in self.env["after.sales.billing.entry"]._read_group(
            [
                ("charge_id", "in", charges.ids),
                ("kind", "in", ("claim", "bill")),
                ("side", "=", "supplier"),
            ],
            ["charge_id", "kind"],
        ):
            claimed[charge] = "claim" if claimed.get(charge) == "claim" else kind
        return claimed

    def _get_refused_ids(self):
        charges = self._origin.filtered("recovery_supplier_id")
        lines = self.env["after.sales.supplier.claim.line"]
        domain = [("charge_id", "in", charges.ids), ("is_refused", "=", True)]
        return {charge.id for (charge,) in lines._read_group(domain, ["charge_id"])} if charges else set()

    @api.depends("state", "amount_recoverable", "entry_ids.active", "entry_ids.kind", "entry_ids.side")
    def _compute_recovery_state(self):
        claimed = self._get_claimed()
        refused_ids = self._get_refused_ids()
        for charge in self:
            kind = claimed.get(charge._origin)
            if kind:
                charge.recovery_state = "debited" if kind == "bill" else "claimed"
            elif charge.state != "confirmed" or not charge.amount_recoverable:
                charge.recovery_state = False
            else:
                charge.recovery_state = "refused" if charge._origin.id in refused_ids else "to_claim"

    @api.depends("supplier_line_ids")
    def _compute_supplier_claim_count(self):
        for charge in self:
            charge.supplier_claim_count = len(charge.supplier_line_ids.claim_id)

    # ------------------------------------------------------------------
    # What the supplier bears
    # ------------------------------------------------------------------

    def _get_fault_date(self):
        """The day on which the warranty of the supplier must hold: when the fault was told, else of the work."""
        self.ensure_one()
        moment = self.ticket_id.date_reported
        return self.company_id._get_after_sales_day(moment) if moment else self.date

    def _is_supplier_fault(self):
        """Whether the work was caused by the goods: neither planned nor misuse."""
        self.ensure_one()
        service = self.ticket_id.service_id or self.intervention_id.service_id
        return service.trigger not in PLANNED_TRIGGERS and not self.fault_id._is_misuse()

    def _get_recoverable(self):
        self.ensure_one()
        unit, supplier = self.recovery_unit_id, self.recovery_supplier_id
        end = unit.supplier_warranty_end
        if self.state == "cancelled" or not supplier or not end or not self.cost_class:
            return 0.0
        day = self._get_fault_date()
        if day > end or not self._is_supplier_fault():
            return 0.0
        term = recovery.find_term(
            supplier.after_sales_supplier_term_ids._get_facts(), self.cost_class, day, self.company_id.id
        )
        if not term:
            return 0.0
        currency = self.company_currency_id
        value = self.cost
        if term.basis == "price":
            value = self.currency_id._convert(self.amount, currency, self.company_id, self.date)
        return recovery.recoverable(value or 0.0, self.customer_share, term.share, currency.rounding)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------

    @api.constrains("state")
    def _check_cancel_claimed(self):
        claimed = self.filtered(
            lambda charge: charge.state == "cancelled" and charge.recovery_state in ("claimed", "debited")
        )
        if claimed:
            raise UserError(
                self.env._(
                    "%(charge)s is claimed from its supplier on %(claim)s: take it off that claim first.",
                    charge=claimed[0].display_name,
                    claim=", ".join(claimed[0].sudo().supplier_line_ids.claim_id.mapped("name")),
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_claim_supplier(self):
        """Show which claims these charges would make, and what stands against them."""
        wizard = self.env["after.sales.supplier.claim.make"].create({"charge_ids": [(6, 0, self.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim From Suppliers"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_view_supplier_claims(self):
        return self.supplier_line_ids.claim_id._get_action()

    def _get_unclaimable_reason(self):
        """Why nothing of the charge can be claimed from a supplier, in words."""
        self.ensure_one()
        if self.recovery_state in ("claimed", "debited"):
            return self.env._("It is claimed on %s.", self.sudo().supplier_line_ids[-1:].claim_id.name)
        if self.state != "confirmed":
            return self.env._("The charge is not confirmed.")
        if not self.recovery_supplier_id:
            return self.env._("No supplier of the unit is known.")
        end = self.recovery_unit_id.supplier_warranty_end
        if not end or self._get_fault_date() > end:
            return self.env._("The supplier's warranty did not hold on the day of the fault.")
        if not self._is_supplier_fault():
            return self.env._("It is planned work or misuse.")
        return self.env._(
            "The supplier bears nothing of it: the customer pays it, or it is not agreed with him."
        )

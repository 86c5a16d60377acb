import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_compare

from .after_sales_contract_life_mixin import LIVE_STATES

_logger = logging.getLogger(__name__)


class AfterSalesUnit(models.Model):
    """What a contract does when its units come to the customer, change, or leave him."""

    _inherit = "after.sales.unit"

    def _after_birth(self):
        """CT-10: what a customer with a contract buys is proposed for inclusion."""
        result = super()._after_birth()
        # sudo: a delivery is done by warehouse people, who do not manage contracts
        candidates_sudo = (
            self.env["after.sales.contract.candidate"].sudo().with_context(tracking_disable=False)
        )
        try:
            with self.env.cr.savepoint():
                candidates_sudo._propose(self)
        except UserError:
            # The unit exists all the same, and can be added to a contract by hand.
            _logger.info("Units %s were not proposed for inclusion", self.ids, exc_info=True)
        return result

    def _end(self, reason, custody=None):
        result = super()._end(reason, custody=custody)
        self._leave_contracts(fields.Date.context_today(self), reason)
        return result

    def _withdraw(self, custody, day, reason):
        result = super()._withdraw(custody, day, reason)
        # What is scrapped has ended, and left with that.
        self.filtered(lambda unit: unit.state != "ended")._leave_contracts(day - timedelta(days=1), reason)
        return result

    def _record_new_owner(self, owners):
        result = super()._record_new_owner(owners)
        today = self.env.context.get("after_sales_owner_day") or fields.Date.context_today(self)
        sold = self.filtered(lambda unit: owners[unit].commercial_partner_id != unit.commercial_partner_id)
        sold._leave_contracts(today - timedelta(days=1), self.env._("The unit has a new owner."))
        return result

    def _return_quantity(self, move):
        """Of a quantity a part may come back: the rest stays covered."""
        before = {unit: unit.quantity for unit in self}
        result = super()._return_quantity(move)
        today = fields.Date.context_today(self)
        for unit, quantity in before.items():
            if unit.state != "ended" and float_compare(unit.quantity, quantity, precision_digits=6) < 0:
                reason = self.env._("Returned with %s.", move.reference or move.picking_id.name)
                unit._leave_contracts(today, reason, stays=unit.quantity)
        return result

    def _leave_contracts(self, day, reason, stays=0.0):
        """End the covers of units after ``day``. A unit that replaces one takes its cover over; so does what ``stays``.

        A contract that passes to the new owner together with its units keeps them.
        """
        if not self:
            return
        # sudo: whoever books the return, the loss or the sale need not manage contracts
        candidates_sudo = self.env["after.sales.contract.candidate"].sudo()
        if not stays:
            candidates_sudo.search([("unit_id", "in", self.ids), ("state", "=", "proposed")]).unlink()
        covers_sudo = (
            self.env["after.sales.contract.cover"]
            .sudo()
            .search(
                Domain("unit_id", "in", self.ids)
                & Domain("contract_id.state", "not in", ["ended", "cancelled"])
                & (Domain("date_to", "=", False) | Domain("date_to", ">", day))
            )
        )
        covers_sudo = covers_sudo.filtered(
            lambda c: (
                c.unit_id.state == "ended"
                or stays
                or c.unit_id.custody in ("lost", "stolen")
                or c.unit_id.commercial_partner_id not in c.contract_id._get_unit_owners()
            )
        )
        if not covers_sudo:
            return
        heirs = {}
        for cover in covers_sudo:
            heir = cover.unit_id if stays else cover.unit_id.replaced_by_id
            if heir and (stays or heir.commercial_partner_id in cover.contract_id._get_unit_owners()):
                heirs[cover] = cover._prepare_heir_vals(heir, day, stays)
        followed_sudo = covers_sudo.filtered(lambda cover: cover in heirs)
        try:
            with self.env.cr.savepoint():
                (covers_sudo - followed_sudo)._leave(day, reason)
                followed_sudo._leave(day, reason, is_replaced=True)
                new_sudo = covers_sudo.create(list(heirs.values()))
                new_sudo.contract_id.filtered(lambda c: c.state in LIVE_STATES)._sync_plan()
        except UserError as error:
            # The goods have moved all the same; somebody has to put the contract right.
            covers_sudo.exists().contract_id._report_left(self, error)

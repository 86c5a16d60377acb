from odoo import models

from ..tools import pools


class AfterSalesPool(models.Model):
    """The end of a pool: its last day, and what becomes of the hours that are left."""

    _inherit = "after.sales.pool"

    def _get_last_day(self):
        """The last day on which work is paid; None as long as nobody knows."""
        self.ensure_one()
        contract = self.contract_id
        ends = [day for day in (self.date_to, contract.date_closed) if day]
        return min(ends, default=None)

    def _get_served_hours(self, day):
        """Hours that belong to the days until an early end: of the included ones their part, of others all."""
        self.ensure_one()
        last = self.date_to or self.contract_id.date_end
        if not self.date_period or not last or day >= last:
            return self.bought
        included = self.entry_ids.filtered(
            lambda entry: (entry.source_key or "").split(":")[0] in ("start", "pause")
        )
        hours = sum(included.mapped("quantity"))
        served = max((day - self.date_from).days + 1, 0) / ((last - self.date_from).days + 1)
        return self.bought - hours + round(hours * served, 2)

    def _close(self, day):
        """The time of the pool is over: the rest goes to the next pool up to the limit, what is beyond it is lost."""
        entries = []
        for pool in self:
            heir = pool.contract_id._get_next_pool(pool)
            carried, lost = pools.carry_over(pool.balance, pool.rollover_limit if heir else 0.0)
            last = pool._get_last_day() or day
            words = pool._with_customer_language().env
            if carried > pools.TINY:
                cause = {"kind": "rollover", "date": last, "res_model": pool._name, "source_key": "rollover"}
                out, into = (
                    words._("Carried over to %s", heir.name),
                    words._("Carried over from %s", pool.name),
                )
                entries.append(
                    {**cause, "pool_id": pool.id, "quantity": -carried, "name": out, "res_id": heir.id}
                )
                entries.append(
                    {
                        **cause,
                        "pool_id": heir.id,
                        "quantity": carried,
                        "name": into,
                        "res_id": pool.id,
                        "date": heir.date_from,
                    }
                )
            if lost > pools.TINY:
                entries.append(
                    {
                        "pool_id": pool.id,
                        "kind": "expire",
                        "date": last,
                        "quantity": -lost,
                        "name": words._("Expired"),
                    }
                )
        self.entry_ids.filtered(lambda entry: entry.kind == "reserve").unlink()
        self.env["after.sales.pool.entry"].create(entries)
        self.write({"closed_on": day})

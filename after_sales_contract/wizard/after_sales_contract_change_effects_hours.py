from odoo import models
from odoo.tools import format_date, formatLang

from ..tools import pools


class AfterSalesContractChange(models.TransientModel):
    """What becomes of the hours of a contract's pools when its life changes."""

    _inherit = "after.sales.contract.change"

    def _describe_transferred_hours(self):
        """Which hours go along and which do not: what is left on the first day counts."""
        contract, texts = self.contract_id, []
        passing = contract._get_transferable_pools()
        if hours := sum(passing.mapped("balance")):
            texts.append(
                self.env._(
                    "Hours that go along to %(partner)s, as far as they are still left on that day: %(hours)s (%(pools)s).",
                    partner=self.partner_id.display_name,
                    hours=f"{hours:g}",
                    pools=", ".join(passing.mapped("name")),
                )
            )
        staying = (contract.pool_ids - passing).filtered(lambda pool: pool.date_from <= self.date)
        if hours := sum(staying.mapped("balance")):
            texts.append(
                self.env._(
                    "Hours of the present period that stay with %(partner)s and lapse with his contract: %(hours)s. The new "
                    "contract has its own from its first day, by days.",
                    partner=contract.partner_id.display_name,
                    hours=f"{hours:g}",
                )
            )
        return texts

    def _describe_hours_after(self, closed):
        """What becomes of the hours of each pool, and whether more were used than the days served paid for."""
        contract, texts = self.contract_id, []
        today = contract._get_today()
        for pool in contract.pool_ids.filtered(lambda row: not row.closed_on):
            if pool.date_from > closed:
                texts.append(self._describe_hours_never(pool))
                continue
            last = min(pool.date_to or closed, closed)
            words = {"pool": pool.name, "hours": self._format_hours(pool.balance)}
            if pool.balance > pools.TINY:
                words["day"] = format_date(self.env, last)
                texts.append(self._describe_hours_left(pool, words, last < today))
            served = pool._get_served_hours(closed)
            if pool.used - served > pools.TINY:
                texts.append(
                    self.env._(
                        "More hours than paid for, %(pool)s: %(used)s hours were used, %(served)s belong to the days served.",
                        pool=pool.name,
                        used=self._format_hours(pool.used),
                        served=self._format_hours(served),
                    )
                )
        return texts

    def _describe_hours_never(self, pool):
        return self.env._(
            "%(pool)s: its %(hours)s hours would begin on %(day)s, after the last day. They lapse.",
            pool=pool.name,
            hours=self._format_hours(pool.balance),
            day=format_date(self.env, pool.date_from),
        )

    def _describe_hours_left(self, pool, words, is_over):
        if is_over:
            return self.env._("%(pool)s: %(hours)s hours left lapse with the contract.", **words)
        if pool.date_period:
            return self.env._(
                "%(pool)s: %(hours)s hours left, to be used until %(day)s. Then they lapse.", **words
            )
        return self.env._(
            "%(pool)s: %(hours)s hours left were bought apart; they too can be used until %(day)s only, as long as the "
            "contract is in force.",
            **words,
        )

    def _format_hours(self, hours):
        return formatLang(self.env, hours, digits=2)

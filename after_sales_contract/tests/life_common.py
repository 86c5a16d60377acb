from unittest.mock import patch

from odoo.tests import Form

from .common import AGENT, ContractCommon


class LifeCommon(ContractCommon):
    """The wizards of a contract's life, and instalments that are billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("changer", AGENT)

    def _planned(self, contract):
        rows = contract.instalment_ids.filtered(lambda row: row.state == "planned").sorted("date_from")
        return [(row.date_from, row.date_to, row.amount) for row in rows]

    def _bill(self, rows):
        """What the billing addon would answer."""
        ids = set(rows.ids)

        def compute(records):
            for record in records:
                record.is_billed = record.id in ids

        self.env.invalidate_all()
        self.startPatcher(
            patch.object(self.env.registry["after.sales.contract.instalment"], "_compute_is_billed", compute)
        )

    def _wizard(self, contract, kind, **values):
        action = getattr(contract.with_user(self.agent), f"action_{kind}")()
        wizard = Form.from_action(self.env(user=self.agent), action)
        for name, value in values.items():
            setattr(wizard, name, value)
        return wizard

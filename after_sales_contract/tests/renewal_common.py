from datetime import date

from freezegun import freeze_time

from odoo import Command

from .common import MANAGER, ContractCommon


class RenewalCommon(ContractCommon):
    """Contracts over 2026 that come to their end, adjustments and runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("renewal_manager", MANAGER)
        cls.extra = cls._create_service_product("Extra", list_price=50.0)

    @classmethod
    def _create_adjustment(cls, method="percent", scope="contract", **values):
        return cls.env["after.sales.adjustment"].create(
            {"name": f"{scope} {method}", "method": method, "scope": scope, **values}
        )

    @classmethod
    def _create_index(cls, figures, name="CPI"):
        return cls.env["after.sales.index"].create(
            {
                "name": name,
                "value_ids": [
                    Command.create({"month": month, "value": value}) for month, value in figures.items()
                ],
            }
        )

    @classmethod
    def _open_run(cls, contracts, **values):
        """A run of the manager over these contracts."""
        run = cls.env["after.sales.renewal"].with_user(cls.manager).create(values)
        run._add_contracts(contracts.with_user(cls.manager))
        return run

    @classmethod
    def _renew(cls, contracts, **values):
        """Through a run, approved by the manager; returns the next terms."""
        run = cls._open_run(contracts, **values)
        run.action_approve()
        return run.line_ids.successor_id.sudo(False).with_env(cls.env)

    def _run_job(self, xmlid, day):
        with freeze_time(day), self.enter_registry_test_mode():
            self.env.ref(f"after_sales_contract.{xmlid}").method_direct_trigger()
        self.env.invalidate_all()

    @classmethod
    def _create_tacit(cls, **values):
        return cls._create_contract(tacit_renewal=True, **{"date_start": date(2026, 1, 1), **values})

from freezegun import freeze_time

from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.after_sales_billing.tests.common import AfterSalesBillingCommon


class ItalianCommon(AfterSalesBillingCommon):
    """The company of the billing tests in Italy, on 10 March 2026, with a boiler to be repaired."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("it")
    def setUpClass(cls):
        frozen = freeze_time("2026-03-10 10:00:00")
        frozen.start()
        cls.addClassCleanup(frozen.stop)
        super().setUpClass()
        cls.company.write(
            {
                "vat": "IT01234560157",
                "l10n_it_codice_fiscale": "01234560157",
                "l10n_it_tax_system": "RF01",
                "street": "Via Prova 1",
                "zip": "20100",
                "city": "Milano",
            }
        )
        cls.customer.write(
            {
                "vat": "IT00465840031",
                "country_id": cls.env.ref("base.it").id,
                "street": "Via Privata 6",
                "zip": "28887",
                "city": "Omegna",
            }
        )
        cls.policy = cls.env["after.sales.return.policy"].create(
            {"name": "Quick", "outcome": "repair", "inspect": False}
        )
        cls.unit = cls._create_unit(covered=False)
        cls.ticket = cls._create_ticket(cls.unit)

    @classmethod
    def _create_return(cls, **values):
        record = (
            cls.env["after.sales.return"]
            .with_user(cls.agent)
            .create(
                {
                    "ticket_id": cls.ticket.id,
                    "partner_id": cls.customer.id,
                    "policy_id": cls.policy.id,
                    "is_pickup": True,
                    "line_ids": [Command.create({"unit_id": cls.unit.id, "note": "Broken"})],
                    **values,
                }
            )
        )
        record.action_authorise()
        return record

    @classmethod
    def _receive(cls, record):
        record.env["after.sales.return.receive"].create({"return_id": record.id}).action_receive()

    @classmethod
    def _hand_out(cls, line):
        if line.state == "in_workshop":
            line.unrepairable_reason = "No parts"
            line.action_not_repairable()
        line.action_back_as_is()
        act = line.env["after.sales.handout"].browse(line.action_hand_out()["res_id"])
        act.action_done()
        return act

    def _there_and_back(self):
        """Fetched on 10 March, handed back on 20 March."""
        record = self._create_return()
        self._receive(record)
        with freeze_time("2026-03-20 10:00:00"):
            act = self._hand_out(record.line_ids)
            self.env.flush_all()
        return record.sudo()._get_pickings() - act.sudo().picking_id, act.sudo().picking_id

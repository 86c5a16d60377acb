from .common import AGENT, MANAGER, TECHNICIAN, AfterSalesCommon

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class CampaignCommon(AfterSalesCommon):
    """A recall ready to be prepared, and the people who work on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", MANAGER)
        cls.agent = cls._create_user("agent", AGENT)
        cls.technician = cls._create_user("technician", TECHNICIAN)
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.repair, cls.replacement, cls.refund = (
            cls.env.ref(f"after_sales_warranty.after_sales_campaign_remedy_{name}")
            for name in ("repair", "replacement", "refund")
        )
        cls.anna = cls.env["res.partner"].create(
            {"name": "Anna Rossi", "email": "anna@example.com", "lang": "it_IT"}
        )

    @classmethod
    def _create_campaign(cls, **values):
        vals = {
            "title": "The burner can overheat",
            "kind": "recall",
            "product_ids": [(6, 0, cls.machine.ids)],
            "image_1920": PICTURE,
            "product_description": "Gas boiler B-24, white",
            "brand": "Fuoco",
            "identification": "SN-1 to SN-9",
            "sale_info": "Sold in Italy by us in 2026",
            "hazard": "The burner can set fire to the room: people can be burnt.",
            "instructions": "<p>Switch it off and do not use it any more.</p>",
            "remedy_ids": [(6, 0, (cls.repair | cls.refund).ids)],
            "contact_phone": "800 123456",
            "contact_email": "recall@example.com",
            "user_id": cls.manager.id,
            **values,
        }
        return cls.env["after.sales.campaign"].with_user(cls.manager).create(vals)

    @classmethod
    def _start(cls, campaign):
        campaign.action_prepare()
        campaign.action_start()
        return campaign

    def _send(self, leave=True):
        """Run the job, and that of the mails unless they shall not ``leave``."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("after_sales_warranty.ir_cron_send_campaigns").method_direct_trigger()
        if leave:
            owners = self.env["after.sales.campaign.owner"].search([])
            self._leave(self._get_mails(owners).filtered(lambda mail: mail.state == "outgoing"))
        self.env.invalidate_all()

    def _leave(self, mails):
        """The queue sent them; in tests it sends nothing."""
        for mail in mails:
            mail.write({"state": "sent", "failure_reason": False})
            mail._postprocess_sent_message([], [mail.email_to])

    def _get_mails(self, owners):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "after.sales.campaign.owner"),
                ("res_id", "in", owners.ids),
                ("is_notification", "=", False),
            ],
            order="id",
        )

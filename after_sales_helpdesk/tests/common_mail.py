from email.message import EmailMessage

from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCommon


class TicketMailCommon(MailCommon):
    """A desk with an alias, a customer who writes and an agent who answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env["after.sales.service.level"].create({"name": "Fast", "response_hours": 8})
        cls.team = cls.env["after.sales.team"].create(
            {
                "name": "Hotline",
                "alias_name": "hotline",
                "company_id": cls.company_admin.id,
                "service_level_id": cls.level.id,
            }
        )
        cls.address = f"hotline@{cls.alias_domain}"
        cls.customer = cls.env["res.partner"].create(
            {"name": "Carla", "email": "carla@example.com", "lang": "en_US"}
        )
        cls.agent = cls.user_employee
        cls.agent.group_ids += cls.env.ref("after_sales_warranty.group_after_sales_agent")

    def _mail(
        self,
        subject="No hot water",
        body="Since this morning.",
        sender="Carla <carla@example.com>",
        **headers,
    ):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, headers.pop("to", self.address), subject
        mail["Message-ID"] = headers.pop(
            "message_id", f"<{subject.replace(' ', '')}.{len(body)}@example.com>"
        )
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return mail

    def _receive(self, mail):
        """Deliver a mail and return the calls that it opened."""
        Ticket = self.env["after.sales.ticket"]
        before = Ticket.search([])
        with (
            self.mock_mail_gateway(),
            self.mock_mail_app(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            self.env["mail.thread"].message_process(None, mail.as_string())
        return Ticket.search([]) - before

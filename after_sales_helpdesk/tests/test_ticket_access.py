from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicketAccess(HelpdeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._create_ticket()
        cls.technician = cls.env["resource.resource"].create(
            {"name": "Tea", "is_technician": True, "user_id": cls.technician_user.id, "tz": "UTC"}
        )
        cls.env["after.sales.intervention"].create(
            {"ticket_id": cls.ticket.id, "technician_ids": cls.technician.ids}
        )
        cls.portal = new_test_user(
            cls.env, "hd_portal", groups="base.group_portal", partner_id=cls._portal_partner(cls.business).id
        )
        cls.stranger = new_test_user(cls.env, "hd_stranger", groups="base.group_portal")

    @classmethod
    def _portal_partner(cls, parent):
        return cls.env["res.partner"].create(
            {"name": "Bob", "email": "bob@example.com", "parent_id": parent.id}
        )

    def test_technician_reads(self):
        ticket = self.ticket.with_user(self.technician_user)
        self.assertEqual(ticket.subject, "It does not start")
        ticket.clock_ids.read(["deadline"])
        for values in ({"subject": "No"}, {"user_id": self.technician_user.id}):
            with self.assertRaises(AccessError):
                ticket.write(values)
        for action in ("action_check_coverage", "action_restored", "action_cancel", "action_done"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(ticket, action)()
        with self.assertRaises(AccessError):
            self._create_ticket(self.technician_user)

    def test_technician_sees_calls_of_his_visits_and_teams_only(self):
        """He counts them under the same right; an agent sees all."""
        other = self._create_ticket(service_id=self.service.id)
        other.action_check_coverage()
        mine = self.env["after.sales.ticket"].with_user(self.technician_user)
        both = self.ticket | other
        of_both = [("ticket_id", "in", both.ids)]
        self.assertEqual(mine.search([("id", "in", both.ids)]), self.ticket)
        self.assertEqual(self.team.with_user(self.technician_user).open_count, 1)
        self.assertEqual(mine.env["after.sales.ticket.clock"].search(of_both).ticket_id, self.ticket)
        self.assertFalse(mine.env["after.sales.ticket.coverage"].search(of_both))
        with self.assertRaises(AccessError):
            other.with_user(self.technician_user).read(["subject"])
        self.assertEqual(mine.with_user(self.agent).search([("id", "in", both.ids)]), both)
        self.team.member_ids = self.technician_user
        self.assertEqual(mine.search([("id", "in", both.ids)]), both)
        self.assertTrue(mine.env["after.sales.ticket.coverage"].search(of_both))

    def test_app_opens_on_the_work_of_the_role(self):
        root = self.env.ref("after_sales_warranty.after_sales_menu_root")
        opened = {
            user: self.env["ir.ui.menu"].with_user(user).load_web_menus(False)[root.id]["actionID"]
            for user in (self.technician_user, self.agent)
        }
        helpdesk = "after_sales_helpdesk.after_sales"
        self.assertEqual(
            opened,
            {
                self.technician_user: self.env.ref(f"{helpdesk}_intervention_action_mine").id,
                self.agent: self.env.ref(f"{helpdesk}_team_action_overview").id,
            },
        )

    def test_technician_writes_to_the_customer(self):
        self.ticket.with_user(self.technician_user).message_post(body="On my way")

    def test_agent_works(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        ticket.action_view_similar()
        with self.assertRaises(AccessError):
            ticket.unlink()
        for model, values in (
            ("after.sales.team", {"name": "Mine"}),
            ("after.sales.stage", {"name": "Mine", "state": "done"}),
            ("after.sales.ticket.clock", {"ticket_id": ticket.id, "kind": "on_site", "target_hours": 1}),
            ("after.sales.ticket.pause", {"ticket_id": ticket.id, "reason": "part"}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).create(values)

    def test_agent_quotes_without_sales_rights(self):
        ticket = self._create_ticket(self.agent, service_id=self.service.id)
        ticket.action_check_coverage()
        action = ticket.action_quote()
        # With complaints installed an agent reads orders; alone he gets the customer's page of it.
        reads_orders = ticket.sale_order_id.has_access("read")
        self.assertEqual(action["type"], "ir.actions.act_window" if reads_orders else "ir.actions.act_url")
        ticket.action_send_quotation()
        self.assertEqual(ticket.sale_order_id.sudo().state, "sent")

    def test_manager_configures(self):
        team = (
            self.env["after.sales.team"]
            .with_user(self.manager)
            .create({"name": "New", "alias_name": "hd-new"})
        )
        self.assertEqual(team.alias_id.alias_name, "hd-new")
        self.env["after.sales.stage"].with_user(self.manager).create({"name": "New", "state": "registered"})

    def test_views_open_in_every_role(self):
        for user in (self.technician_user, self.agent, self.manager):
            Ticket = self.env["after.sales.ticket"].with_user(user)
            for view in ("form", "list", "kanban", "calendar", "activity", "pivot", "graph", "search"):
                with self.subTest(user=user.login, view=view):
                    Ticket.get_views([(False, view)])
            fields_of_form = Ticket.get_view(view_type="form")["models"]["after.sales.ticket"]
            self.ticket.with_user(user).read(Ticket.fields_get(fields_of_form))

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = self._create_user(
            "hd_foreigner",
            "after_sales_warranty.group_after_sales_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        Ticket = self.env["after.sales.ticket"].with_user(foreigner)
        self.assertFalse(Ticket.search([]))
        with self.assertRaises(AccessError):
            self.ticket.with_user(foreigner).read(["subject"])
        with self.assertRaises(AccessError):
            self.ticket.with_user(foreigner).action_check_coverage()
        for model in ("after.sales.ticket.clock", "after.sales.team"):
            self.assertFalse(
                self.env[model].with_user(foreigner).search([("company_id", "=", self.company.id)])
            )

    def test_portal_reads_its_own_company(self):
        own = self._create_ticket(partner_id=self.business.id)
        Ticket = self.env["after.sales.ticket"].with_user(self.portal)
        self.assertEqual(Ticket.search([]), own)
        self.assertFalse(Ticket.with_user(self.stranger).search([]))
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.portal).read(["subject"])
        with self.assertRaises(AccessError):
            own.with_user(self.portal).write({"subject": "Mine"})
        for name in (
            "authorise_reason",
            "stage_guidance",
            "procedure",
            "guidance_ids",
            "service_level_reason",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.with_user(self.portal).read([name])
        with self.assertRaises(AccessError):
            own.with_user(self.portal).action_cancel()
        with self.assertRaises(AccessError):
            self.env["after.sales.ticket.coverage"].with_user(self.portal).search([])

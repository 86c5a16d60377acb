from datetime import date, timedelta

from odoo import Command, fields, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.after_sales_warranty.tests.header_common import HeaderMixin

from .common import ContractCommon


@tagged("-at_install", "post_install")
class TestPoolPortal(HeaderMixin, ContractCommon, HttpCase):
    """The customer's page of his hours, tried by his group and by strangers too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = [
            cls._create_user(login, "base.group_portal", password=f"{login}-pass-word")
            for login in ("owner-pool", "sister-pool", "stranger-pool")
        ]
        cls.owner, cls.sister, cls.stranger = users
        start = fields.Date.today() - timedelta(days=20)
        cls.contract = cls._create_contract(
            partner_id=cls.owner.partner_id.id, scope="customer", includes=(), pool_hours=10, date_start=start
        )
        cls.pool = cls.contract.pool_ids
        cls.pool.shared_partner_ids = cls.sister.partner_id
        cls.pool._consume(
            [
                {
                    "name": "Visit at the owner",
                    "quantity": 2,
                    "date": start,
                    "partner_id": cls.owner.partner_id.id,
                },
                {
                    "name": "Visit at the sister",
                    "quantity": 1,
                    "date": start,
                    "partner_id": cls.sister.partner_id.id,
                },
            ]
        )
        cls.statement = cls.pool._make_statements(start + timedelta(days=5))

    def _login(self, user):
        self.authenticate(user.login, f"{user.login}-pass-word")

    def _post(self, path):
        return self.url_open(path, data={"csrf_token": http.Request.csrf_token(self)}, allow_redirects=False)

    def _orders(self):
        return self.env["sale.order.line"].search([("after_sales_pool_id", "=", self.pool.id)]).order_id

    def test_owner_sees_everything(self):
        self._login(self.owner)
        self.assertIn(f"/my/pools/{self.pool.id}", self.url_open("/my/pools").text)
        page = self.url_open(f"/my/pools/{self.pool.id}").text
        for words in ("10.00", "3.00", "7.00", "Visit at the owner", "Visit at the sister", "Order hours"):
            self.assertIn(words, page)
        for path in ("statement", f"statement/{self.statement.id}"):
            answer = self.url_open(f"/my/pools/{self.pool.id}/{path}")
            self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_pool_count"]})
        self.assertEqual(counters["after_sales_pool_count"], 1)

    def test_italian(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.owner.partner_id.lang = "it_IT"
        self._login(self.owner)
        self.assertIn("10,00", self.url_open(f"/my/pools/{self.pool.id}").text)

    def test_company_at_the_head(self):
        self._login(self.owner)
        header = self._get_header(f"/my/pools/{self.pool.id}", self.owner)
        self.assertEqual(header, self.company.name)

    def test_group_sees_its_part(self):
        self._login(self.sister)
        page = self.url_open(f"/my/pools/{self.pool.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Visit at the sister", page.text)
        self.assertNotIn("Visit at the owner", page.text)
        self.assertNotIn("Order hours", page.text)
        self.assertEqual(self._post(f"/my/pools/{self.pool.id}/top-up").status_code, 404)
        self.assertEqual(self.url_open(f"/my/pools/{self.pool.id}/statement").status_code, 404)
        self.assertFalse(self._orders())

    def test_stranger_finds_nothing(self):
        self._login(self.stranger)
        self.assertNotIn(f"/my/pools/{self.pool.id}", self.url_open("/my/pools").text)
        for path in ("", "/statement", f"/statement/{self.statement.id}"):
            self.assertEqual(self.url_open(f"/my/pools/{self.pool.id}{path}").status_code, 404, path)
        self.assertEqual(self._post(f"/my/pools/{self.pool.id}/top-up").status_code, 404)
        self.assertEqual(self.url_open("/my/pools/999999999").status_code, 404)
        self.assertFalse(self._orders())
        pools = self.env["after.sales.pool"].with_user(self.stranger)
        self.assertFalse(pools.search([]))
        with self.assertRaises(AccessError):
            self.pool.with_user(self.owner).action_top_up()
        with self.assertRaises(AccessError):
            self.pool.with_user(self.owner).entry_ids.read(["name"])

    def test_nobody_has_to_log_in(self):
        self.authenticate(None, None)
        for path in ("/my/pools", f"/my/pools/{self.pool.id}", f"/my/pools/{self.pool.id}/statement"):
            self.assertIn("/web/login", self.url_open(path).url, path)

    def test_statement_of_another_pool(self):
        other = self._create_contract(
            partner_id=self.stranger.partner_id.id, scope="customer", pool_hours=1, includes=()
        ).pool_ids
        self._login(self.stranger)
        self.assertEqual(
            self.url_open(f"/my/pools/{other.id}/statement/{self.statement.id}").status_code, 404
        )

    def test_top_up_is_a_quotation_to_accept(self):
        """Ordered on the portal: nothing is added before the customer accepts, and two clicks make one order."""
        self._login(self.owner)
        answer = self._post(f"/my/pools/{self.pool.id}/top-up")
        self._post(f"/my/pools/{self.pool.id}/top-up")
        order = self._orders()
        self.assertEqual(len(order), 1)
        self.assertIn(f"/my/orders/{order.id}", answer.headers["Location"])
        self.assertEqual((order.state, self.pool.bought), ("sent", 10.0))
        order.action_confirm()
        self.assertEqual(self.pool.bought, 20.0)

    def test_closed_pool_sells_nothing(self):
        self.contract.state = "ended"
        self._login(self.owner)
        self.assertNotIn("Order hours", self.url_open(f"/my/pools/{self.pool.id}").text)
        answer = self._post(f"/my/pools/{self.pool.id}/top-up")
        self.assertIn("topup=gone", answer.headers["Location"])
        self.assertIn("no longer", self.url_open(answer.headers["Location"]).text)
        self.assertFalse(self._orders())

    def test_draft_contract_is_not_shown(self):
        draft = self._create_contract(
            partner_id=self.owner.partner_id.id,
            start=False,
            pool_ids=[Command.create({"name": "Soon", "date_from": date(2026, 1, 1)})],
        )
        self._login(self.owner)
        self.assertEqual(self.url_open(f"/my/pools/{draft.pool_ids.id}").status_code, 404)

from datetime import timedelta

from odoo import Command, fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.after_sales_warranty.tests.header_common import HeaderMixin

from .common import AGENT, TECHNICIAN, ContractCommon
from .test_proposal import SIGNATURE


@tagged("post_install", "-at_install")
class TestContractPortal(HeaderMixin, ContractCommon, HttpCase):
    """What a customer sees and decides on his pages; every route tried by strangers and by another customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_user("contractor", "base.group_portal", password="contractor-pass")
        cls.rival = cls._create_user("rival", "base.group_portal", password="rival-pass")
        cls.today = fields.Date.today()
        cls.unit = cls._create_unit(serial="PORTAL-7", partner_id=cls.customer.partner_id.id)
        cls.running = cls._own(tacit_renewal=True, pool_hours=8, notice=1)
        cls.running.action_start()
        cls.proposal = cls._own()
        cls.proposal.action_propose()
        cls.draft = cls._own()

    @classmethod
    def _own(cls, **values):
        return cls._create_contract(
            units=cls.unit,
            start=False,
            partner_id=cls.customer.partner_id.id,
            date_start=cls.today - timedelta(days=40),
            **values,
        )

    def _path(self, contract, suffix=""):
        return f"/my/service-contracts/{contract.id}{suffix}"

    def _post(self, path, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data)

    def _sign(self, contract, **params):
        return self.make_jsonrpc_request(self._path(contract, "/accept"), params)

    def test_what_is_said_of_an_instalment(self):
        """That its day has come and its invoice has not, in words that threaten nobody, and of the gender of the word."""
        for lang, to_invoice, planned in (
            ("en_US", "To Be Invoiced", "Planned"),
            ("it_IT", "Da fatturare", "Programmata"),
            ("ru_RU", "К выставлению", "Запланирован"),
        ):
            self.env["res.lang"]._activate_lang(lang)
            self.env["ir.module.module"]._load_module_terms(["after_sales_contract"], [lang])
            with self.subTest(lang=lang):
                rows = self.running.with_context(lang=lang)._get_portal_instalments()
                self.assertEqual([row["status"] for row in rows], [to_invoice, *[planned] * 3])
                office = self.running.instalment_ids.with_context(lang=lang).sorted("date_due")
                labels = dict(office._fields["status"]._description_selection(office.env))
                self.assertEqual([labels[row.status] for row in office], [row["status"] for row in rows])

    def test_company_at_the_head(self):
        self.assertEqual(self._get_header(self.proposal.get_portal_url()), self.company.name)

    def test_own_pages(self):
        self.authenticate("contractor", "contractor-pass")
        home = self.make_jsonrpc_request("/my/counters", {"counters": ["after_sales_contract_count"]})
        self.assertEqual(home["after_sales_contract_count"], 2)
        self.assertIn("My service contracts", self.url_open("/my").text)
        page = self.url_open("/my/service-contracts?filterby=nonsense&sortby=nonsense").text
        for contract, there in ((self.running, True), (self.proposal, True), (self.draft, False)):
            self.assertEqual(contract.name in page, there, contract.state)
        page = self.url_open("/my/service-contracts?filterby=proposals").text
        self.assertNotIn(self.running.name, page)
        page = self.url_open(self._path(self.running)).text
        for text in ("PORTAL-7", "300.00", "Labour", "Hour pools", "Give notice", "Yearly fee"):
            self.assertIn(text, page)
        self.assertNotIn("Accept and sign", page)
        self.assertEqual(self.url_open(self._path(self.draft)).url.split("/")[-1], "my")

    def test_seen_and_signed(self):
        self.authenticate("contractor", "contractor-pass")
        page = self.url_open(self._path(self.proposal)).text
        self.assertIn("Accept and sign", page)
        self.assertNotIn("Give notice", page)
        self.assertEqual(self.proposal.proposal_state, "seen")
        for params in ({"name": "Pia"}, {"signature": SIGNATURE.decode()}, {"name": " ", "signature": "x"}):
            self.assertIn("Sign with your name", self._sign(self.proposal, **params)["error"])
        self.assertIn("error", self._sign(self.proposal, name="Pia", signature="no picture"))
        self.assertEqual(self.proposal.state, "proposed")
        answer = self._sign(self.proposal, name="Pia\x00 Portal", signature=SIGNATURE.decode())
        self.assertTrue(answer["force_refresh"])
        self.assertRecordValues(
            self.proposal, [{"state": "running", "signed_by": "Pia Portal", "proposal_state": "accepted"}]
        )
        self.assertIn("you have accepted", self.url_open(answer["redirect_url"]).text)
        self.assertIn(
            "answered already", self._sign(self.proposal, name="Pia", signature=SIGNATURE.decode())["error"]
        )

    def test_refused_with_the_link_alone(self):
        """The mail's link is enough: no account is needed."""
        self.authenticate(None, None)
        url = self.proposal.get_portal_url()
        self.assertIn("Accept and sign", self.url_open(url).text)
        refuse = self.proposal.get_portal_url(suffix="/refuse")
        self.assertIn("fill in the form", self._post(refuse, reason=" ").text)
        self.assertEqual(self.proposal.state, "proposed")
        page = self._post(refuse, reason="Too dear")
        self.assertIn("do not want this proposal", page.text)
        self.assertRecordValues(self.proposal, [{"proposal_state": "refused", "refuse_reason": "Too dear"}])
        self.assertIn("not possible any more", self._post(refuse, reason="Again").text)

    def test_notice(self):
        self.authenticate("contractor", "contractor-pass")
        path = self._path(self.running, "/notice")
        self.assertIn("fill in the form", self._post(path, name="Pia").text)
        self.assertEqual(self.running.state, "running")
        page = self._post(path, name="Pia", confirm="1", reason="Sold")
        self.assertIn("We have received your notice", page.text)
        self.assertRecordValues(self.running, [{"state": "notice", "close_reason": "Sold"}])
        self.assertNotIn("Give notice", page.text)
        self.assertIn("not possible any more", self._post(path, name="Pia", confirm="1").text)
        self.assertEqual(
            self._post(self._path(self.proposal, "/notice"), name="Pia", confirm="1").status_code, 200
        )
        self.assertEqual(self.proposal.state, "proposed")

    def test_pdf(self):
        self.authenticate("contractor", "contractor-pass")
        answer = self.url_open(self._path(self.running) + "?report_type=pdf&download=true", timeout=60)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        # tests print without the PDF engine
        self.assertTrue(answer.content.startswith(b"%PDF") or self.running.name in answer.text)

    def test_another_customer_and_strangers(self):
        """Nobody else reads, signs, refuses or ends, with a wrong link or without one."""
        for login in (("rival", "rival-pass"), (None, None)):
            self.authenticate(*login)
            for contract in (self.running, self.proposal, self.draft):
                for query in ("", "?access_token=", "?access_token=wrong", "?report_type=pdf"):
                    page = self.url_open(self._path(contract) + query)
                    self.assertNotIn(contract.name, page.text)
                    self.assertNotIn("%PDF", page.text[:10])
                for suffix, data in (
                    ("/refuse", {"reason": "x"}),
                    ("/notice", {"name": "x", "confirm": "1"}),
                ):
                    page = self._post(self._path(contract, suffix), access_token="wrong", **data)
                    self.assertNotIn(contract.name, page.text)
                answer = self._sign(contract, name="Eve", signature=SIGNATURE.decode(), access_token="wrong")
                self.assertIn("is not yours", answer["error"])
        self.assertEqual(
            (self.running.state, self.proposal.state, self.draft.state), ("running", "proposed", "draft")
        )
        self.assertFalse(self.proposal.signed_by)
        self.assertEqual(self.proposal.proposal_state, "to_send")
        self.assertIn("/web/login", self.url_open("/my/service-contracts").url)
        self.assertEqual(self.url_open(self._path(self.proposal, "/refuse")).status_code, 405)
        with mute_logger("odoo.http"):
            self.assertEqual(
                self.url_open(self._path(self.proposal, "/notice"), data={"x": "1"}).status_code, 400
            )
        self.assertEqual(self.url_open("/my/service-contracts/999999999").status_code, 200)

    def test_a_colleague_does_not_sign(self):
        for login, group in (("deskhand", AGENT), ("fitter", TECHNICIAN)):
            self._create_user(login, group, password=f"{login}-pass")
            self.authenticate(login, f"{login}-pass")
            self.assertIn(self.proposal.name, self.url_open(self._path(self.proposal)).text)
            answer = self._sign(self.proposal, name="Me", signature=SIGNATURE.decode())
            self.assertIn("is not yours", answer["error"])
        self.assertEqual(self.proposal.proposal_state, "to_send", "nor does his look count as the customer's")

    def test_record_rules(self):
        """By RPC too, a portal user reads his own contracts and changes nothing."""
        for user, seen in (
            (self.customer, self.running | self.proposal),
            (self.rival, self.running.browse()),
        ):
            contracts = self.env["after.sales.contract"].with_user(user)
            self.assertEqual(contracts.search([]).sudo(), seen.sorted(lambda c: c.id, reverse=True).sudo())
            self.assertFalse(contracts.has_access("write"))
            for model in ("line", "instalment", "pause", "source"):
                self.assertFalse(
                    self.env[f"after.sales.contract.{model}"].with_user(user).has_access("read"), model
                )

    def test_italian(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.customer.lang = "it_IT"
        self.proposal.line_ids = [
            Command.create({"product_id": self.fee.id, "price_unit": 10.0, "quantity": 2.5})
        ]
        self.authenticate("contractor", "contractor-pass")
        page = self.url_open(self._path(self.proposal)).text
        self.assertIn(self.proposal.name, page)
        self.assertIn("2,50", page)

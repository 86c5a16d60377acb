from functools import partial

from odoo import Command
from odoo.tests import tagged

from .common import AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestRunSpeed(AfterSalesBillingCommon):
    """Statements of a run over contracts of one instalment of two lines each, which are exact and repeatable."""

    def _prepare(self, number):
        """Contracts of as many customers; what each owes by the end of January are two lines."""
        customers = self.env["res.partner"].create(
            [
                {"name": f"Customer {i}", "country_id": self.env.ref("base.it").id, "is_company": True}
                for i in range(number)
            ]
        )
        contracts = self.env["after.sales.contract"]
        for customer in customers:
            contract = self._create_contract(partner_id=customer.id, run=False)
            contract.line_ids.copy({"contract_id": contract.id, "price_unit": 240.0})
            contract.action_start()
            contracts |= contract
        return self._create_run(date_to="2026-01-31", contract_ids=contracts.ids)

    def _count(self, run, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work(run)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _preview(self, run):
        run._preview()

    def _bill(self, run):
        run._start()
        for groups in run._iterate_chunks():
            run._process(groups)
        run._finish()

    def _per_further(self, work, previewed=False):
        counts = []
        for number in (2, 4, 14):  # the first fills what the first use of a registry fills
            run = self._prepare(number)
            if previewed:
                run._preview()
            counts.append(self._count(run, work))
            self.assertEqual(run.invoice_count + run.move_count, number)
        return (counts[2] - counts[1]) / 10

    def test_preview(self):
        """Making the charges of further contracts and listing them takes next to no statements."""
        self.assertLessEqual(self._per_further(self._preview), 0.5)

    def test_draft_invoices(self):
        """A further draft invoice of two lines: bare core needs 9 to 10, and 9 were allowed to us."""
        self.assertLessEqual(self._per_further(self._bill, previewed=True), 6)

    def test_posting(self):
        """A run posts its drafts with as many statements as core posts drafts that only core knows of."""
        ours, bare = [], []
        for number in (2, 4, 14):
            run = self._prepare(number)
            run._preview()
            self._bill(run)
            drafts = self._create_bare_drafts(number)
            self.env.cr.flush()  # what their creation leaves for the commit is none of the posting
            moves = drafts.browse(run.move_ids.ids)
            ours.append(self._count(moves, partial(self._post, run._post_invoices)))
            bare.append(self._count(drafts, partial(self._post, type(drafts).action_post)))
        per_bare, per_ours = ((counts[2] - counts[1]) / 10 for counts in (bare, ours))
        self.assertLessEqual(per_ours, per_bare + 0.5)

    def _post(self, how, moves):
        how(moves)
        self.env.cr.flush()  # as a commit: the notes of what changed are written too
        self.assertEqual(set(moves.mapped("state")), {"posted"})

    def _create_bare_drafts(self, number):
        """Invoices of two lines to as many new customers, of which no run, ledger or contract knows."""
        line = {
            "product_id": self.contract_product.id,
            "price_unit": 100.0,
            "tax_ids": [Command.set(self.vat.ids)],
        }
        vals_list = [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [Command.create({**line, "name": name}) for name in ("One", "Two")],
            }
            for partner in self.env["res.partner"].create([{"name": f"Bare {i}"} for i in range(number)])
        ]
        return self.env["account.move"].with_user(self.accountant).create(vals_list)

    def test_log_of_the_invoices(self):
        """Each invoice still says that it was created, and who made the run does not follow them all."""
        run = self._prepare(2)
        run._preview()
        self._bill(run)
        for move in run.move_ids:
            self.assertEqual(move.message_ids.mapped("preview"), ["Invoice Created"])
            self.assertNotIn(run.user_id.partner_id, move.message_partner_ids)

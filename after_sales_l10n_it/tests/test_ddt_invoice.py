from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.tests import Form, tagged

from .common import ItalianCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDdtInvoice(ItalianCommon):
    """L17, L18: the deferred invoice cites the documents of its goods, each once."""

    def test_invoice_cites_the_documents(self):
        fetched, back = self._there_and_back()
        other = self._create_charge(name="Other work", quantity=1.0)
        self._create_charge(ticket_id=self.ticket.id)
        move = self._bill(invoice_date=date(2026, 3, 31))
        self.assertEqual(len(move), 1)
        self.assertEqual(move.after_sales_ddt_ids, fetched | back)
        self.assertEqual(
            move.with_user(self.accountant).after_sales_ddt_text,
            f"DDT {fetched.l10n_it_ddt_number} of 10/03/2026, DDT {back.l10n_it_ddt_number} of 20/03/2026",
        )
        move.with_user(self.accountant).action_post()
        own = move.invoice_line_ids.filtered(lambda line: line.after_sales_entry_ids.charge_id != other)
        number = move.invoice_line_ids.ids.index(own.id) + 1
        self.assertEqual(move._get_ddt_values(), {back: [number]})
        self.assertEqual(move.l10n_it_ddt_ids, back)
        self.assertEqual(move._l10n_it_edi_get_document_type(), "TD24")
        xml = move.sudo()._l10n_it_edi_render_xml().decode()
        self.assertIn(f"<NumeroDDT>{back.l10n_it_ddt_number}</NumeroDDT>", xml)
        self.assertIn("<DataDDT>2026-03-20</DataDDT>", xml)
        page = self.env["ir.actions.report"]._render_qweb_html("account.report_invoice", move.ids)[0].decode()
        self.assertIn(f"DDT {back.l10n_it_ddt_number} of 20/03/2026", page)

    def test_pick_up_is_cited_with_the_date_of_its_number(self):
        """L17: numbered on 10 March, received on the 14th, the invoice says the 10th as the document does."""
        record = self._create_return()
        record.action_print_ddt()
        with freeze_time("2026-03-14 09:00:00"):
            self._receive(record)
        self._create_charge(ticket_id=self.ticket.id)
        move = self._bill(invoice_date=date(2026, 3, 31)).with_user(self.accountant)
        self.assertEqual(move.after_sales_ddt_text, "DDT CUST/IN/DDT00001 of 10/03/2026")

    def test_added_to_an_invoice_begun_by_hand(self):
        """D24: the work of the goods makes that invoice the deferred one, as it would make its own."""
        documents = self.env["stock.picking"].union(*self._there_and_back())
        charge = self._create_charge(ticket_id=self.ticket.id)
        move = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.customer.id, "invoice_date": date(2026, 3, 31)}
        )
        self.env["after.sales.billing"].with_user(self.accountant)._add_to_invoice(
            charge.with_user(self.accountant), move.with_user(self.accountant)
        )
        self.assertEqual(move.after_sales_ddt_ids, documents)
        self.assertFalse(charge._get_ddts_to_cite())
        move.action_post()
        self.assertEqual(move._l10n_it_edi_get_document_type(), "TD24")

    def test_each_is_cited_once(self):
        self._there_and_back()
        self._create_charge(ticket_id=self.ticket.id)
        first = self._bill(invoice_date=date(2026, 3, 31))
        self._create_charge(ticket_id=self.ticket.id, name="Later")
        second = self._bill(invoice_date=date(2026, 3, 31)) - first
        self.assertFalse(second.after_sales_ddt_ids)
        first.button_cancel()
        self._create_charge(ticket_id=self.ticket.id, name="Latest")
        third = self._bill(invoice_date=date(2026, 3, 31))
        self.assertEqual(len(third.after_sales_ddt_ids), 2, "the first one is cancelled")

    def _deferred_invoice(self):
        fetched, back = self._there_and_back()
        self._create_charge(ticket_id=self.ticket.id)
        return self._bill(invoice_date=date(2026, 3, 31)), fetched | back

    @freeze_time("2026-04-10 10:00:00")
    def test_credited_and_billed_again(self):
        """What replaces an invoice that was credited in full is deferred as that was, and cites its documents."""
        first, documents = self._deferred_invoice()
        first.with_user(self.accountant).action_post()
        charge = first.after_sales_entry_ids.charge_id
        credit = self._reverse(first)
        self.assertFalse(charge._get_ddts_to_cite(), "a draft credits nothing")
        self.assertFalse(credit.after_sales_ddt_ids)
        credit.action_post()
        charge.with_user(self.accountant).action_bill_again()
        run = self._create_run(invoice_date=date(2026, 4, 10), date_to=date(2026, 4, 30))
        run.action_preview()
        self.assertRecordValues(run.line_ids, [{"invoice_by": date(2026, 4, 15), "reason": False}])
        run.action_bill()
        second = run.move_ids
        self.assertEqual(second.after_sales_ddt_ids, documents)
        second.action_post()
        self.assertEqual(second._l10n_it_edi_get_document_type(), "TD24")
        self._create_charge(ticket_id=self.ticket.id, name="Later")
        self.assertFalse((self._bill(invoice_date=date(2026, 4, 11)) - second).after_sales_ddt_ids)

    @freeze_time("2026-04-10 10:00:00")
    def test_one_call_of_a_monthly_invoice_is_billed_again(self):
        """What is left of the invoice is of other calls: the goods of this one are cited by what bills it anew."""
        documents = self.env["stock.picking"].union(*self._there_and_back())
        own = self._create_charge(ticket_id=self.ticket.id)
        for number in range(2):
            self._create_charge(ticket_id=self._create_ticket().id, name=f"Call {number}")
        first = self._bill(invoice_date=date(2026, 3, 31))
        self.assertEqual((len(first), first.after_sales_ddt_ids), (1, documents))
        first.with_user(self.accountant).action_post()
        credit = self._reverse(first)
        credit.invoice_line_ids.filtered(
            lambda line: own not in line.sudo().after_sales_entry_ids.charge_id
        ).unlink()
        credit.action_post()
        self.assertFalse(own._get_ddts_to_cite(), "not free to be billed again")
        own.with_user(self.accountant).action_bill_again()
        run = self._create_run(invoice_date=date(2026, 4, 10), date_to=date(2026, 4, 30))
        run.action_preview()
        self.assertRecordValues(run.line_ids, [{"invoice_by": date(2026, 4, 15), "reason": False}])
        run.action_bill()
        self.assertEqual(run.move_ids.after_sales_ddt_ids, documents)
        run.move_ids.action_post()
        self.assertEqual(run.move_ids._l10n_it_edi_get_document_type(), "TD24")
        self.assertFalse(own._get_ddts_to_cite(), "cited anew")

    def test_chosen_by_hand_is_cited(self):
        """An invoice of other work, or of none of ours, that a person let cite the documents keeps them."""
        documents = self.env["stock.picking"].union(*self._there_and_back())
        own = self._create_charge(ticket_id=self.ticket.id)
        by_hand = self.env["account.move"].create({"move_type": "out_invoice"})
        self.assertEqual(own._get_ddts_to_cite(), documents)
        by_hand.after_sales_ddt_ids = documents
        self.assertFalse(own._get_ddts_to_cite())
        by_hand.after_sales_ddt_ids = False
        own.state = "draft"
        self._create_charge(name="Other work")
        other = self._bill(invoice_date=date(2026, 3, 31))
        other.after_sales_ddt_ids = documents
        self.assertFalse(own._get_ddts_to_cite())

    @freeze_time("2026-04-10 10:00:00")
    def test_credited_in_part_still_cites(self):
        first, __ = self._deferred_invoice()
        first.with_user(self.accountant).action_post()
        credit = self._reverse(first)
        credit.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit /= 2
        credit.action_post()
        self.assertFalse(first.after_sales_entry_ids.charge_id._get_ddts_to_cite())

    @freeze_time("2026-04-10 10:00:00")
    def test_corrected_invoice_cites_the_documents(self):
        """Reverse and Create Invoice makes the invoice of the same goods."""
        first, documents = self._deferred_invoice()
        first.with_user(self.accountant).action_post()
        second = self._reverse(first, modify=True)
        self.assertEqual(second.after_sales_ddt_ids, documents)
        self.assertFalse(first.reversal_move_ids.after_sales_ddt_ids)
        second.action_post()
        self.assertEqual(second._l10n_it_edi_get_document_type(), "TD24")

    def test_accountant_changes_the_documents_of_a_draft(self):
        move, documents = self._deferred_invoice()
        back = documents[-1]
        with Form(move.with_user(self.accountant)) as form:
            form.after_sales_ddt_ids.remove(documents[0].id)
        text = f"DDT {back.l10n_it_ddt_number} of 20/03/2026"
        self.assertEqual(move.after_sales_ddt_text, text)
        with Form(move.with_user(self.accountant)) as form:
            form.after_sales_ddt_ids.clear()
            form.after_sales_ddt_ids.add(back)
        found = back.with_user(self.accountant).with_context(after_sales_ddt=True)
        self.assertEqual(found.name_search(back.l10n_it_ddt_number), [(back.id, text)])
        move.with_user(self.accountant).action_post()
        with self.assertRaises(AssertionError), Form(move.with_user(self.accountant)) as form:
            form.after_sales_ddt_ids.clear()
        self.assertEqual(move.after_sales_ddt_ids, back)

    def test_who_reads_no_transfers_reads_what_is_cited(self):
        """Who approves expenses opens the document that bills them on, and no stock."""
        move, __ = self._deferred_invoice()
        approver = self._create_role("approver", "hr_expense.group_hr_expense_team_approver")
        self.env["hr.expense"].sudo().create(
            {
                "name": "Hotel",
                "employee_id": self.env["hr.employee"].sudo().create({"name": "Approver"}).id,
                "company_id": self.company.id,
                "total_amount_currency": 100.0,
                "account_move_id": move.id,
            }
        )
        self.env.invalidate_all()
        view, spec = self.env.ref("account.view_move_form"), {"fields": {"display_name": {}}}
        for user, name in ((approver, "after_sales_ddt_text"), (self.accountant, "after_sales_ddt_ids")):
            arch = etree.fromstring(move.with_user(user).get_view(view.id)["arch"])
            shown = set(arch.xpath("//field[starts-with(@name, 'after_sales_ddt')]/@name"))
            self.assertEqual(shown, {name})
            # the whole form asks for payments, which Odoo refuses to approvers
            [values] = move.with_user(user).web_read(dict.fromkeys(shown, spec))
            self.assertTrue(values[name])

    def test_work_without_goods_is_no_deferred_invoice(self):
        self._create_charge(ticket_id=self.ticket.id)
        move = self._bill(invoice_date=date(2026, 3, 31))
        move.action_post()
        self.assertFalse(move.after_sales_ddt_text)
        self.assertEqual(move._l10n_it_edi_get_document_type(), "TD01")

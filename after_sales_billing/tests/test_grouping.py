from odoo.tests import tagged

from .common import VISIT_DAY, AfterSalesBillingCommon


@tagged("post_install", "-at_install")
class TestGrouping(AfterSalesBillingCommon):
    """Which charges share an invoice, in what order, and what is held up with what."""

    def _preview(self, **vals):
        run = self._create_run(**vals)
        run.action_preview()
        return run

    def _get_groups(self, run):
        """The charges of each number, in the order of the numbers."""
        return [lines.charge_id for __, lines in sorted(run.line_ids.grouped("group_number").items())]

    def _create_visit(self, **vals):
        return self.env["after.sales.intervention"].create({"partner_id": self.customer.id, **vals})

    def test_order_follows_the_first_charge(self):
        """The numbers, and the lines of each, go by day, whatever came first into the database."""
        other = self.env["res.partner"].create({"name": "Other"})
        late = self._create_charge(date="2026-03-20")
        middle = self._create_charge(partner_id=other.id)
        early = self._create_charge(date="2026-03-01")
        run = self._preview()
        self.assertEqual(self._get_groups(run), [early + late, middle])
        self.assertEqual(run.line_ids.sorted("id").charge_id.ids, [early.id, late.id, middle.id])
        self.assertRecordValues(
            run.line_ids[:1],
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "kind": "labour",
                    "amount": 104.0,
                    "amount_company": 104.0,
                    "create_uid": self.accountant.id,
                    "state": "ready",
                    "reason": False,
                }
            ],
        )

    def test_visits_without_a_call(self):
        """By call, a visit without one has its invoice; by contract they share one; a number of both is no mix-up."""
        visits = self._create_visit() + self._create_visit()
        ticket = self._create_ticket()
        charges = [self._create_charge(intervention_id=visit.id) for visit in visits]
        charges.append(self._create_charge(ticket_id=ticket.id))
        charges.append(self._create_charge())
        self.assertEqual(self._get_groups(self._preview(grouping="call")), charges)
        together = charges[0].union(*charges)
        self.assertEqual(self._get_groups(self._preview(grouping="contract")), [together])

    def test_the_only_site_of_a_contract(self):
        sites = self.env["res.partner"].create(
            [{"name": f"Plant {i}", "parent_id": self.customer.id, "type": "delivery"} for i in range(2)]
        )
        one = self._create_contract(site_ids=sites[0].ids)
        both = self._create_contract(site_ids=sites.ids)
        groups = self._get_groups(self._preview(grouping="site", date_to="2026-01-31"))
        self.assertCountEqual([group.contract_id for group in groups], [one, both])
        visit = self._create_visit(site_id=sites[0].id)
        work = self._create_charge(intervention_id=visit.id, date="2026-01-31")
        groups = self._get_groups(self._preview(grouping="site", date_to="2026-01-31"))
        self.assertCountEqual(groups, [one.instalment_ids.charge_ids | work, both.instalment_ids.charge_ids])
        sites[1].active = False
        groups = self._get_groups(self._preview(grouping="site", date_to="2026-01-31"))
        self.assertEqual(len(groups), 1, "Both contracts have one site now, the same")

    def test_fiscal_positions_part_invoices(self):
        position = self.env["account.fiscal.position"].create({"name": "Exporter"})
        agreed = self._create_contract(fiscal_position_id=position.id)
        plain = self._create_charge()
        groups = self._get_groups(self._preview(grouping="all"))
        self.assertEqual(groups, [agreed.instalment_ids.charge_ids, plain])
        self.customer.property_account_position_id = position
        self.assertEqual(len(self._get_groups(self._preview(grouping="all"))), 1)

    def test_what_is_free_is_held_up_with_what_is_due(self):
        """The reason of the first charge that is due goes for what is free beside it; a healthy rest goes ahead."""
        self.customer.after_sales_show_covered = True
        visit = self._do_visit(self._create_unit())
        due = visit.visit_charge_ids.filtered(lambda charge: charge.billing_state == "to_bill")
        free = visit.visit_charge_ids - due
        due[0].product_id = False
        run = self._preview()
        by_charge = {line.charge_id: line.state for line in run.line_ids}
        self.assertEqual({by_charge[charge] for charge in free | due[1:]}, {"ready"})
        self.assertEqual(by_charge[due[0]], "problem")
        due.product_id = False
        run = self._preview()
        self.assertEqual(run.line_ids.charge_id, due | free)
        self.assertEqual(set(run.line_ids.mapped("state")), {"problem"})
        self.assertIn("no product", run.line_ids.filtered(lambda line: line.charge_id in free).reason)

    def test_rows_of_the_user_only(self):
        """A rule that keeps charges from a user keeps them from his preview too."""
        mine, hidden = self._create_charge(), self._create_charge(kind="overtime")
        self.env["ir.rule"].create(
            {
                "name": "No overtime",
                "model_id": self.env.ref("after_sales_helpdesk.model_after_sales_charge").id,
                "domain_force": "[('kind', '!=', 'overtime')]",
            }
        )
        run = self._preview()
        self.assertEqual(run.line_ids.charge_id, mine)
        self.assertEqual(mine.date, VISIT_DAY)
        self.assertTrue(hidden.exists())

    def test_statements(self):
        """Neither grouping nor listing takes a statement for a further charge of the same customer."""

        def count(number):
            for __ in range(number):
                self._create_charge()
            run = self._create_run(grouping="all")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run._preview()
            self.assertEqual(run.invoice_count, 1)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(12), count(2))

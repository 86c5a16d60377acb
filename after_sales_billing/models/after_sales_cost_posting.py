from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import date_utils, format_date

from ..tools import costs, isolate
from .after_sales_billing import BillingFailure

ACTIVITY = "after_sales_billing.mail_activity_type_cost"


class AfterSalesCostPosting(models.AbstractModel):
    """Brings the real cost of covered work to the cost accounts of warranty and contract (BI-17).

    Wages, parts and bills are posted where Odoo posts them. These entries name the cause: they debit the account of the
    payer and credit one account of absorbed costs, so that the result of the company stays what it is. Both sides
    bear the analytic account of the contract: its cost is known already, and is not counted a second time.
    """

    _name = "after.sales.cost.posting"
    _description = "Posting of Covered Cost"

    # ------------------------------------------------------------------
    # Entries
    # ------------------------------------------------------------------

    @api.model
    def _make_moves(self, charges):
        """Draft an entry for each company and month of work; what another transaction is posting is left to it."""
        # sudo: an accountant reads charges, and needs no right on the contracts that bear them
        locked_sudo = charges.sudo().try_lock_for_update(allow_referencing=True)
        locked_sudo.invalidate_recordset(["cost_to_post", "cost_state"])
        due_sudo = locked_sudo.filtered(lambda charge: charge.cost_state == "to_post")
        due_sudo.company_id._ensure_after_sales_cost_accounts()
        posted = due_sudo._get_posted_costs()
        moves = self.env["account.move"]
        groups = due_sudo.sorted("id").grouped(lambda charge: (charge.company_id, self._get_date(charge)))
        for (company, day), group_sudo in groups.items():
            parts = self._get_parts(group_sudo, posted)
            # the rights on the document are those of who asks for it
            move = (
                self.env["account.move"]
                .with_company(company)
                .create(self._prepare_move_vals(company.sudo(), day, parts))
            )
            self._write_down(move, parts)
            moves += move
        return moves

    def _get_date(self, charge):
        """The end of the month of the work, at the latest today. When it is posted Odoo moves it past the lock dates."""
        today = fields.Date.context_today(self)
        return max(min(date_utils.end_of(charge.date, "month"), today), charge.date)

    def _get_parts(self, charges, posted):
        """What each line of the entry stands for: {(payer, cost class, contract): [(charge, amount)]}."""
        parts = {}
        for charge in charges:
            for payer, amount in charge._get_costs_to_post(posted).items():
                key = (payer, charge.cost_class, charge.contract_id)
                parts.setdefault(key, []).append((charge, amount))
        return parts

    def _prepare_move_vals(self, company, day, parts):
        by_contract = {}
        lines = []
        for (payer, cost_class, contract), rows in parts.items():
            total = sum(amount for __, amount in rows)
            by_contract[contract] = by_contract.get(contract, 0.0) + total
            account = company._get_after_sales_cost_account(payer)
            lines.append(
                self._prepare_line_vals(company, account, total, contract, self._get_label(payer, cost_class))
            )
        absorbed = self.env._("Absorbed costs")
        lines += [
            self._prepare_line_vals(
                company, company.after_sales_absorbed_account_id, -total, contract, absorbed
            )
            for contract, total in by_contract.items()
        ]
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.after_sales_cost_journal_id.id,
            "date": day,
            "currency_id": company.currency_id.id,
            "ref": self.env._("Cost of covered work, %s", format_date(self.env, day, date_format="MMMM y")),
            "line_ids": [Command.create(vals) for vals in lines],
        }

    def _prepare_line_vals(self, company, account, balance, contract, label):
        return {
            "name": f"{label}, {contract.name}" if contract else label,
            "account_id": account.id,
            "currency_id": company.currency_id.id,
            "balance": company.currency_id.round(balance),
            # gives the analytic distribution, beside what the rules of analytic accounting add
            "after_sales_contract_id": contract.id,
        }

    def _get_label(self, payer, cost_class):
        charges, entries = self.env["after.sales.charge"], self.env["after.sales.billing.entry"]
        payers = dict(entries._fields["payer"]._description_selection(self.env))
        classes = dict(charges._fields["cost_class"]._description_selection(self.env))
        return f"{payers[payer]}: {classes[cost_class]}" if cost_class else payers[payer]

    def _write_down(self, move, parts):
        """The rows that bind the lines of an entry to their charges."""
        entries_sudo = self.env["after.sales.billing.entry"].sudo()  # written by our own methods only
        charges_sudo = self.env["after.sales.charge"].union(
            *(row[0] for rows in parts.values() for row in rows)
        )
        taken = {}
        for charge, payer, attempt in entries_sudo._read_group(
            [("charge_id", "in", charges_sudo.ids), ("kind", "=", "post")],
            ["charge_id", "payer", "attempt"],
        ):
            taken.setdefault((charge.id, payer), []).append(attempt)
        vals_list = []
        lines = move.line_ids.sorted("id")[: len(parts)]  # those of absorbed costs come last
        for ((payer, *__), rows), line in zip(parts.items(), lines, strict=True):
            vals_list += [
                {
                    **charge._prepare_entry_source(),
                    "side": "cost",
                    "kind": "post",
                    "payer": payer,
                    "attempt": costs.first_free(taken.get((charge.id, payer), [])),
                    "move_id": move.id,
                    "move_line_id": line.id,
                    "currency_id": move.company_currency_id.id,
                    "amount": amount,
                }
                for charge, amount in rows
            ]
        entries_sudo.create(vals_list)
        stopped_sudo = charges_sudo.filtered("activity_ids")
        if stopped_sudo:
            stopped_sudo.activity_feedback([ACTIVITY], feedback=self.env._("Posted"))

    # ------------------------------------------------------------------
    # Every month
    # ------------------------------------------------------------------

    @api.model
    def _cron_post(self, batch_size=500):
        """Post the cost of the months that have ended, a transaction for each batch, and call who can mend what fails."""
        cron, charges = self.env["ir.cron"], self.env["after.sales.charge"]
        billing = self.env["after.sales.billing"]
        later = self.env.ref("after_sales_billing.ir_cron_after_sales_cost")._trigger
        ready = self.env["res.company"]
        for company in ready.search([("after_sales_cost_auto", "=", True)]):
            problem = company._get_after_sales_cost_problem()
            if problem:
                due = charges.search(self._get_due_domain(company), limit=batch_size, order="id")
                self._tell(due, problem)
            else:
                ready += company
        cron._commit_progress(
            remaining=sum(charges.search_count(self._get_due_domain(company)) for company in ready)
        )
        for company in ready:
            last_id = 0
            while batch := charges.search(
                self._get_due_domain(company) & Domain("id", ">", last_id), limit=batch_size, order="id"
            ):
                last_id = batch[-1].id
                with billing._giving_way(later):
                    self.with_company(company)._post_batch(batch)
                    self.env.flush_all()
                if not cron._commit_progress(len(batch)):
                    return

    def _get_due_domain(self, company):
        month = date_utils.start_of(fields.Date.context_today(self), "month")
        return (
            Domain("cost_state", "=", "to_post")
            & Domain("company_id", "=", company.id)
            & Domain("date", "<", month)
        )

    def _post_batch(self, charges):
        def attempt(batch):
            with billing._isolated():
                self._make_moves(charges.browse().union(*batch)).action_post()

        billing = self.env["after.sales.billing"]
        __, failed = isolate.bisect_failures(charges, attempt, BillingFailure)
        for charge, failure in failed:
            self._tell(charge, billing._get_error_text(failure))

    def _tell(self, charges, reason):
        """One activity for all that waits for the same reason."""
        known = charges.activity_search([ACTIVITY])
        if known:
            known[0].note = reason
        elif charges:
            user = charges.company_id._get_billing_user()
            if user:
                charges[0].activity_schedule(ACTIVITY, user_id=user.id, note=reason)

from contextlib import contextmanager, nullcontext

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

SOURCE_FIELDS = ("sale_line_id", "move_id", "invoice_line_id")


class AfterSalesContractDocumentMixin(models.AbstractModel):
    """A document that sells, ships or bills what makes a contract or a proposal: order, delivery, invoice.

    Each says which of its lines can (rows), who the parties are (head) and on which day its event was.
    """

    _name = "after.sales.contract.document.mixin"
    _description = "Document that Makes Service Contracts"

    after_sales_made_contract_count = fields.Integer(
        "Contracts Made", compute="_compute_after_sales_made_contract_count", compute_sudo=True
    )

    def _compute_after_sales_made_contract_count(self):
        for document in self:
            document.after_sales_made_contract_count = len(document._get_after_sales_made_contracts())

    def _get_after_sales_made_contracts(self):
        """Contracts that lines of these documents made."""
        return self._get_after_sales_sources().contract_id

    def action_view_after_sales_made_contracts(self):
        """Open the contracts that this document made."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "after_sales_contract.after_sales_contract_action"
        )
        # sudo: which contracts are told, what is in them is not
        action["domain"] = [("id", "in", self.sudo()._get_after_sales_made_contracts().ids)]
        action["context"] = {"create": False}
        return action

    def action_make_after_sales_contract(self):
        """Ask which lines make a contract or a proposal, or are added to a contract in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make a Service Contract"),
            "res_model": "after.sales.contract.make",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    # === WHAT EACH DOCUMENT SAYS ===#

    def _get_after_sales_sources(self):
        """Source rows of the document's lines."""
        raise NotImplementedError

    def _get_after_sales_contract_rows(self):
        """Lines that may make a contract: dicts with product, quantity, amount (without taxes),
        terms (of a price) and source (the line)."""
        raise NotImplementedError

    def _prepare_after_sales_contract_head(self, template):
        """Parties, currency and payment of a contract from this document."""
        raise NotImplementedError

    def _get_after_sales_contract_dates(self):
        """The day of each event that this document knows, by start basis."""
        raise NotImplementedError

    # === MAKING THEM ===#

    def _get_free_after_sales_rows(self):
        """Rows whose line has no contract yet; what a cancelled contract held is free again."""
        self.ensure_one()
        rows = self._get_after_sales_contract_rows()
        lines = [pair for row in rows for pair in row["source"].items()]
        # A line is asked for by all its names: what its order or delivery made a contract of, its invoice does not.
        same = Domain.OR(
            Domain(field, "in", [record_id for name, record_id in lines if name == field])
            for field in SOURCE_FIELDS
        )
        taken = self.env["after.sales.contract.source"].search(
            same & Domain("contract_id.state", "!=", "cancelled")
        )
        held = {(field, source[field].id) for source in taken for field in SOURCE_FIELDS}
        return [row for row in rows if not any(pair in held for pair in row["source"].items())]

    def _make_after_sales_contracts_by_product(self, event):
        """What the products say becomes of a document of this kind."""
        self.ensure_one()
        contracts = self.env["after.sales.contract"]
        groups = {}
        if any(
            row["event"] == event and row["product"]._makes_after_sales_contract()
            for row in self._get_after_sales_contract_rows()
        ):
            self._wake_after_sales_contracts()
            for row in self._get_free_after_sales_rows():
                product = row["product"]
                if row["event"] == event and product._makes_after_sales_contract():
                    key = (product.after_sales_contract_template_id, product.after_sales_contract_policy)
                    groups.setdefault(key, []).append(row)
        for (template, policy), rows in groups.items():
            with self._after_sales_apart() if event != "order" else nullcontext():
                contracts |= contracts._create_from_document(self, rows, template, policy)
        return contracts

    def _wake_after_sales_contracts(self):
        """The document is valid again: so are the contracts that were cancelled with it."""
        asleep = self._get_after_sales_sources().contract_id.filtered(
            lambda c: c.state == "cancelled" and c.proposal_state not in ("refused", "lapsed")
        )
        asleep.action_draft()
        asleep._start_sold()

    def _try_after_sales_contracts(self):
        """Contracts must never hold up a delivery or an invoice: what goes wrong is told on the document."""
        for document in self.filtered(lambda document: document._concerns_after_sales_contracts()):
            with document._after_sales_apart():
                document._make_after_sales_contracts()

    def _concerns_after_sales_contracts(self):
        """Whether the document can make or start a contract: a savepoint for each of many others would cost for nothing."""
        self.ensure_one()
        return True

    @contextmanager
    def _after_sales_apart(self):
        """What goes wrong with one contract is undone and told on the document; the others are made."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                yield
        except UserError as error:
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=(self.user_id or self.env.user).id,
                summary=self.env._("The service contract could not be made"),
                note=str(error),
            )

    def _undo_after_sales_contracts(self, reason, live=False):
        """The document is undone, and the drafts and proposals of it alone with it.

        :param live: contracts in force too, unless something of them is billed; else somebody has to decide
        """
        # sudo: whoever cancels, takes back or credits need not manage contracts
        self_sudo = self.sudo()
        contracts_sudo = self_sudo._get_after_sales_made_contracts()
        contracts_sudo = contracts_sudo.filtered(lambda c: c.state not in ("ended", "cancelled"))
        loose = contracts_sudo.filtered(
            lambda c: (
                self_sudo._owns_after_sales_contract(c)
                and (
                    c.state in ("draft", "proposed")
                    or (live and not any(c.instalment_ids.mapped("is_billed")))
                )
            )
        )
        loose._cancel()
        loose.close_reason = reason
        for contract_sudo in contracts_sudo - loose:
            words = contract_sudo._in_words_of_responsible().env
            contract_sudo._warn_responsible(reason, words._("Decide what becomes of the contract."))

    def _owns_after_sales_contract(self, contract):
        """Whether nothing but these documents made the contract."""
        sources = contract.source_ids
        return (
            bool(sources)
            and sources <= self._get_after_sales_sources()
            and not any(sources.mapped("is_addition"))
        )

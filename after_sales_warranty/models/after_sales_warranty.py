import secrets
from base64 import b32encode
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import warranty as rules
from .after_sales_warranty_card import ALPHABET

#: The letters of base 32, five bits each, as those of our codes.
LETTERS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())


class AfterSalesWarranty(models.Model):
    _name = "after.sales.warranty"
    _description = "Warranty"
    _inherit = [
        "after.sales.batch.mixin",
        "after.sales.warranty.card",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _inherits = {"after.sales.warranty.promise": "promise_id"}
    _order = "unit_id, date_start, id"
    _rec_name = "number"
    _rec_names_search = ["number", "unit_id.serial", "unit_id.product_id.name"]
    # An agent follows and discusses what he may not write: it is granted by terms and changed by events.
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char("Card Number", required=True, readonly=True, copy=False, index=True, default="/")
    access_code = fields.Char("Check Code", required=True, readonly=True, copy=False)
    promise_id = fields.Many2one(
        "after.sales.warranty.promise",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        copy=True,
    )
    kind = fields.Selection(related="promise_id.kind", store=True, precompute=True)
    unit_id = fields.Many2one(
        "after.sales.unit",
        "Installed Unit",
        required=True,
        index=True,
        ondelete="cascade",
    )
    term_id = fields.Many2one(
        "after.sales.warranty.term", index="btree_not_null", ondelete="set null", check_company=True
    )
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(related="unit_id.partner_id", string="Owner")
    product_id = fields.Many2one(related="unit_id.product_id")
    serial = fields.Char(related="unit_id.serial")
    event_ids = fields.One2many(
        "after.sales.warranty.event", "warranty_id", "Events", context={"active_test": False}
    )
    date_start = fields.Date("Start", compute="_compute_dates", store=True, precompute=True, index=True)
    date_end = fields.Date("Last Day", compute="_compute_dates", store=True, precompute=True, index=True)
    suspended_since = fields.Date(compute="_compute_dates", store=True, precompute=True)
    ended_by = fields.Selection(
        [("waiver", "Waived"), ("void", "Void")], compute="_compute_dates", store=True, precompute=True
    )
    state = fields.Selection(
        [("pending", "Not Started"), ("active", "Active"), ("expired", "Expired"), ("void", "Void")],
        compute="_compute_state",
        search="_search_state",
    )
    _number_uniq = models.UniqueIndex("(number, company_id)", "This card number exists already.")
    _code_uniq = models.UniqueIndex("(access_code)", "This check code exists already.")
    _term_uniq = models.UniqueIndex(
        "(unit_id, term_id) WHERE term_id IS NOT NULL AND kind != 'extension'",
        "The unit has this warranty already.",
    )

    @api.model
    def _make_code(self):
        """Eighty random bits: nobody guesses a code, and it tells nothing."""
        code = b32encode(secrets.token_bytes(10)).translate(LETTERS).decode()
        return "-".join(code[i : i + 4] for i in range(0, 16, 4))

    def _as_term(self):
        """The dates as the pure rules see them."""
        self.ensure_one()
        return rules.Term(
            self.date_start or None,
            self.date_end or None,
            self.suspended_since or None,
            self.ended_by or None,
        )

    def _get_valid_events(self):
        """The events that count: one that was recorded by mistake is archived and stays to be read."""
        return self.event_ids.filtered("active")

    @api.depends(
        "event_ids.kind",
        "event_ids.date",
        "event_ids.date_to",
        "event_ids.days",
        "event_ids.months",
        "event_ids.whole_day",
        "event_ids.active",
    )
    def _compute_dates(self):
        for warranty in self:
            term = rules.term_of(event._as_event() for event in warranty._get_valid_events())
            warranty.update(self._prepare_date_vals(term))

    @api.model
    def _prepare_date_vals(self, term):
        return {
            "date_start": term.start,
            "date_end": term.end,
            "suspended_since": term.suspended_since,
            "ended_by": term.ended_by,
        }

    @api.model
    def _add_precomputed_values(self, vals_list):
        """What is granted by the hundred has the dates that follow from its start from the beginning."""
        starts = self.env.context.get("after_sales_starts")
        if starts is not None:
            dates = {
                start: self._prepare_date_vals(rules.term_of(filter(None, [start]))) for start in set(starts)
            }
            for vals, start in zip(vals_list, starts, strict=True):
                vals.update(dates[start])
        return super()._add_precomputed_values(vals_list)

    @api.depends("date_start", "date_end", "suspended_since", "ended_by")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for warranty in self:
            warranty.state = warranty._get_state(today)

    def _get_state(self, day):
        self.ensure_one()
        if self.ended_by and (not self.date_end or self.date_end < day):
            return "void"
        if not self.date_start or self.date_start > day:
            return "pending"
        return "active" if rules.covers(self._as_term(), day) else "expired"

    @api.model
    def _get_state_domain(self, state, day):
        """The records for which ``_get_state(day)`` is ``state``, for the database to find."""
        ended = Domain("ended_by", "!=", False) & (
            Domain("date_end", "=", False) | Domain("date_end", "<", day)
        )
        pending = ~ended & (Domain("date_start", "=", False) | Domain("date_start", ">", day))
        active = (
            ~ended
            & Domain("date_start", "<=", day)
            & (Domain("date_end", ">=", day) | Domain("suspended_since", "!=", False))
        )
        expired = (
            ~ended
            & Domain("date_start", "<=", day)
            & Domain("date_end", "<", day)
            & Domain("suspended_since", "=", False)
        )
        return {"void": ended, "pending": pending, "active": active, "expired": expired}[state]

    @api.model
    def _get_whole_domain(self):
        """Those that ``_get_whole_warranties`` of a unit keeps, for the database to find."""
        return Domain("kind", "!=", "repair") & Domain("covered_product_ids", "=", False)

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain.OR(self._get_state_domain(state, today) for state in value if state)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._add_promises(vals_list)
        unnamed = [vals for vals in vals_list if vals.get("number", "/") == "/"]
        for vals, number in zip(unnamed, self._next_numbers(len(unnamed)), strict=True):
            vals["number"] = number
        for vals in vals_list:
            vals.setdefault("access_code", self._make_code())
        warranties = super().create(vals_list)
        if not {"after_sales_starts", "after_sales_started"} & self.env.context.keys():
            warranties._start_pending()
        return warranties

    @api.model
    def _add_promises(self, vals_list):
        """What is promised by hand, with no term, is of this warranty alone."""
        words = self.promise_id._get_word_fields()
        for vals in vals_list:
            if not vals.get("promise_id"):
                own = {name: vals.pop(name) for name in words & vals.keys()}
                vals["promise_id"] = self.promise_id.create(own).id

    def write(self, vals):
        words = {name: vals[name] for name in self.promise_id._get_word_fields() & vals.keys()}
        if words:
            self.check_access("write")
            for warranty in self:
                warranty.promise_id = warranty.promise_id._get_own()
            self.promise_id.write(words)
            vals = {name: value for name, value in vals.items() if name not in words}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_pending(self):
        started = self.filtered(lambda w: w.state != "pending")
        if started and not self.env.context.get("after_sales_give_way"):
            raise UserError(
                self.env._("A warranty that has started is not deleted: record a loss of cover instead.")
            )

    @api.model
    def _next_numbers(self, count):
        """Card numbers for a batch, in one statement when the sequence allows it."""
        # Cards are numbered for stock users and importers too.
        sequence_sudo = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [("code", "=", self._name), ("company_id", "in", (self.env.company.id, False))],
                order="company_id",
                limit=1,
            )
        )
        if sequence_sudo.implementation != "standard" or sequence_sudo.use_date_range:
            return [sequence_sudo.next_by_id() for __ in range(count)]
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence_sudo.id:03d}", count
            )
        )
        prefix, suffix = sequence_sudo._get_prefix_suffix()
        return [f"{prefix}{number:0{sequence_sudo.padding}d}{suffix}" for (number,) in rows]

    def _get_class_term(self, cost_class):
        """The dates of a cost class: its own duration from the start, with the same events after."""
        self.ensure_one()
        duration = self.promise_id._get_class_duration(cost_class)
        if not duration:
            return self._as_term()
        days, months = rules.period(duration, self.duration_unit)
        return rules.term_of(
            replace(event, days=days, months=months) if event.kind == "start" else event
            for event in (row._as_event() for row in self._get_valid_events())
        )

    def _covers_digital(self, fault, day):
        """Whether law holds the seller liable for this fault of digital elements after the term (L04)."""
        self.ensure_one()
        until = self.unit_id.digital_until
        return bool(
            until
            and fault
            and self.kind == "legal"
            and not self.ended_by
            and self.date_start
            and self.date_start <= day <= until
            and fault._is_digital()
        )

    # === ACTIONS === #

    def action_print_card(self):
        return self.env.ref("after_sales_warranty.action_report_warranty_card").report_action(self)

    def action_view_unit(self):
        self.ensure_one()
        return self.unit_id._get_record_action_for(self.unit_id)

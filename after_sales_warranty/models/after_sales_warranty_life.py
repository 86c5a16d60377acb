from dataclasses import asdict

from odoo import api, fields, models

from ..tools import warranty as rules


class AfterSalesWarranty(models.Model):
    """How a warranty is granted and what happens to it: every cause becomes an event."""

    _inherit = "after.sales.warranty"

    # === GRANT === #

    @api.model
    def _grant(self, pairs, starts=None, reason=None, **common):
        """Make the warranty of each (unit, term), with the promise of the term as it is today.

        ``starts`` gives the first day of some units, which counts, instead of the date the term waits for;
        ``common`` are further values of every warranty made.
        """
        if not pairs:
            return self.browse()
        # Whoever delivers or registers need not read the terms to give what they promise.
        terms_sudo = self.env["after.sales.warranty.term"].sudo().concat(*{term for __, term in pairs})
        promises = self.promise_id.sudo()._get_for_terms(terms_sudo)
        set_days = starts or {}
        begun = [
            self._get_start(term, set_days[unit], whole_day=True)
            if unit in set_days
            else self._get_start(term, unit[f"{term.start_basis}_date"])
            for unit, term in pairs
        ]
        vals_list = [
            {**common, "promise_id": promises[term].id, "unit_id": unit.id, "term_id": term.id}
            for unit, term in pairs
        ]
        # A stock user's delivery or an agent's registration grants what the terms say, nothing else.
        silent = self.sudo().with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            after_sales_starts=begun,
        )
        warranties = silent.create(vals_list)
        self.env["after.sales.warranty.event"]._insert_starts(warranties, begun, reason)
        return warranties.with_env(self.env)

    @api.model
    def _get_start(self, promise, day, whole_day=False):
        """The start of what is promised on ``day``, as the pure rules see it; nothing without a day."""
        return (
            rules.Event("start", day, None, *rules.period(promise.duration, promise.duration_unit), whole_day)
            if day
            else None
        )

    def _start_pending(self):
        """Start the warranties whose unit now has the date they wait for."""
        vals_list = []
        for warranty in self:
            start = self._get_start(warranty, warranty.unit_id[f"{warranty.start_basis}_date"])
            if start and not warranty.date_start and "start" not in warranty.event_ids.mapped("kind"):
                vals_list.append({"warranty_id": warranty.id, **asdict(start)})
        return self.env["after.sales.warranty.event"].sudo().create(vals_list)

    # === EVENTS === #

    def _add_event(self, kind, day, **vals):
        """Write one event on each warranty; the dates follow."""
        return self.env["after.sales.warranty.event"].create(
            [{"warranty_id": warranty.id, "kind": kind, "date": day, **vals} for warranty in self]
        )

    def _open_suspension(self, day, **vals):
        """The unit is out of use from this day, for the warranties that count it."""
        counting = self.filtered(
            lambda w: w.repair_policy == "suspend" and not w.suspended_since and w._get_state(day) == "active"
        )
        return counting._add_event("suspension", day, **vals)

    def _close_suspension(self, day):
        events = self._get_valid_events().filtered(lambda e: e.kind == "suspension" and not e.date_to)
        late = events.filtered(lambda e: e.date > day)
        (events - late).date_to = day
        for event in late:
            event.date_to = event.date
        return events

    def _register_repair(self, date_from, date_to, reason=None, source=None):
        """A unit was repaired: each warranty in force takes it as its policy says, and law for the legal one."""
        origin = {"res_model": source._name, "res_id": source.id} if source else {}
        for warranty in self.filtered(lambda w: w._get_state(date_from) == "active"):
            vals = {"reason": reason, **origin}
            suspends, months = warranty._get_repair_effect(date_to)
            if suspends and not warranty.suspended_since:
                warranty._add_event("suspension", date_from, date_to=date_to, **vals)
            warranty._add_event("repair", date_to, months=months, **vals)

    def _get_repair_effect(self, day):
        """(whether the days out of use count, months added) by a repair that ends on this day."""
        self.ensure_one()
        suspends = self.repair_policy == "suspend"
        months = self.repair_months if self.repair_policy == "extend" else 0
        once = self.repair_once
        if self.kind == "legal":
            rule_model = self.env["after.sales.warranty.rule"]
            suspends = suspends or bool(rule_model._get("repair_suspends", self.unit_id, day).value)
            law = rule_model._get("repair_extends", self.unit_id, day)
            if law and law._get_months() > months:
                months, once = law._get_months(), True
        extended = any(event.kind == "repair" and event.months for event in self._get_valid_events())
        return suspends, 0 if once and extended else months

    def _transfer(self, day, keep=None):
        """The unit has a new owner: cover follows it, or is lost when it was given to the first owner only.

        ``keep`` is the reason for which it follows all the same.
        """
        if keep and not (
            self.env.su or self.env.user.has_group("after_sales_warranty.group_after_sales_manager")
        ):
            keep = None
        # Whoever may record a new owner may have the loss of cover recorded that follows from it.
        running = self.sudo().filtered(lambda w: w._get_state(day) in ("active", "pending"))
        followed = running if keep else running.filtered("transferable")
        followed._add_event("transfer", day, reason=keep)
        (running - followed)._add_event(
            "void", day, reason=self.env._("The warranty was given to the first owner only.")
        )

    def _hand_over(self, unit, day):
        """Copy running warranties to the unit that replaces theirs, by the replacement policy."""
        handed = self.browse()
        for warranty in self:
            events = [
                fields.Command.create(
                    {
                        "kind": e.kind,
                        "date": e.date,
                        "date_to": e.date_to or (e.kind == "suspension" and day),
                        "days": e.days,
                        "months": e.months,
                        "whole_day": e.whole_day,
                        "reason": e.reason,
                    }
                )
                for e in warranty._get_valid_events()
            ]
            days, months = warranty._get_replacement_period(day)
            events.append(
                fields.Command.create(
                    {
                        "kind": "replacement",
                        "date": day,
                        "days": days,
                        "months": months,
                        "reason": self.env._("Replaces %s.", warranty.unit_id.display_name),
                    }
                )
            )
            vals = {
                "promise_id": warranty.promise_id.id,
                "sale_line_id": warranty.sale_line_id.id,
                "unit_id": unit.id,
                "term_id": warranty.term_id.id,
                "event_ids": events,
            }
            # Whoever replaces a unit hands over what its warranties are, events of all kinds included.
            handed |= self.sudo().with_context(after_sales_started=True).create(vals)
        return handed.with_env(self.env)

    def _get_replacement_period(self, day):
        """At least how long cover lasts from the replacement on, as (days, months)."""
        self.ensure_one()
        law = self.kind == "legal" and self.env["after.sales.warranty.rule"]._get(
            "replacement_restarts", self.unit_id, day
        )
        if self.replacement_policy == "restart" or (law and law.value):
            return rules.period(self.duration, self.duration_unit)
        if self.replacement_policy == "longer":
            return 0, self.replacement_months
        return 0, 0

    def _give_way(self, warranties):
        """Drop what the delivery of a replacement was granted anew of the terms it inherits."""
        self.filtered(lambda w: w.term_id and w.term_id in warranties.term_id).sudo().with_context(
            after_sales_give_way=True
        ).unlink()

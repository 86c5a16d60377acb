from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class AfterSalesComplaint(models.Model):
    """The way through the states. Each `action_*` checks, then works on the whole set; dates and steps follow."""

    _inherit = "after.sales.complaint"

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for complaint in self:
            if complaint.state not in states:
                raise UserError(
                    self.env._(
                        "Complaint %(name)s is “%(state)s”: this needs %(needed)s.",
                        name=complaint.name,
                        state=labels[complaint.state],
                        needed=", ".join(labels[state] for state in states),
                    )
                )

    # ------------------------------------------------------------
    # Acknowledgement
    # ------------------------------------------------------------

    def action_acknowledge(self):
        """Tell the customer by mail that the complaint arrived, its reference, who handles it and by when."""
        self._check_state("received")
        self._check_reachable()
        self._acknowledge()  # before the letter, which would have the change of state tracked in the customer's language
        for complaint in self:
            complaint._send("after_sales_complaint.mail_template_acknowledgement")

    def action_acknowledge_by_hand(self):
        self._check_state("received")
        for complaint in self:
            complaint.message_post(body=self.env._("Acknowledged by phone, in person or by post."))
        self._acknowledge()

    def _acknowledge(self):
        self.write({"state": "acknowledged", "date_acknowledged": fields.Datetime.now()})
        self._finish_steps(("acknowledge",))

    def _acknowledge_at_once(self):
        """For complaints that come in by machine, where the desk wants it and there is someone to write to."""
        ready = self.filtered(lambda c: c.team_id.auto_acknowledge and (c.partner_id.email or c.email))
        if ready:
            ready.action_acknowledge()

    def _check_reachable(self):
        for complaint in self:
            if not (complaint.partner_id.email or complaint.email):
                raise UserError(
                    self.env._(
                        "%s has no e-mail address: tell the customer another way and record it.",
                        complaint.name,
                    )
                )

    def _send(self, template_xmlid):
        """Post a letter of ours on the complaint, with its attachments, to the customer."""
        self.ensure_one()
        return self.message_post_with_source(
            template_xmlid,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            **self._prepare_sender(),
        )

    def _prepare_sender(self):
        """An agent writes in his own name; what goes out by itself (mail, portal, job) comes from the responsible."""
        by_hand = self.env.user._is_internal() and not self.env.user._is_superuser()
        user = self.env.user if by_hand else self.user_id
        author = user.partner_id or self.company_id.partner_id
        return {
            "author_id": author.id,
            "email_from": author.email_formatted or self.company_id.email_formatted,
        }

    # ------------------------------------------------------------
    # Assessment and investigation
    # ------------------------------------------------------------

    def action_assess(self):
        self._check_state("acknowledged")
        for complaint in self:
            if not complaint.cause_id:
                raise UserError(
                    self.env._("Say what %s is about (cause) before it counts as assessed.", complaint.name)
                )
            complaint.previous_id = complaint.previous_id or complaint._find_previous()
        self._route()
        self.write({"state": "assessed", "date_assessed": fields.Datetime.now()})
        self._finish_steps(("assess",))
        self.filtered(lambda c: not c.must_investigate)._cancel_steps(("investigate",))
        self._tighten_steps(("investigate", "answer"))
        self.filtered(lambda c: c.needs_immediate_action or c.is_safety)._open_immediate_action()

    def _open_immediate_action(self):
        """What must happen now, apart from the decision and from the long-term action."""
        self.env["after.sales.complaint.action"].create(
            [
                {
                    "kind": "immediate",
                    "name": self.env._("Immediate action: %s", complaint.subject),
                    "complaint_ids": complaint.ids,
                    "cause_id": complaint.cause_id.id,
                    "company_id": complaint.company_id.id,
                    "user_id": complaint._get_answerable_user().id,
                    "date_deadline": complaint._today(),
                }
                for complaint in self
                if "immediate" not in complaint.action_ids.mapped("kind")
            ]
        )

    def action_investigate(self):
        self._check_state("assessed")
        for complaint in self:
            if not complaint._has_findings():
                raise UserError(
                    self.env._("Write down what the investigation of %s found first.", complaint.name)
                )
        self.state = "investigated"
        self._finish_steps(("investigate",))

    def _has_findings(self):
        self.ensure_one()
        return not is_html_empty(self.findings)

    # ------------------------------------------------------------
    # Decision
    # ------------------------------------------------------------

    def action_decide(self):
        """Open the decision: a new one, or the one that is still being written or approved."""
        self.ensure_one()
        self._check_can_decide()
        decision = self.decision_ids.filtered(lambda d: d.state in ("draft", "to_approve"))[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decision on %s", self.name),
            "res_model": "after.sales.complaint.decision",
            "res_id": decision.id,
            "view_mode": "form",
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }

    def _check_can_decide(self):
        self.ensure_one()
        if self.state == "assessed" and self.must_investigate:
            raise UserError(
                self.env._(
                    "%s is grave, dangerous or complex: it is investigated before it is decided.", self.name
                )
            )
        self._check_state("assessed", "investigated", "appealed")

    def _decided(self, decision):
        """A decision is in force: earlier measures not yet carried out give way, unless an appeal was turned down."""
        self.ensure_one()
        if decision.kind == "appeal" and decision.outcome != "rejected":
            planned = self.measure_ids.filtered(lambda m: m.decision_id != decision and m.state == "planned")
            # State of a remedy is written by decisions and execution only.
            planned.sudo().write({"state": "cancelled"})
        self.write(
            {
                "state": "decided",
                "decision_id": decision.id,
                "date_decided": fields.Datetime.now(),
                "is_communicated": False,
                "customer_answer": False,
            }
        )
        self._cancel_steps(("investigate",))
        if self.measure_ids.filtered(lambda m: m.state == "planned"):
            self._start_steps(("execute",))

    def action_send_decision(self):
        """Send the letter. From this day the customer can contest."""
        self._check_state("decided", "executed")
        self._check_reachable()
        self._communicated()
        for complaint in self:
            complaint._send("after_sales_complaint.mail_template_decision")

    def action_answer_by_hand(self):
        self._check_state("decided", "executed")
        for complaint in self:
            complaint.message_post(
                body=self.env._("The decision was told to the customer by phone, post or fax.")
            )
        self._communicated()

    def _communicated(self):
        now = fields.Datetime.now()
        for complaint in self:
            complaint.write(
                {
                    "is_communicated": True,
                    "date_answered": complaint.date_answered or now,
                    "appeal_until": False
                    if complaint.decision_id.kind == "appeal"
                    else complaint._get_appeal_until(),
                }
            )
        self._finish_steps(("answer", "appeal"))
        self._start_steps(("close",))

    def _get_appeal_until(self):
        """The day until which the decision can be contested: counted from the day the customer is told."""
        self.ensure_one()
        if self.is_communicated and self.appeal_until:
            return self.appeal_until
        return fields.Date.add(self._today(), days=self.team_id.appeal_days)

    def action_print_letter(self):
        return self.env.ref("after_sales_complaint.action_report_complaint_letter").report_action(self)

    # ------------------------------------------------------------
    # Execution
    # ------------------------------------------------------------

    def action_execute(self):
        self._check_state("decided")
        for complaint in self:
            planned = complaint.measure_ids.filtered(lambda m: m.state == "planned")
            if not planned:
                raise UserError(self.env._("Nothing is left to carry out for %s.", complaint.name))
            planned.action_execute()

    def _executed(self):
        """All measures are done: the step ends by itself."""
        done = self.filtered(
            lambda c: (
                c.state == "decided"
                and "done" in c.measure_ids.mapped("state")
                and "planned" not in c.measure_ids.mapped("state")
            )
        )
        done.write({"state": "executed", "date_executed": fields.Datetime.now()})
        done._finish_steps(("execute",))

    # ------------------------------------------------------------
    # Actions and postponement
    # ------------------------------------------------------------

    def action_open_actions(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_action_action"
        )
        action["domain"] = [("complaint_ids", "in", self.ids)]
        action["context"] = {
            "default_complaint_ids": self.ids,
            "default_cause_id": self.cause_id.id,
            "default_product_id": self.product_id.id,
            "default_company_id": self.company_id.id,
        }
        return action

    def action_postpone(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "after_sales_complaint.after_sales_complaint_postpone_action"
        )
        action["context"] = {"default_complaint_id": self.id}
        return action

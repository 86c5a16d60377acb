from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.durations import duration_text


class AfterSalesClaim(models.Model):
    """The consumer chooses between repair and replacement, and must know what follows from it."""

    _inherit = "after.sales.claim"

    choice_required = fields.Boolean(
        compute="_compute_choice_required", help="Law asks to inform the consumer before the remedy."
    )
    choice_informed_on = fields.Datetime(
        "Informed of the Choice On", readonly=True, copy=False, tracking=True
    )
    choice_informed_by_id = fields.Many2one("res.users", "Informed By", readonly=True, copy=False)
    customer_choice = fields.Selection(
        [("repair", "Repair"), ("replacement", "Replacement")],
        "Customer's Choice",
        copy=False,
        tracking=True,
    )

    @api.depends("rule_ids", "unit_id.warranty_ids.state")
    def _compute_choice_required(self):
        for claim in self:
            law = "choice_notice" in claim.rule_ids.mapped("code")
            claim.choice_required = law and claim._is_seller_liable()

    def _is_seller_liable(self):
        """Whether the legal warranty runs on the day of the claim, or nobody wrote down that it does not."""
        self.ensure_one()
        legal = self.unit_id.warranty_ids.filtered(lambda warranty: warranty.kind == "legal")
        return not legal or any(warranty._get_state(self.date) == "active" for warranty in legal)

    @api.depends("choice_informed_on", "choice_required")
    def _compute_alerts(self):
        return super()._compute_alerts()

    def _get_alerts(self, others):
        alerts = super()._get_alerts(others)
        if self.choice_required and not self.choice_informed_on:
            alerts.append(
                self.env._("The consumer was not yet informed of the choice between repair and replacement.")
            )
        return alerts

    def _apply_outcome(self):
        """What brings the goods into conformity follows the information (directive (EU) 2019/771, art. 13(2a)); a
        refund is not one of the two to choose from."""
        if self.outcome in ("repair", "exchange") and self.choice_required and not self.choice_informed_on:
            raise UserError(
                self.env._(
                    "%s cannot end with a repair or an exchange yet: law asks to inform the consumer first of the"
                    ' choice between repair and replacement. Press "Inform about the Choice", by mail or on paper, and'
                    " write down what the customer chose.",
                    self.name,
                )
            )
        return super()._apply_outcome()

    def _get_choice_months(self):
        """Months that a repair adds by law in this case."""
        self.ensure_one()
        return self.rule_ids.filtered(lambda rule: rule.code == "repair_extends")[:1]._get_months()

    def _get_choice_intro(self):
        """Why the customer is informed, in the language of the environment."""
        self.ensure_one()
        # The customer reads the name of his own product, whoever informs him.
        unit_sudo = self.unit_id.sudo()
        return self.env._(
            "You told us on %(day)s that %(product)s is not in conformity. Before we bring it into"
            " conformity, the law asks us to inform you:",
            day=format_date(self.env, self.date),
            product=unit_sudo.with_context(display_default_code=False).display_name,
        )

    def _get_choice_points(self):
        """What the customer must know before he chooses, in the language of the environment."""
        self.ensure_one()
        points = [
            self.env._(
                "You may choose between repair and replacement, free of charge, unless your choice is"
                " impossible or disproportionate."
            )
        ]
        months = self._get_choice_months()
        if months:
            points += [
                self.env._(
                    "If you choose repair, the time in which the seller is liable is extended by %s, once.",
                    duration_text(months, "month", self.env.lang),
                ),
                self.env._("If you choose replacement, this extension does not apply."),
            ]
        return points

    def _get_choice_lang(self):
        self.ensure_one()
        return self.partner_id.lang or self.env.lang

    def action_inform_choice(self):
        """Tell the customer of the choice in his language, by mail when he has an address, else on paper.

        The text is kept in the chatter as it was given, with who gave it and when.
        """
        self.check_access("write")
        self._ensure_state("draft", "checked", "authorised")
        for claim in self:
            lang = claim._get_choice_lang()
            localised = claim.with_context(lang=lang)
            body = localised.env["ir.qweb"]._render(
                "after_sales_warranty.choice_notice_text", {"claim": localised}, lang=lang
            )
            to_mail = bool(claim.partner_id.email)
            claim.message_post(
                body=body,
                subject=localised.env._("Repair or replacement: your choice"),
                partner_ids=claim.partner_id.ids if to_mail else [],
                subtype_xmlid="mail.mt_comment" if to_mail else "mail.mt_note",
            )
        self.write({"choice_informed_on": fields.Datetime.now(), "choice_informed_by_id": self.env.user.id})
        on_paper = self.filtered(lambda claim: not claim.partner_id.email)
        if on_paper:
            return on_paper.action_print_choice()
        return True

    def action_print_choice(self):
        return self.env.ref("after_sales_warranty.action_report_choice_notice").report_action(self)

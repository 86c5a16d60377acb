from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

# What a customer can write at once; longer stories come as a message or a letter.
MAX_TEXT = 20000


class AfterSalesComplaint(models.Model):
    """What a customer can do on the portal: see his complaints, make one, accept or contest the decision."""

    _inherit = "after.sales.complaint"

    @api.model
    def _get_portal_domain(self):
        """Only the customer's own, also for an employee who looks at the portal."""
        return Domain("commercial_partner_id", "=", self.env.user.commercial_partner_id.id)

    @api.model
    def _get_portal_filters(self):
        return {
            "all": {"domain": Domain.TRUE, "label": self.env._("All")},
            "open": {"domain": Domain("is_open", "=", True), "label": self.env._("Open")},
            "closed": {"domain": Domain("is_open", "=", False), "label": self.env._("Closed")},
        }

    @api.model
    def _get_portal_choices(self):
        """What the customer can choose from in the form: his own orders and the remedies on offer."""
        company = self.env.company
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("partner_id", "child_of", self.env.user.commercial_partner_id.id),
                    ("state", "=", "sale"),
                    ("company_id", "=", company.id),
                ],
                limit=80,
            )
        )
        remedies = (
            self.env["after.sales.complaint.remedy"]
            .sudo()
            .search([("company_id", "in", [company.id, False])])
        )
        return {"orders": orders, "remedies": remedies}

    @api.model
    def _create_from_portal(self, post):
        """A complaint of the user who is logged in; ids that are not his count as not given."""
        subject = (post.get("subject") or "").strip()[:200]
        text = (post.get("description") or "").strip()
        if not subject or not text:
            raise UserError(self.env._("Tell us what it is about and what happened."))
        if len(text) > MAX_TEXT:
            raise UserError(
                self.env._("Your text is too long: please shorten it to %s characters.", MAX_TEXT)
            )
        choices = self._get_portal_choices()
        # A customer may not create records: what is written is checked above and taken from his own choices.
        self_sudo = self.sudo()
        complaint_sudo = self_sudo.create(
            {
                "subject": subject,
                "description": plaintext2html(text),
                "channel": "portal",
                "company_id": self.env.company.id,
                "partner_id": self.env.user.partner_id.id,
                "sale_order_id": self._pick(choices["orders"], post.get("order")).id,
                "remedy_sought_id": self._pick(choices["remedies"], post.get("remedy")).id,
                "tag": (post.get("tag") or "").strip()[:60],
            }
        )
        complaint_sudo._acknowledge_at_once()
        return complaint_sudo

    @api.model
    def _pick(self, records, value):
        return records.filtered(lambda record: str(record.id) == value)[:1]

    def _can_answer(self):
        """Whether the customer can accept or contest now."""
        self.ensure_one()
        return (
            self.state in ("decided", "executed", "closed")
            and self.is_communicated
            and not self.customer_answer
        )

    def _can_contest(self):
        self.ensure_one()
        return (
            self.state in ("decided", "executed", "closed")
            and self.is_communicated
            and self.decision_id.kind == "first"
            and self.customer_answer != "accepted"
            and bool(self.appeal_until)
            and self.appeal_until >= self._today()
        )

    def _answer_from_portal(self, answer, reason):
        self.ensure_one()
        if answer == "contest" and self._can_contest():
            reason = (reason or "").strip()
            if not reason or len(reason) > MAX_TEXT:
                raise UserError(self.env._("Tell us why you do not agree."))
            self._contest(reason)
            self.message_post(
                body=self.env._("Contested on the portal: %s", reason), author_id=self._get_portal_author().id
            )
        elif answer == "accept" and self._can_answer():
            self.customer_answer = "accepted"
            self.message_post(
                body=self.env._("Accepted on the portal."), author_id=self._get_portal_author().id
            )
        else:
            raise UserError(self.env._("This is not possible any more."))

    def _get_portal_author(self):
        """The user's contact, or the complaint's customer when the page was opened by its link."""
        user = self.env.user
        return self.partner_id if user._is_public() else user.partner_id

import re

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models

#: What a token looks like; anything else is not even searched.
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")

#: Letters kept of what a stranger types.
LIMITS = {"phone": 40, "message": 2000, "passed_on_to": 200}


class AfterSalesCampaignOwner(models.Model):
    """What an owner says on his page. Whoever holds the token may answer for him, and for nobody else."""

    _inherit = "after.sales.campaign.owner"

    @api.model
    def _get_by_token(self, token):
        """The owner row of a token whose campaign was sent; an empty set for anything else."""
        if not TOKEN.fullmatch(token or ""):
            return self.browse()
        return self.search([("token", "=", token), ("campaign_id.state", "in", ("running", "done"))], limit=1)

    def _register_opening(self):
        if self.state in ("sending", "notified"):
            self.write({"state": "read", "date_read": fields.Datetime.now()})

    def _get_answer_choices(self):
        """(code, label) of what can be said about one unit, in the language of the environment."""
        self.ensure_one()
        campaign = self.campaign_id
        choices = [(f"wanted-{remedy.id}", remedy.name) for remedy in campaign.remedy_ids]
        if not choices:
            choices = [("wanted", self.env._("Yes, please contact me"))]
        if campaign.kind != "recall":
            choices.append(("refused", self.env._("No, thank you")))
        labels = {
            "passed_on": self.env._("I no longer have it: it was sold or given away"),
            "disposed": self.env._("It was already disposed of"),
        }
        return [*choices, *labels.items()]

    def _register_answer(self, answers, texts, phone="", message="", contact=False, opt_out=False):
        """Keep what the owner says; said again, the new answer replaces the old one and both are logged.

        :param dict answers: code of a choice, by id of a row; rows of others and unknown codes are ignored
        :param dict texts: who has the unit now, by id of a row
        :param bool opt_out: no promotions to this address any more
        :return: False when nothing was said, and nothing changes
        """
        self.ensure_one()
        codes = {code for code, __ in self._get_answer_choices()}
        rows = self.unit_ids.filtered(lambda r: r.state not in ("done", "impossible"))
        answers = {row: answers[row.id] for row in rows if answers.get(row.id) in codes}
        if not (answers or phone or message or contact or opt_out):
            return False
        # Our own people read what this leaves behind, whoever holds the token and whatever he speaks.
        user = self.campaign_id.user_id
        lang = user.lang or self.company_id.partner_id.lang or self.env.lang
        self.with_user(SUPERUSER_ID).with_context(lang=lang)._record_answer(
            self._get_answer_author(), answers, texts, phone, message, contact
        )
        if opt_out and self.campaign_id.kind == "promotion":
            self._opt_out()
        return True

    def _opt_out(self):
        """No more offers. Contacts and the list of those who want no advertising are others'; his wish is law."""
        (self.partner_id | self.contact_id).sudo().after_sales_wants_promotions = False
        if self.email:
            self.env["mail.blacklist"].sudo()._add(self.email)

    def _get_answer_author(self):
        """The owner, or the one of us who fills the page in with him on the phone."""
        user = self.env.user
        return user.partner_id if user._is_internal() else self.contact_id or self.partner_id

    def _record_answer(self, author, answers, texts, phone, message, contact):
        changed = self.env["after.sales.campaign.unit"]
        for row, code in answers.items():
            text = (texts.get(row.id) or "")[: LIMITS["passed_on_to"]]
            changed |= row.with_env(self.env)._apply_answer(code, text)
        phone, message = phone[: LIMITS["phone"]], message[: LIMITS["message"]]
        vals = {
            "date_answer": fields.Datetime.now(),
            "phone": phone,
            "message": message,
            "contact_wanted": contact,
        }
        if not self._get_open_units():
            vals.update(state="answered", next_reminder=False)
        elif self.state != "to_notify":
            vals["state"] = "read"
        self.write(vals)
        changed.filtered(lambda r: r.answer == "wanted")._open_request()
        self._log_answer(author)
        if contact or message or "passed_on" in self.unit_ids.mapped("answer"):
            self._ask_for_contact()

    def _log_answer(self, author):
        """What was said, in the chatter, in the words of the house."""
        labels = dict(self.unit_ids._fields["answer"]._description_selection(self.env))
        lines = [
            ": ".join(
                text
                for text in (
                    row.unit_id.display_name,
                    labels.get(row.answer, ""),
                    row.remedy_id.name or row.passed_on_to,
                )
                if text
            )
            for row in self.unit_ids
        ]
        lines += [text for text in (self.phone, self.message) if text]
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        self.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Answer of the owner:"), items),
            author_id=author.id,
            subtype_xmlid="mail.mt_note",
        )

    def _ask_for_contact(self):
        """Ask the responsible to get in touch; asked again, the same activity shows the latest words."""
        user = self.campaign_id.user_id
        note = " · ".join(text for text in (self.phone, self.message) if text)
        activity = self.activity_search(["mail.mail_activity_data_call"], user_id=user.id)
        if activity:
            activity.note = note
        elif user:
            self.activity_schedule(
                "mail.mail_activity_data_call",
                summary=self.env._("Contact %s", self.partner_id.display_name),
                note=note,
                user_id=user.id,
            )


class AfterSalesCampaignUnit(models.Model):
    _inherit = "after.sales.campaign.unit"

    def _apply_answer(self, code, text):
        """Take one answer; returns the row when something changed."""
        self.ensure_one()
        answer, __, remedy = code.partition("-")
        state = {"refused": "refused", "disposed": "gone"}.get(
            answer, "in_progress" if self.claim_id else "todo"
        )
        vals = {
            "answer": answer,
            "remedy_id": int(remedy) if remedy else False,
            "passed_on_to": text if answer == "passed_on" else False,
            "state": state,
        }
        if self.answer == answer and self.remedy_id.id == vals["remedy_id"] and not vals["passed_on_to"]:
            return self.browse()
        self.write(vals)
        if self.claim_id:
            labels = dict(self._fields["answer"]._description_selection(self.env))
            self.claim_id.message_post(
                body=self.env._("The owner now says: %s", self.remedy_id.name or labels[answer])
            )
        return self

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, is_html_empty

TEXTS = ("warranty_terms", "return_policy", "claim_procedure")
#: What was promised in public is not changed: a new version takes its place.
FROZEN = {*TEXTS, "company_id", "country_id", "date_from", "date_to", "version", "state"}


class AfterSalesPolicy(models.Model):
    """What the company promises in public, in versions: the one of the day of sale holds."""

    _name = "after.sales.policy"
    _description = "Warranty and Return Policy"
    _inherit = ["after.sales.watch.mixin"]
    _order = "company_id, country_id, version desc, id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    country_id = fields.Many2one(
        "res.country", index="btree_not_null", help="Customers of this country. Empty: all other customers."
    )
    version = fields.Integer(readonly=True, copy=False, help="Given when the policy is published.")
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("superseded", "Superseded")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    date_from = fields.Date("In Force From", copy=False, help="Empty: the day it is published.")
    date_to = fields.Date("In Force Until", readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_published = fields.Datetime("Published On", readonly=True, copy=False)
    warranty_terms = fields.Html(translate=True)
    return_policy = fields.Html(translate=True)
    claim_procedure = fields.Html("How to Claim", translate=True)

    _one_in_force = models.Constraint(
        "EXCLUDE USING gist ("
        "int4range(company_id, company_id, '[]') WITH &&,"
        "int4range(coalesce(country_id, 0), coalesce(country_id, 0), '[]') WITH &&,"
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (state != 'draft')",
        "Another policy of this company and country is in force on these days.",
    )
    _dates_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A policy cannot end before it begins."
    )
    _published_dated = models.Constraint(
        "CHECK (state = 'draft' OR date_from IS NOT NULL)", "A published policy needs its first day."
    )

    def write(self, vals):
        if FROZEN & vals.keys() and not self.env.su and self.filtered(lambda p: p.state != "draft"):
            raise UserError(
                self.env._("A published policy does not change: make a new version of it and publish that.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if self.filtered(lambda p: p.state != "draft"):
            raise UserError(self.env._("Customers hold cards that refer to this policy: it is kept."))

    # === WHICH ONE HOLDS === #

    @api.model
    def _get_policy(self, company, country, day):
        """The policy in force for customers of ``country`` on ``day``, else the general one, else none.

        A later version does not change what was promised to who bought before.
        """
        own = self._get_in_force(company, day).filtered(
            lambda policy: not policy.country_id or policy.country_id in country
        )
        return own.sorted(lambda policy: not policy.country_id)[:1]

    @api.model
    def _get_in_force(self, company, day):
        """The policies of a company that hold on ``day``, one for each country."""
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "!=", "draft")
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    @api.model
    def _is_public(self, company):
        """Whether the company has a policy in force that its pages can link to."""
        # Visitors read no policies but those of the public page.
        return bool(company and self.sudo()._get_in_force(company, company.sudo()._get_after_sales_day()))

    def _get_family_domain(self):
        """All versions of what this one is a version of."""
        return Domain("company_id", "=", self.company_id.id) & Domain("country_id", "=", self.country_id.id)

    def _get_public_versions(self):
        """The versions that hold or held, the latest first."""
        today = fields.Date.context_today(self)
        domain = self._get_family_domain() & Domain("state", "!=", "draft") & Domain("date_from", "<=", today)
        return self.search(domain, order="date_from desc")

    def _get_url(self, day=None):
        """The public address: of what holds today, or of what held on ``day``."""
        self.ensure_one()
        words = [f"country={self.country_id.code}"] if self.country_id else ["country=-"]
        if day:
            words.append(f"day={fields.Date.to_string(day)}")
        return f"{self.get_base_url()}/after-sales/policy/{self.company_id.id}?{'&'.join(words)}"

    def _get_validity_text(self):
        """Version and days of force, for the public page."""
        self.ensure_one()
        words = {"version": self.version, "start": format_date(self.env, self.date_from)}
        if not self.date_to:
            return self.env._("Version %(version)s, in force from %(start)s", **words)
        end = format_date(self.env, self.date_to)
        return self.env._("Version %(version)s, in force from %(start)s to %(end)s", end=end, **words)

    # === ACTIONS === #

    def action_publish(self):
        """Put the drafts in force from their day, or from today; the version before ends the day before.

        Raises UserError when there is no text, or the day is before that of the version it follows.
        """
        self.check_access("write")
        if self.filtered(lambda p: p.state != "draft"):
            raise UserError(self.env._("Only a draft is published."))
        for policy in self:
            policy._publish()
        return True

    def _publish(self):
        self.ensure_one()
        if all(is_html_empty(self[name]) for name in TEXTS):
            raise UserError(self.env._("Write the text of %s first.", self.name))
        today = fields.Date.context_today(self)
        day = self.date_from or today
        # Versions are numbered and closed by the house, whatever the user may change by hand.
        policy_sudo = self.sudo()
        before_sudo = policy_sudo.search(
            self._get_family_domain() & Domain("state", "!=", "draft"), order="version desc", limit=1
        )
        if before_sudo and day <= max(before_sudo.date_from, today - timedelta(days=1)):
            raise UserError(
                self.env._(
                    "Version %(version)s was promised to who bought before: a new one starts today at the"
                    " earliest, and after %(day)s.",
                    version=before_sudo.version,
                    day=format_date(self.env, before_sudo.date_from),
                )
            )
        if before_sudo:
            last = day - timedelta(days=1)
            before_sudo.write({"state": "superseded", "date_to": min(before_sudo.date_to or last, last)})
            # The database must see the old one closed before the new one opens.
            before_sudo.flush_recordset()
        policy_sudo.write(
            {
                "state": "published",
                "version": before_sudo.version + 1,
                "date_from": day,
                "published_by_id": self.env.user.id,
                "date_published": fields.Datetime.now(),
            }
        )

    def action_withdraw(self):
        """Take policies back: one not yet in force becomes a draft again, one in force ends today.

        Raises UserError when no other policy would hold for its customers from tomorrow.
        """
        self.check_access("write")
        if self.filtered(lambda p: p.state != "published"):
            raise UserError(self.env._("Only a published policy is withdrawn."))
        today = fields.Date.context_today(self)
        for policy in self:
            # Versions are closed by the house, whatever the user may change by hand.
            policy_sudo = policy.sudo()
            if policy.date_from > today:
                policy_sudo._unpublish()
            else:
                policy._ensure_successor(today)
                policy_sudo.write({"state": "superseded", "date_to": today})
        return True

    def _unpublish(self):
        """Nobody has bought under it yet: the version before goes on as if nothing had been published."""
        self.ensure_one()
        before = self.search(
            self._get_family_domain() & Domain("date_to", "=", self.date_from - timedelta(days=1)), limit=1
        )
        self.write({"state": "draft", "version": 0, "published_by_id": False, "date_published": False})
        # The database must see this one gone before the old one opens again.
        self.flush_recordset()
        before.write({"state": "published", "date_to": False})

    def _ensure_successor(self, today):
        """Raise unless the policy for all other customers goes on to hold for those of this one."""
        self.ensure_one()
        general = self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("country_id", "=", False)
            & Domain("state", "=", "published")
            & Domain("date_from", "<=", today + timedelta(days=1))
        )
        if general - self:
            return
        raise UserError(
            self.env._(
                "From tomorrow no policy would hold for %(customers)s, and their cards link to it. Publish a new "
                "version in its place (New Version), or first a policy for all other customers.",
                customers=self.country_id.name or self.env._("all other customers"),
            )
        )

    def action_new_version(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "view_mode": "form",
        }

    def action_preview(self):
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("A draft is not public: publish it to see its page."))
        return {"type": "ir.actions.act_url", "url": self._get_url(self.date_from), "target": "new"}

    # === LAW WATCH === #

    @api.model
    def _get_watch_domain(self, today):
        return Domain("state", "=", "published") & Domain("date_from", "<=", today - relativedelta(months=12))

    def _get_watch_alert(self, today):
        self.ensure_one()
        years = relativedelta(today, self.date_from).years
        return self.date_from + relativedelta(years=years), self.env._(
            "The policy %(policy)s is in force since %(day)s: check that it still holds.",
            policy=self.name,
            day=format_date(self.env, self.date_from),
        )

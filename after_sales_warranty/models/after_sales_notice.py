import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

_logger = logging.getLogger(__name__)

TEMPLATES = {
    "offer": "after_sales_warranty.mail_template_extension_offer",
    "expiry": "after_sales_warranty.mail_template_cover_ends",
}


class AfterSalesNotice(models.Model):
    """One row for each warranty about whose end the owner was written to: what was sent, where and when."""

    _name = "after.sales.notice"
    _description = "Notice to an Owner"
    _order = "id desc"
    _rec_name = "warranty_id"

    kind = fields.Selection(
        [("offer", "Extension Offered"), ("expiry", "Cover Ends")], required=True, readonly=True, index=True
    )
    warranty_id = fields.Many2one(
        "after.sales.warranty", required=True, readonly=True, ondelete="cascade", index=True
    )
    unit_id = fields.Many2one(related="warranty_id.unit_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="warranty_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one("res.partner", "Owner", required=True, readonly=True, index=True)
    email = fields.Char("E-mail Used", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    date_end = fields.Date("Last Day Announced", readonly=True)
    state = fields.Selection(
        [("outgoing", "Being Sent"), ("sent", "Sent"), ("skipped", "Not Sent"), ("failed", "Failed")],
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)
    first_id = fields.Many2one(
        "after.sales.notice", "In the Mail Of", index="btree_not_null", readonly=True, ondelete="set null"
    )

    _once = models.UniqueIndex(
        "(warranty_id, kind, date_end)", "The owner was written to about this warranty already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        for notice in notices:
            # What ends on the same day was announced with it.
            told = notice.unit_id._get_whole_warranties().filtered(
                lambda w, n=notice: w.date_end == n.date_end
            )
            told[f"{notice.kind}_notice_id"] = notice
        return notices

    # === THE NIGHTLY JOB === #

    @api.model
    def _cron_send(self, batch_size=100):
        """Write to the owners whose cover comes to its end, each once for all his units.

        Whether an owner was written to is a fact of the warranty: nothing is missed when a unit was away,
        its owner became known later or the job stood still, and a run that was killed is taken up.
        """
        companies = self.env["res.company"].search([])
        for company in companies:
            for kind in TEMPLATES:
                if not self._run(company, kind, batch_size):
                    return

    @api.model
    def _run(self, company, kind, batch_size):
        """One kind of notice in one company; False when the time of the job is over."""
        days, cron = company[f"after_sales_{kind}_days"], self.env["ir.cron"]
        if not days:
            return True
        model = self.with_company(company)
        owners = model._get_due_by_owner(company, kind, days)
        partners = list(owners)
        for start in range(0, len(partners), batch_size):
            batch = partners[start : start + batch_size]
            for partner in batch:
                model._write_to_owner(kind, partner, owners[partner])
            if not cron._commit_progress(len(batch), remaining=len(partners) - start - len(batch)):
                return False
        return True

    @api.model
    def _get_due_domain(self, company, kind, days):
        """Warranties whose last day lies in the window and whose owner was not written to about it.

        While the days of a unit in the workshop are added to its cover, the last day is not known.
        """
        today = fields.Date.context_today(self)
        last = today + timedelta(days=days)
        return (
            Domain("company_id", "=", company.id)
            & Domain("date_end", ">=", today)
            & Domain("date_end", "<=", last)
            & Domain(f"{kind}_notice_id", "=", False)
            & Domain("ended_by", "=", False)
            & Domain("suspended_since", "=", False)
            & self.env["after.sales.warranty"]._get_whole_domain()
            & Domain("unit_id.state", "=", "in_service")
            & Domain("unit_id.partner_id", "!=", False)
            & Domain("unit_id.warranty_end", ">=", today)
            & Domain("unit_id.warranty_end", "<=", last)
        )

    @api.model
    def _get_due_by_owner(self, company, kind, days):
        """The warranties to write about, by owner."""
        due = self.env["after.sales.warranty"].search(
            self._get_due_domain(company, kind, days), order="date_end, id"
        )
        # What another warranty covers longer does not end, and what stands still has no last day yet.
        due = due.filtered(
            lambda w: (
                w.date_end == w.unit_id.warranty_end
                and not any(cover.suspended_since for cover in w.unit_id._get_whole_warranties())
            )
        )
        if kind == "offer":
            due = self._filter_offered(due)
        owners, units = {}, set()
        for warranty in due:
            if warranty.unit_id not in units:
                units.add(warranty.unit_id)
                owners.setdefault(warranty.unit_id.partner_id, self.env["after.sales.warranty"])
                owners[warranty.unit_id.partner_id] |= warranty
        return owners

    @api.model
    def _filter_offered(self, warranties):
        """Those whose unit can be extended by its owner, who did not decline."""
        units = warranties.unit_id
        fitting, declined = units._get_extension_products(), units._get_declined()
        return warranties.filtered(lambda w: w.unit_id not in declined and fitting[w.unit_id])

    # === ONE MAIL === #

    @api.model
    def _write_to_owner(self, kind, partner, warranties):
        """Log and send one mail about all these warranties. What cannot be sent is kept with its reason."""
        email = email_normalize(partner.email or "")
        vals = {"kind": kind, "partner_id": partner.id, "email": email or partner.email, "state": "outgoing"}
        if not email:
            vals.update(state="skipped", reason=self.env._("The owner has no valid e-mail address."))
        elif self.env["mail.blacklist"].search_count([("email", "=", email)], limit=1):
            vals.update(state="skipped", reason=self.env._("The owner does not want such mails."))
        notices = self.create([{**vals, "warranty_id": w.id, "date_end": w.date_end} for w in warranties])
        notices.first_id = notices[:1]
        if vals["state"] == "outgoing":
            notices._send()
        return notices

    def _send(self):
        """One mail for these rows; a failure stays on them and stops nobody else's mail."""
        try:
            with self.env.cr.savepoint():
                self.env.ref(TEMPLATES[self[:1].kind]).send_mail(self[:1].id)
        except Exception as error:  # noqa: BLE001 - one owner's mail must not stop the others'
            self.env.invalidate_all()
            _logger.info("No notice to %s", self.partner_id.ids, exc_info=True)
            self.write({"state": "failed", "reason": str(error)})

    def action_send_again(self):
        """Try failed and skipped rows again, each mail once."""
        self.check_access("write")
        for notice in self.filtered(lambda n: n.state in ("skipped", "failed")).first_id:
            rows = notice._get_same_mail()
            email = email_normalize(notice.partner_id.email or "")
            blocked = not email or self.env["mail.blacklist"].sudo().search_count([("email", "=", email)])
            if not blocked:
                rows.write(
                    {"state": "outgoing", "email": email, "reason": False, "date": fields.Datetime.now()}
                )
                rows._send()

    def _set_mail_result(self, failure):
        """The mail of these rows left, or failed for a reason."""
        for notice in self:
            notice._get_same_mail().write(
                {"state": "failed" if failure else "sent", "reason": failure or False}
            )

    def _get_same_mail(self):
        """All rows of the mail this row went with."""
        self.ensure_one()
        return self.search([("first_id", "=", self.first_id.id)], order="id") if self.first_id else self

    def _get_portal_url(self):
        """The page of this unit, which the link opens without a login as it does for other documents."""
        self.ensure_one()
        return f"{self.get_base_url()}{self.unit_id.get_portal_url()}"

    def _get_offers(self):
        """What is offered for this unit and what the owner would pay, as he sees it on his page."""
        self.ensure_one()
        return self.unit_id._get_portal_extensions(self.partner_id)

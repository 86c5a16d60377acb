from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

#: Rows made at once.
BATCH = 1000


class AfterSalesCampaign(models.Model):
    """The rows a campaign makes of its units and their owners, once each."""

    _inherit = "after.sales.campaign"

    def action_prepare(self):
        """Make the rows of units that have none yet; what is there stays as it is."""
        self.check_access("write")
        self._ensure_state("draft", "prepared", "running")
        self._ensure_criteria()
        for campaign in self:
            if not campaign._prepare_rows() and not campaign.unit_ids:
                raise UserError(campaign._get_nobody_text())
        self.filtered(lambda c: c.state == "draft").state = "prepared"
        self._trigger_sending()

    def _get_nobody_text(self):
        """Why there is nobody to write to."""
        self.ensure_one()
        count = self.selected_count
        if self.kind == "promotion" and count:
            return self.env._(
                "%(count)s units match, but none of their owners wants promotions: only those are written to who agreed"
                ' when they registered, or whose contact says "Wants Promotions".',
                count=count,
            )
        return self.env._("No unit of the installed base matches what %s asks for.", self.title)

    def action_draft(self):
        """Nothing was sent: throw the rows away to choose again."""
        self.check_access("write")
        self._ensure_state("prepared")
        self.unit_ids.unlink()
        self.owner_ids.unlink()
        self.state = "draft"

    def _prepare_rows(self):
        self.ensure_one()
        moved = self._get_moved_rows()
        units = self._get_units(Domain("campaign_unit_ids", "not any", [("campaign_id", "=", self.id)]))
        owners = self._prepare_owners(units | moved.unit_id)
        rows = moved
        for row in moved:
            vals = self._prepare_unit_vals(row.unit_id, owners)
            if vals:
                row.write({**vals, "answer": False, "passed_on_to": False})
        for batch in split_every(BATCH, units.ids, self.env["after.sales.unit"].browse):
            vals_list = [self._prepare_unit_vals(unit, owners) for unit in batch]
            rows |= rows.create([vals for vals in vals_list if vals])
        self._after_prepare(rows)
        return rows

    def _get_moved_rows(self):
        """Open rows whose unit has another owner by now: he must be told."""
        rows = self.env["after.sales.campaign.unit"].search_fetch(
            [("campaign_id", "=", self.id), ("state", "in", ("todo", "in_progress"))], ["unit_id", "owner_id"]
        )
        return rows.filtered(
            lambda row: (
                row.unit_id.commercial_partner_id
                and row.unit_id.commercial_partner_id != row.owner_id.partner_id
            )
        )

    def _prepare_owners(self, units):
        """{commercial partner: its row}, made where it is missing; who opted out has a row too."""
        owner_model = self.env["after.sales.campaign.owner"]
        owners = {owner.partner_id: owner for owner in self.owner_ids}
        contacts = {}
        for unit in units.filtered("partner_id"):
            contacts.setdefault(unit.commercial_partner_id, unit.partner_id)
        vals_list = [
            self._prepare_owner_vals(partner, contact)
            for partner, contact in contacts.items()
            if partner not in owners
        ]
        silent = owner_model.with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        for batch in split_every(BATCH, vals_list, list):
            for owner in silent.create(batch).with_env(self.env):
                owners[owner.partner_id] = owner
        owner_model.union(*owners.values())._sort_out_opted()
        return owners

    def _prepare_owner_vals(self, partner, contact):
        """``contact`` is the one on the unit, used when the company itself has no address."""
        contact = partner if partner.email or not contact.email else contact
        lang = self.env["res.lang"]._get_code(contact.lang or partner.lang or "")
        return {
            "campaign_id": self.id,
            "partner_id": partner.id,
            "contact_id": contact.id,
            "lang": lang or self.company_id.partner_id.lang or self.env.lang,
        }

    def _prepare_unit_vals(self, unit, owners):
        """Values of the row of a unit; none when its owner wants no such message."""
        owner = owners.get(unit.commercial_partner_id)
        if owner and owner.state == "left_out":
            return None
        return {
            "campaign_id": self.id,
            "unit_id": unit.id,
            "partner_id": unit.partner_id.id,
            "owner_id": owner.id if owner else False,
        }

    def _after_prepare(self, rows):
        """An owner who was told already is told again when more of his units are concerned."""
        owners = rows.owner_id.filtered(lambda o: o.state not in ("to_notify", "left_out"))
        owners.write({"state": "to_notify", "next_reminder": False, "reminder_count": 0})

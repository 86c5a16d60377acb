from odoo import api, fields, models

from ..tools.durations import duration_text


class AfterSalesRegistrationReward(models.Model):
    """What one registration was rewarded with; a unit is rewarded once, whoever registers it again."""

    _name = "after.sales.registration.reward"
    _description = "Registration Reward"
    _order = "id desc"

    registration_id = fields.Many2one(
        "after.sales.registration", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="registration_id.company_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(
        "after.sales.unit", "Installed Unit", required=True, index=True, ondelete="cascade", readonly=True
    )
    incentive_id = fields.Many2one(
        "after.sales.registration.incentive", required=True, index=True, ondelete="restrict", readonly=True
    )
    warranty_id = fields.Many2one(
        "after.sales.warranty", index="btree_not_null", ondelete="set null", readonly=True
    )
    event_id = fields.Many2one(
        "after.sales.warranty.event", index="btree_not_null", ondelete="set null", readonly=True
    )
    card_id = fields.Many2one(
        "loyalty.card", "Voucher", index="btree_not_null", ondelete="set null", readonly=True
    )
    months = fields.Integer(readonly=True)
    code = fields.Char("Voucher Code", readonly=True)
    state = fields.Selection(
        [("granted", "Granted"), ("revoked", "Revoked")], required=True, default="granted", readonly=True
    )
    description = fields.Char(compute="_compute_description")

    _once_uniq = models.UniqueIndex(
        "(unit_id, incentive_id) WHERE state = 'granted'", "This unit was rewarded already."
    )

    @api.depends("incentive_id", "months", "code", "warranty_id")
    @api.depends_context("lang")
    def _compute_description(self):
        for reward in self:
            reward.description = reward._get_text()

    def _get_text(self):
        """The reward in words, in the language of the reader."""
        self.ensure_one()
        if self.code:
            return self.env._(
                "%(incentive)s: voucher %(code)s", incentive=self.incentive_id.name, code=self.code
            )
        return self.env._(
            "%(incentive)s: %(time)s more on %(warranty)s",
            incentive=self.incentive_id.name,
            time=duration_text(self.months, "month", self.env.lang),
            warranty=self.warranty_id.name or "",
        )

    @api.model
    def _grant(self, registration):
        """Reward a confirmed registration, unless its unit was rewarded before."""
        unit, day = registration.unit_id, registration._get_day()
        if self.search_count([("unit_id", "=", unit.id), ("state", "=", "granted")], limit=1):
            return self.browse()
        offers = self.env["after.sales.registration.incentive"]._get_for_unit(unit, day)
        vals_list = [self._prepare_reward_vals(registration, offer) for offer in offers]
        return self.create([vals for vals in vals_list if vals])

    @api.model
    def _prepare_reward_vals(self, registration, offer):
        """Make the event or the card of an offer and return the row that says so; nothing if it cannot be."""
        vals = {
            "registration_id": registration.id,
            "unit_id": registration.unit_id.id,
            "incentive_id": offer.id,
        }
        if offer.kind == "voucher":
            card_vals = offer._prepare_card_vals(registration.partner_id, registration._get_day())
            card = self.env["loyalty.card"].create(card_vals)
            self.env["loyalty.history"].create(
                {"card_id": card.id, "description": offer.name, "issued": offer.points}
            )
            return {**vals, "card_id": card.id, "code": card.code}
        today = fields.Date.context_today(self)
        warranty = registration.unit_id.warranty_ids.filtered(
            lambda w: w.kind == "conventional" and w.date_start and w._get_state(today) != "void"
        ).sorted("date_end", reverse=True)[:1]
        if not warranty or warranty._get_state(today) == "expired":
            return None
        event = warranty._add_event(
            "extension",
            max(today, warranty.date_start),
            months=offer.months,
            reason=offer.name,
            res_model=registration._name,
            res_id=registration.id,
        )
        return {**vals, "warranty_id": warranty.id, "event_id": event.id, "months": offer.months}

    def _revoke(self):
        """Take the rewards back: the months leave the ledger, the card can no longer be used."""
        granted = self.filtered(lambda reward: reward.state == "granted")
        granted.event_id.unlink()
        granted.card_id.with_context(loyalty_no_mail=True).write({"points": 0.0, "active": False})
        granted.state = "revoked"

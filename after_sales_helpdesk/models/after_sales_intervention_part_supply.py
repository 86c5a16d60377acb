from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

RESERVED_BY = {"intervention_id", "product_id", "lot_id", "quantity", "uom_id", "location_id"}
"""What a reservation depends on."""


class AfterSalesInterventionPart(models.Model):
    """Parts of a planned visit are reserved where they will be taken from; what is short is brought there (D52).

    The reservation is a stock move of Odoo's own, so forecasts and reordering rules know of it. It gives way to the
    move that really takes the part out.
    """

    _inherit = "after.sales.intervention.part"

    reserve_move_id = fields.Many2one(
        "stock.move",
        "Reservation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
    )
    supply_move_ids = fields.One2many(
        "stock.move", "after_sales_supply_part_id", "Brought By", readonly=True, groups="base.group_system"
    )
    secured_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Reserved or ordered when it was last asked for.",
    )
    reserved_quantity = fields.Float(
        "Reserved", compute="_compute_availability", compute_sudo=True, digits="Product Unit"
    )
    availability = fields.Selection(
        [("reserved", "Reserved"), ("ordered", "On Its Way"), ("missing", "Missing")],
        compute="_compute_availability",
        compute_sudo=True,
    )

    @api.depends("reserve_move_id.state", "reserve_move_id.quantity", "quantity", "secured_quantity")
    def _compute_availability(self):
        for part in self:
            move = part.reserve_move_id
            part.reserved_quantity = move.quantity
            if not move:
                part.availability = False
            elif part.uom_id.compare(move.quantity, part.quantity) >= 0:
                part.availability = "reserved"
            elif part.uom_id.compare(part.secured_quantity, part.quantity) >= 0:
                part.availability = "ordered"
            else:
                part.availability = "missing"

    def _describe_expected(self):
        """The part, and the day on which it should be there when Odoo's stock knows one."""
        self.ensure_one()
        moment = self.sudo()._get_expected_date()  # technicians have no stock rights
        if not moment:
            return self.display_name
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self.intervention_id._get_zone()), moment
        )
        return self.env._(
            "%(part)s, expected on %(day)s", part=self.display_name, day=format_date(self.env, day.date())
        )

    def _get_expected_date(self):
        """When what was ordered arrives: as forecast, else as the transfer that brings it is planned."""
        coming = self.supply_move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        dates = [move.forecast_expected_date or move.date for move in coming]
        return max(dates, default=self.reserve_move_id.forecast_expected_date)

    # CRUD
    # ----

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._reserve()
        return parts

    def write(self, vals):
        result = super().write(vals)
        if not RESERVED_BY.isdisjoint(vals):
            self._reserve()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_reservation(self):
        self._release()

    # Reservation
    # -----------

    def _reserve(self):
        """Reserve the parts of planned visits as they are now. The caller may write the parts."""
        # sudo: technicians have no stock rights; only parts of visits they may write get here
        parts_sudo = self.sudo().filtered(
            lambda part: (
                part.intervention_id.state == "planned"
                and part.location_id
                and part.product_id.is_storable
                and not part.move_id
            )
        )
        (self.sudo() - parts_sudo)._release_moves()
        changed = parts_sudo.filtered(lambda part: not part._is_reservation_right())
        for part in parts_sudo - changed:
            if part.intervention_id.date_start not in (False, part.reserve_move_id.date):
                part.reserve_move_id.date = part.intervention_id.date_start
        changed._release_moves()
        if not changed:
            return
        moves = self.env["stock.move"].sudo().create([part._prepare_reserve_vals() for part in changed])
        for part, move in zip(changed, moves, strict=True):
            part.reserve_move_id = move
        moves._action_confirm(merge=False)
        for part in changed:
            move = part.reserve_move_id
            if part.lot_id:
                move._update_reserved_quantity(part.quantity, part.location_id, lot_id=part.lot_id)
                move._recompute_state()
            else:
                move._action_assign()

    def _is_reservation_right(self):
        self.ensure_one()
        move = self.reserve_move_id
        return (
            move
            and move.state != "cancel"
            and (move.product_id, move.product_uom, move.location_id)
            == (self.product_id, self.uom_id, self.location_id)
            and self.uom_id.compare(move.product_uom_qty, self.quantity) == 0
            and (not self.lot_id or move.move_line_ids.lot_id == self.lot_id)
        )

    def _prepare_reserve_vals(self):
        vals = self._prepare_move_vals()
        for name in ("picked", "move_line_ids"):
            vals.pop(name)
        return {
            **vals,
            "date": self.intervention_id.date_start or fields.Datetime.now(),
            # Odoo reserves by itself what arrives later for moves whose day of reservation has come.
            "reservation_date": fields.Date.context_today(self),
        }

    def _release(self):
        """Give back what is reserved, and call off what is on its way to be taken along."""
        parts_sudo = self.sudo()  # as in _reserve
        parts_sudo._release_moves()
        supply = parts_sudo.supply_move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        supply._action_cancel()
        parts_sudo.filtered("secured_quantity").secured_quantity = 0.0

    def _release_moves(self):
        moves = self.reserve_move_id
        if moves:
            moves._action_cancel()
            moves.unlink()

    def _consume(self):
        self.sudo()._release_moves()  # as in _reserve: what was kept for these parts is taken now
        return super()._consume()

    # Replenishment
    # -------------

    def _replenish(self):
        """Bring what is short to where it will be taken from, through Odoo's own stock flows.

        A van is filled from the warehouse, or as its own stock rules say; what the warehouse lacks is bought or made by
        the rules of the product. Nothing is ordered twice. Returns what was done, in words.
        """
        parts_sudo = self.sudo()._reserve_missing()
        done, transfers = [], {}
        for part in parts_sudo:
            part._order_missing(part._get_missing_quantity(), transfers, done)
        for picking in transfers.values():
            picking.action_confirm()
            picking.action_assign()
        for part in parts_sudo:
            part.secured_quantity = part.quantity
        return done

    def _reserve_missing(self):
        """Those that lack something, after another look at the stock."""
        for move in self.reserve_move_id.filtered(lambda m: m.state in ("confirmed", "partially_available")):
            if not move.after_sales_part_id.lot_id:
                move._action_assign()
        return self.filtered(
            lambda part: part.reserve_move_id and part.uom_id.compare(part._get_missing_quantity(), 0) > 0
        )

    def _get_missing_quantity(self):
        self.ensure_one()
        return self.quantity - max(self.reserve_move_id.quantity, self.secured_quantity)

    def _order_missing(self, quantity, transfers, done):
        self.ensure_one()
        stock = self.intervention_id._get_warehouse_location()
        if self.location_id == stock or not stock or self._has_own_rule():
            self._procure(quantity, self.location_id)
            done.append(self._describe_order(quantity, self.location_id))
            return
        picking = transfers.get(self.location_id)
        if not picking:
            picking = self.env["stock.picking"].create(self._prepare_supply_picking_vals(stock))
            transfers[self.location_id] = picking
        self.env["stock.move"].create(self._prepare_supply_move_vals(quantity, picking))
        done.append(self._describe_order(quantity, self.location_id, picking))
        there = self.product_id.with_context(location=stock.id).free_qty
        lacking = self.uom_id._compute_quantity(quantity, self.product_id.uom_id) - max(there, 0.0)
        if self.product_id.uom_id.compare(lacking, 0) > 0 and self._find_rule(stock):
            self._procure(lacking, stock, self.product_id.uom_id)
            done.append(self._describe_order(lacking, stock))

    def _describe_order(self, quantity, location, picking=None):
        return self.env._(
            "%(quantity)g × %(part)s to %(location)s %(document)s",
            quantity=quantity,
            part=self.product_id.display_name,
            location=location.display_name,
            document=picking.name if picking else "",
        ).strip()

    def _find_rule(self, location):
        return self.env["stock.rule"]._get_rule(self.product_id, location, self._prepare_procurement_values())

    def _has_own_rule(self):
        """Whether the van itself, not the warehouse around it, is filled by a rule."""
        return self._find_rule(self.location_id).location_dest_id == self.location_id

    def _prepare_procurement_values(self):
        return {
            "company_id": self.company_id,
            "warehouse_id": self.location_id.warehouse_id,
            "date_planned": self.intervention_id.date_start or fields.Datetime.now(),
        }

    def _procure(self, quantity, location, uom=None):
        if not self._find_rule(location):
            raise UserError(
                self.env._(
                    "%(part)s is missing in %(location)s and nothing says how to get it: set a route on the product"
                    " or buy it.",
                    part=self.product_id.display_name,
                    location=location.display_name,
                )
            )
        Rule = self.env["stock.rule"]
        visit = self.intervention_id
        Rule.run(
            [
                Rule.Procurement(
                    self.product_id,
                    quantity,
                    uom or self.uom_id,
                    location,
                    visit.name,
                    visit.name,
                    self.company_id,
                    self._prepare_procurement_values(),
                )
            ]
        )

    def _prepare_supply_picking_vals(self, stock):
        visit = self.intervention_id
        return {
            "picking_type_id": visit._get_warehouse().int_type_id.id,
            "location_id": stock.id,
            "location_dest_id": self.location_id.id,
            "company_id": self.company_id.id,
            "origin": visit.name,
            "scheduled_date": visit.date_start or fields.Datetime.now(),
            "move_ids": [Command.clear()],
        }

    def _prepare_supply_move_vals(self, quantity, picking):
        return {
            "picking_id": picking.id,
            "product_id": self.product_id.id,
            "product_uom": self.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "company_id": self.company_id.id,
            "origin": picking.origin,
            "after_sales_supply_part_id": self.id,
        }

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

READERS = "sales_team.group_sale_salesman,after_sales_warranty.group_after_sales_technician"


class SaleOrderLine(models.Model):
    """Which units a sold extension is for, and how many of them got it."""

    _inherit = "sale.order.line"

    after_sales_extension_term_id = fields.Many2one(related="product_id.after_sales_extension_term_id")
    after_sales_commercial_partner_id = fields.Many2one(
        related="order_id.partner_id.commercial_partner_id", string="Customer of the Units"
    )
    after_sales_unit_ids = fields.Many2many(
        "after.sales.unit",
        "after_sales_sale_line_unit_rel",
        "line_id",
        "unit_id",
        string="Extends",
        copy=False,
        groups=READERS,
        domain="[('commercial_partner_id', '=', after_sales_commercial_partner_id),"
        " ('company_id', '=', company_id), ('state', '!=', 'ended')]",
        help="Units of the customer whose warranty is extended. Empty: the units delivered with this order.",
    )
    after_sales_warranty_ids = fields.One2many(
        "after.sales.warranty", "sale_line_id", "Extensions Given", groups=READERS
    )

    after_sales_extended_unit_ids = fields.Many2many(
        "after.sales.unit",
        string="Extended",
        compute="_compute_after_sales_extended_unit_ids",
        groups=READERS,
        help="Units whose warranty this line has extended, chosen or found among those delivered with the order.",
    )

    @api.depends("after_sales_warranty_ids.withdrawn_on", "after_sales_warranty_ids.unit_id.replaced_by_id")
    def _compute_after_sales_extended_unit_ids(self):
        for line in self:
            line.after_sales_extended_unit_ids = line._get_standing_extensions().unit_id

    @api.depends("after_sales_unit_ids")
    def _compute_product_uom_qty(self):
        res = super()._compute_product_uom_qty()
        # A shop's visitor may not read units; the quantity follows them all the same.
        for line_sudo in self.sudo():
            if line_sudo.after_sales_unit_ids and line_sudo.state in ("draft", "sent"):
                line_sudo.product_uom_qty = sum(line_sudo.after_sales_unit_ids.mapped("quantity"))
        return res

    @api.constrains("after_sales_unit_ids")
    def _check_after_sales_units(self):
        # The rule holds for whoever writes the line.
        for line_sudo in self.sudo():
            owner = line_sudo.order_id.partner_id.commercial_partner_id
            for unit in line_sudo.after_sales_unit_ids:
                if unit.commercial_partner_id != owner or unit.company_id != line_sudo.company_id:
                    raise ValidationError(
                        self.env._(
                            "%(unit)s does not belong to %(customer)s: extend a unit of the customer or "
                            "record its new owner first.",
                            unit=unit.display_name,
                            customer=owner.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        sold = lines.filtered(lambda line: line.state == "sale" and line.after_sales_extension_term_id)
        sold.order_id._settle_after_sales_extensions()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"product_uom_qty", "product_uom_id", "after_sales_unit_ids"}:
            sold = self.filtered(lambda line: line.state == "sale" and line.after_sales_extension_term_id)
            sold.order_id._settle_after_sales_extensions()
        return res

    def _get_after_sales_invoice_dates(self):
        """Date of the first posted invoice of each line that has one."""
        dates = {}
        for line in self:
            posted = line.invoice_lines.filtered(
                lambda aml: (
                    aml.parent_state == "posted"
                    and aml.move_type == "out_invoice"
                    and aml.move_id.invoice_date
                )
            )
            if posted:
                dates[line.id] = min(posted.move_id.mapped("invoice_date"))
        return dates

    # === WHAT WAS SOLD AND WHAT WAS GIVEN === #

    @api.model
    def _get_extensions_of(self, units):
        """Confirmed extension lines that are or may be for these units."""
        return self.search(
            Domain("product_id.after_sales_extension_term_id", "!=", False)
            & Domain("state", "=", "sale")
            & (
                Domain("after_sales_unit_ids", "in", units.ids)
                | Domain("order_id", "in", units.sale_order_id.ids)
            )
        )

    def _get_extension_quantity(self):
        """Pieces whose extension stands: what is ordered less what was credited and not invoiced again."""
        self.ensure_one()
        if self.state != "sale":
            return 0.0
        uom, credited, invoiced = self.product_id.uom_id, 0.0, 0.0
        for line in self.invoice_lines:
            quantity = line.product_uom_id._compute_quantity(line.quantity, uom)
            if line.move_id.move_type == "out_refund" and line.parent_state == "posted":
                credited += quantity
            elif line.move_id.move_type == "out_invoice" and line.parent_state != "cancel":
                invoiced += quantity
        ordered = self.product_uom_id._compute_quantity(self.product_uom_qty, uom)
        again = max(0.0, invoiced - ordered)
        return max(0.0, ordered - max(0.0, credited - again))

    def _get_standing_extensions(self):
        """Warranties this line has given, in the order they were given; a replaced unit counts once."""
        self.ensure_one()
        return self.after_sales_warranty_ids.filtered(
            lambda w: not w.withdrawn_on and not w.unit_id.replaced_by_id
        ).sorted("id")

    def _get_returned_extensions(self):
        """Warranties of this line that ended because their unit came back for good."""
        self.ensure_one()
        return self.after_sales_warranty_ids.filtered(
            lambda w: (
                w.withdrawn_on
                and w.unit_id.state == "ended"
                and w.unit_id.custody == "returned"
                and not w.unit_id.replaced_by_id
            )
        )

    def _settle_after_sales_extension(self, reason):
        """Give or take back so that what stands is what is sold; safe to repeat.

        :return: sentences on what a person has to decide
        """
        self.ensure_one()
        wanted, uom = self._get_extension_quantity(), self.product_id.uom_id
        standing, problems = self._get_standing_extensions(), []
        surplus = standing.browse()
        if self.after_sales_unit_ids:
            surplus = standing.filtered(lambda w: w.unit_id._get_first() not in self.after_sales_unit_ids)
        count = sum((standing - surplus).unit_id.mapped("quantity"))
        for warranty in (standing - surplus).sorted("id", reverse=True):
            if uom.compare(count, wanted) <= 0:
                break
            surplus |= warranty
            count -= warranty.unit_id.quantity
        for warranty in surplus._withdraw(reason, self):
            count += warranty.unit_id.quantity
            problems.append(
                self.env._(
                    "%(warranty)s of %(unit)s has started and was not taken back.",
                    warranty=warranty.number,
                    unit=warranty.unit_id.display_name,
                )
            )
        taken = (standing - surplus).unit_id
        wanted -= count
        for warranty in self._get_returned_extensions():
            if uom.compare(wanted, 0.0) <= 0:
                break
            wanted -= warranty.unit_id.quantity
            problems.append(
                self.env._(
                    "%(unit)s came back and its extension %(warranty)s ended: credit it.",
                    unit=warranty.unit_id.display_name,
                    warranty=warranty.number,
                )
            )
        return problems + self._extend_units(taken._get_first() | taken, wanted)

    def _extend_units(self, taken, wanted):
        """Extend units that have not got it yet, up to the pieces wanted; say what is left over."""
        uom, today = self.product_id.uom_id, fields.Date.context_today(self)
        units, starts = self.env["after.sales.unit"], {}
        for unit in self._get_units_to_extend() - taken:
            if uom.compare(wanted, unit.quantity) < 0:
                continue
            wanted -= unit.quantity
            if unit._waits_for_cover():
                continue
            units |= unit
            starts[unit] = unit._get_next_cover_start(today)
        if units:
            reason = self.env._("Sold with order %s.", self.order_id.name)
            term = self.after_sales_extension_term_id
            self.env["after.sales.warranty"]._grant(
                [(unit, term) for unit in units], starts=starts, reason=reason, sale_line_id=self.id
            )
        if uom.compare(wanted, 0.0) <= 0 or (not self.after_sales_unit_ids and self._awaits_delivery()):
            return []
        return [self._explain_left_over(wanted)]

    def _explain_left_over(self, count):
        """Why so many sold extensions have no unit, and what to do about it."""
        self.ensure_one()
        words = {"product": self.product_id.display_name, "count": count}
        term = self.after_sales_extension_term_id
        others = self.order_id.after_sales_unit_ids.filtered(
            lambda u: u.state != "ended" and not u.parent_id and not term._extends_product(u)
        )
        if others and not self.after_sales_unit_ids:
            return self.env._(
                "%(product)s: %(count)g sold and not given, because the term %(term)s is not for %(others)s. Add the "
                "product to the term, or choose the units in the line.",
                term=term.name,
                others=", ".join(others.product_id.mapped("display_name")),
                **words,
            )
        return self.env._(
            "%(product)s: %(count)g sold for which no unit was found. Choose the units in the line.", **words
        )

    def _get_units_to_extend(self):
        """The units chosen, else those of the same order that the term is for and no other line extended."""
        self.ensure_one()
        if self.after_sales_unit_ids:
            return self.after_sales_unit_ids.filtered(lambda u: u.state != "ended").sorted("id")
        term = self.after_sales_extension_term_id
        others = (self.order_id.order_line - self).filtered(
            lambda line: line.after_sales_extension_term_id == term
        )
        extended = others.after_sales_warranty_ids.filtered(lambda w: not w.withdrawn_on).unit_id
        return (
            (self.order_id.after_sales_unit_ids - extended - others.after_sales_unit_ids)
            .filtered(lambda u: u.state != "ended" and not u.parent_id and term._extends_product(u))
            .sorted("id")
        )

    def _awaits_delivery(self):
        """Whether goods of the order are still to be delivered."""
        moves = self.order_id.order_line.move_ids
        return any(
            move.state not in ("done", "cancel") and move.location_dest_id.usage == "customer"
            for move in moves
        )

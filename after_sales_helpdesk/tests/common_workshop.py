from odoo.fields import Command

from .common_field import FieldCommon


class WorkshopCommon(FieldCommon):
    """A sold machine that comes back, and the policies under which it does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.company.after_sales_goods_location_id
        cls.env["mail.template"].search([("model", "=", "after.sales.return")]).active = False
        Policy = cls.env["after.sales.return.policy"]
        cls.repair_policy = Policy.create({"name": "Repair here", "outcome": "repair"})
        cls.quick_policy = Policy.create({"name": "Quick", "outcome": "repair", "inspect": False})

    @classmethod
    def _sold_units(cls, *serials):
        lots = [cls._create_lot(cls.machine, serial) for serial in serials]
        order = cls._sell((cls.machine, len(lots)))
        return order, cls._ship(order, {cls.machine: lots}).sorted("serial")

    @classmethod
    def _create_return(cls, *lines, user=None, **values):
        lines = [
            {"unit_id": line.id} if getattr(line, "_name", "") == "after.sales.unit" else line
            for line in lines
        ]
        return (
            cls.env["after.sales.return"]
            .with_user(user or cls.agent)
            .create(
                {
                    "partner_id": cls.consumer.id,
                    "policy_id": cls.repair_policy.id,
                    "line_ids": [Command.create({"note": "Broken", **line}) for line in lines],
                    **values,
                }
            )
        )

    @classmethod
    def _receive(cls, record, *arrivals):
        """Receive by the wizard: all that is open, or (quantity, serial) for each open line."""
        wizard = record.env["after.sales.return.receive"].create({"return_id": record.id})
        for row, (quantity, serial) in zip(wizard.line_ids, arrivals, strict=bool(arrivals)):
            row.write({"quantity": quantity, "serial": serial})
        wizard.action_receive()

    @classmethod
    def _accept(cls, lines, condition="intact"):
        lines.write({"condition": condition})
        lines.action_accept()

    def _returned(self, unit, condition="damaged", **values):
        record = self._create_return(unit, **values)
        record.action_authorise()
        self._receive(record)
        line = record.line_ids
        line.condition = condition
        line.action_accept()
        return line

    def _authorised_claim(self, unit):
        claim = self.env["after.sales.claim"].create({"unit_id": unit.id})
        claim.action_check()
        claim.action_authorise()
        return claim

    @classmethod
    def _repair(cls, line):
        repair = line.sudo().repair_ids.filtered(lambda r: r.state != "cancel")
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        return repair

    @classmethod
    def _hand_out(cls, lines, **values):
        action = lines.action_hand_out()
        act = lines.env["after.sales.handout"].browse(action["res_id"])
        act.write(values)
        act.action_done()
        return act

    def _assert_not_ours(self, product, value, quantity):
        self.env.invalidate_all()
        self.assertEqual((product.total_value, product.qty_available), (value, quantity))

    def _get_quants(self, location, product):
        return self.env["stock.quant"].search(
            [
                ("location_id", "=", location.id),
                ("product_id", "=", product.id),
                ("quantity", "!=", 0),
            ]
        )

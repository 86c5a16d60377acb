from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AfterSalesIntervention(models.Model):
    """Parts by barcode: of a serial number or lot, a product, a package of it."""

    _inherit = "after.sales.intervention"

    def scan_part(self, code):
        """Add the part whose barcode was scanned to this visit, or one more of it.

        :param str code: serial number or lot, barcode of a product or of its packaging, internal reference
        :return: what was added, in words
        :raise UserError: when nothing or several things have this code, or it is on the list already
        """
        self.ensure_one()
        self.check_access("write")
        self._ensure_open()
        code = (code or "").strip()
        product, lot, uom = self._find_scanned(code)
        if product.tracking != "none" and not lot:
            lot = self._get_only_lot(product)
        part = self.part_ids.filtered(
            lambda line: (
                (line.product_id, line.lot_id, line.uom_id) == (product, lot, uom) and not line.is_consumed
            )
        )[:1]
        if part and product.tracking == "serial":
            raise UserError(self.env._("%s is on the list already.", lot.name))
        if part:
            part.quantity += 1
        else:
            part = part.create(
                {
                    "intervention_id": self.id,
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "uom_id": uom.id,
                    "quantity": 1.0,
                }
            )
        return part.display_name

    def _find_scanned(self, code):
        """The product, its serial number or lot and its unit of measure that a code stands for."""
        Product = self.env["product.product"]
        goods = Domain("type", "=", "consu") & Domain("company_id", "in", [False, self.company_id.id])
        lots = self._narrow_lots(
            self.env["stock.lot"].search(
                Domain("name", "=", code) & Domain("company_id", "in", [False, self.company_id.id])
            )
        )
        if code and len(lots) == 1:
            return lots.product_id, lots, lots.product_id.uom_id
        package = self.env["product.uom"].search([("barcode", "=", code)], limit=1)
        if code and package.product_id.filtered_domain(goods):
            return package.product_id, lots.browse(), package.uom_id
        for name in ("barcode", "default_code"):
            products = Product.search(goods & Domain(name, "=", code), limit=2) if code else Product
            if len(products) == 1:
                return products, lots.browse(), products.uom_id
            if products:
                raise UserError(self.env._("%s stands for several parts: choose by hand.", code))
        if lots:
            raise UserError(self.env._("%s stands for several parts: choose by hand.", code))
        raise UserError(self.env._("No part has the code %s.", code or "-"))

    def _narrow_lots(self, lots):
        """Of lots with the same name those that lie where the parts of this visit come from."""
        if len(lots) < 2:
            return lots
        return self._get_quants(Domain("lot_id", "in", lots.ids)).lot_id.sudo(False) or lots

    def _get_only_lot(self, product):
        lots = self._get_quants(Domain("product_id", "=", product.id)).lot_id.sudo(False)
        lots -= self.part_ids.lot_id
        if len(lots) != 1:
            raise UserError(self.env._("Scan the serial number of %s.", product.display_name))
        return lots

    def _get_quants(self, domain):
        # sudo: what lies in his own van is no secret of the stock users
        place = Domain("location_id", "=", self._get_part_location().id) & Domain("quantity", ">", 0)
        return self.env["stock.quant"].sudo().search(domain & place)

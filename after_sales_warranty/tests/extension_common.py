from odoo.fields import Command

from .common import AfterSalesCommon


class ExtensionCommon(AfterSalesCommon):
    """A machine with two years of cover and a service that sells one year more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._create_term()
        cls.one_year = cls._create_term(
            "One more year",
            kind="extension",
            duration=12,
            applies_to="selected",
            product_tmpl_ids=[Command.link(cls.machine.product_tmpl_id.id)],
        )
        cls.service = cls._create_extension("Extension 12", cls.one_year)
        cls.lots = cls.env["stock.lot"].concat(*[cls._create_lot(cls.machine, f"EX{i}") for i in range(3)])

    @classmethod
    def _create_extension(cls, name, term, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
                "invoice_policy": "order",
                "after_sales_extension_term_id": term.id,
                **values,
            }
        )

    @classmethod
    def _get_extensions(cls, units):
        return units.warranty_ids.filtered(lambda w: w.kind == "extension").sorted("id")

    @classmethod
    def _get_alert(cls, order):
        return order.activity_ids.filtered(
            lambda a: a.activity_type_id == cls.env.ref("after_sales_warranty.mail_activity_type_extension")
        )

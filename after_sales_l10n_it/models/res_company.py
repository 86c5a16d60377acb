from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    after_sales_ddt_sequence_id = fields.Many2one(
        "ir.sequence",
        "Numbers of Pick-Up Documents",
        check_company=True,
        help="The series of the transport documents of goods that we fetch at customers. Odoo numbers only what leaves.",
    )

    after_sales_invoice_days = fields.Integer(
        "Days to Invoice Work",
        default=12,
        required=True,
        help="Within so many days after the work the law wants its immediate invoice.",
    )

    _after_sales_invoice_days_positive = models.Constraint(
        "CHECK (after_sales_invoice_days > 0)", "The days to invoice work must be more than zero."
    )

    def _get_ddt_sequence(self):
        """The series of pick-ups, made when the first one needs a number; as superuser: technicians fetch goods."""
        self.ensure_one()
        company_sudo = self.sudo()
        if not company_sudo.after_sales_ddt_sequence_id:
            company_sudo.after_sales_ddt_sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Pick-up documents of %s", self.name),
                        "prefix": "CUST/IN/DDT",
                        "padding": 5,
                        "company_id": self.id,
                        "implementation": "no_gap",
                    }
                )
            )
        return company_sudo.after_sales_ddt_sequence_id

    def _drop_unused_ddt_sequences(self):
        unused = self.after_sales_ddt_sequence_id.filtered(lambda sequence: sequence.number_next == 1)
        self.filtered(lambda company: company.after_sales_ddt_sequence_id in unused).write(
            {"after_sales_ddt_sequence_id": False}
        )
        unused.unlink()

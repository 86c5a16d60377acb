from odoo import api, fields, models


class AfterSalesGuidance(models.Model):
    """What an operator should know or say, shown beside the calls that it fits (HD-41, HD-42).

    Each empty criterion fits every call; filled ones must all fit.
    """

    _name = "after.sales.guidance"
    _description = "Guidance for Operators"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("instruction", "Product Instructions"),
            ("question", "Questions to Ask"),
            ("objection", "Objections and Conflict"),
        ],
        required=True,
        default="instruction",
    )
    body = fields.Html(translate=True, required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    company_id = fields.Many2one("res.company", index=True)
    product_tmpl_ids = fields.Many2many("product.template", string="Products", check_company=True)
    categ_ids = fields.Many2many("product.category", string="Product Categories")
    service_ids = fields.Many2many("after.sales.service", string="Services", check_company=True)
    fault_ids = fields.Many2many(
        "after.sales.fault",
        string="Symptoms",
        domain="[('kind', '=', 'symptom')]",
        help="With all below them.",
    )

    @api.model
    def _get_for(self, ticket):
        """What helps with the call, in order."""
        return self.search([("company_id", "in", [False, ticket.company_id.id])]).filtered(
            lambda row: row._fits(ticket)
        )

    def _fits(self, ticket):
        self.ensure_one()
        product = ticket.product_id
        return (
            (not self.product_tmpl_ids or product.product_tmpl_id in self.product_tmpl_ids)
            and (not self.categ_ids or self._is_below(product.categ_id, self.categ_ids))
            and (not self.service_ids or ticket.service_id in self.service_ids)
            and (not self.fault_ids or self._is_below(ticket.fault_id, self.fault_ids))
        )

    @api.model
    def _is_below(self, node, roots):
        """Whether the node of a tree is one of the roots or lies below one."""
        while node:
            if node in roots:
                return True
            node = node.parent_id
        return False

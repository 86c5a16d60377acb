from odoo import models
from odoo.fields import Command


class AfterSalesSupplierClaim(models.Model):
    """What proves a claim: the reports and photos of the visits, the serial number, the receipt of the goods."""

    _inherit = "after.sales.supplier.claim"

    def action_collect_evidence(self):
        """Attach the reports and photos of the work; what somebody added himself stays."""
        self.check_access("write")
        self._ensure_state("draft", "sent")
        self._collect_evidence()

    def _collect_evidence(self):
        for claim in self:
            known = set(claim.evidence_ids.mapped("name"))
            vals_list = [
                {**vals, "res_model": self._name, "res_id": claim.id}
                for vals in claim._prepare_evidence_vals_list(known)
            ]
            claim.evidence_ids = [
                Command.link(file.id) for file in self.env["ir.attachment"].create(vals_list)
            ]

    def _prepare_evidence_vals_list(self, known):
        """Reports and photos that are not in ``known`` (file names) yet."""
        # who claims need not see the visits of technicians; what leaves here was made as evidence
        charges_sudo = self.sudo().line_ids.charge_id
        vals_list = []
        for visit_sudo in charges_sudo.intervention_id.filtered(lambda visit: visit.state == "done"):
            name = f"{visit_sudo.name.replace('/', '_')}.pdf"
            if name not in known:
                vals_list.append(
                    {"name": name, "raw": self._print_report(visit_sudo), "mimetype": "application/pdf"}
                )
            for number, photo in enumerate(visit_sudo.photo_ids, start=1):
                name = f"{visit_sudo.name.replace('/', '_')} {number}.jpg"
                if name not in known:
                    vals_list.append({"name": name, "datas": photo.image, "description": photo.name})
        for goods_sudo in self.sudo()._get_goods():
            for file in goods_sudo.photo_ids:
                name = f"{goods_sudo.return_id.name.replace('/', '_')} {file.name}"
                if name not in known:
                    vals_list.append({"name": name, "raw": file.raw, "mimetype": file.mimetype})
        return vals_list

    def _print_report(self, visit_sudo):
        content, __ = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf("after_sales_helpdesk.action_report_intervention", visit_sudo.ids)
        )
        return content

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.with_context(lang=self.partner_id.lang).env._("Claim %s", self.name.replace("/", "_"))

    def _get_statement(self):
        """The lines of the claim for its report, unit by unit: [(unit, receipt, lines)].

        In the environment of the claim, so in its language. sudo: see _prepare_evidence_vals_list.
        """
        self.ensure_one()
        lines_sudo = self.sudo().line_ids.sorted(lambda line: (line.unit_id.id, line.fault_date, line.id))
        return [
            (unit, self._get_receipt(unit), lines) for unit, lines in lines_sudo.grouped("unit_id").items()
        ]

    def _get_receipt(self, unit_sudo):
        """By which delivery of the supplier the unit came to us: its transfer and day, and our purchase reference."""
        moves = self.env["stock.move.line"].sudo()
        received = unit_sudo.lot_id and moves.search(
            [
                ("lot_id", "=", unit_sudo.lot_id.id),
                ("state", "=", "done"),
                ("location_id.usage", "=", "supplier"),
                ("company_id", "=", self.company_id.id),
            ],
            order="date desc, id desc",
            limit=1,
        )
        if not received:
            return False
        picking = received.picking_id
        day = self.company_id._get_after_sales_day(received.date)
        return {
            "name": picking.name or received.reference,
            "origin": received.move_id.origin or picking.origin,
            "date": day,
        }

    def action_print(self):
        return self.env.ref("after_sales_billing.action_report_supplier_claim").report_action(self)

from base64 import b64encode

from odoo import api, models
from odoo.tools import format_date

from ..tools.qr import qr_png

#: No letters or digits that a person confuses on paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class AfterSalesWarrantyCard(models.AbstractModel):
    """The card on paper and what a stranger may learn from its check code."""

    _name = "after.sales.warranty.card"
    _description = "Warranty Card"

    @api.model
    def _get_by_code(self, code):
        """The warranty of a check code as a person types it; empty when there is none."""
        letters = "".join(c for c in (code or "").upper() if c in ALPHABET)
        if len(letters) != 16:
            return self.browse()
        code = "-".join(letters[i : i + 4] for i in range(0, 16, 4))
        return self.search([("access_code", "=", code)], limit=1)

    def _get_title(self):
        """What the warranty is called in a sentence: its name and number."""
        self.ensure_one()
        return f"{self.name or ''} {self.number}".strip()

    def _get_waiting_text(self):
        """Why the warranty covers nothing yet, in the language of the environment."""
        self.ensure_one()
        if self.date_start:
            return self.env._(
                "%(warranty)s starts on %(date)s.",
                warranty=self._get_title(),
                date=format_date(self.env, self.date_start),
            )
        bases = dict(self._fields["start_basis"]._description_selection(self.env))
        return self.env._(
            "%(warranty)s has not started. It waits for this date: %(basis)s.",
            warranty=self._get_title(),
            basis=bases[self.start_basis],
        )

    def _get_check_url(self):
        self.ensure_one()
        return f"{self.get_base_url()}/after-sales/warranty/{self.access_code}"

    def _get_check_qr(self):
        """The QR code of the check page as a data address, so that printing needs no network."""
        self.ensure_one()
        return f"data:image/png;base64,{b64encode(qr_png(self._get_check_url())).decode()}"

    def _get_class_lines(self):
        """What the warranty pays, for the card: name, percent and last day of each cost class."""
        self.ensure_one()
        names = [
            ("part", self.env._("Parts")),
            ("labour", self.env._("Labour")),
            ("travel", self.env._("Travel")),
        ]
        lines = [
            {
                "name": name,
                "percent": self[f"{cost_class}_share"],
                "end": self._get_class_term(cost_class).end,
            }
            for cost_class, name in names
        ]
        until = self.unit_id.digital_until
        if self.kind == "legal" and not self.ended_by and self.date_end and until and until > self.date_end:
            lines.append({"name": self.env._("Digital elements"), "percent": self.part_share, "end": until})
        return lines

    def _get_public_answer(self):
        """What the holder of the code may know: nothing about the owner."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        # Whoever asks has no time zone of his own: the last day lasts as long as it does where the card was given.
        state = self._get_state(self.company_id._get_after_sales_day())
        return {
            "number": self.number,
            "name": self.name,
            "state": state,
            "state_name": states[state],
            "product": self.unit_id.product_id.name,
            "serial": self.unit_id.serial,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "company": self.company_id.name,
        }

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Warranty card %s", self.number)

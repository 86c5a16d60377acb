from odoo import api, fields, models
from odoo.fields import Domain


class AfterSalesBillingRun(models.Model):
    """The scheduled job comes back every day to what is held up: that is one problem, however often it is tried (BI-22)."""

    _inherit = "after.sales.billing.run"

    is_scheduled = fields.Boolean(
        "Scheduled", readonly=True, copy=False, help="Opened by the scheduled job, not by a person."
    )

    def _finish(self):
        for run in self.filtered(lambda run: run.is_scheduled and run.state == "running"):
            run._get_known_problems().unlink()
        return super()._finish()

    def _get_known_problems(self):
        """The lines of charges that an earlier run held up and nobody has put right since."""
        self.ensure_one()
        lines = self.env["after.sales.billing.run.line"].search(
            [("run_id", "=", self.id), ("state", "=", "problem")]
        )
        earlier = Domain("charge_id", "in", lines.charge_id.ids) & Domain("run_id.state", "=", "done")
        rows = lines._read_group(
            earlier & Domain("run_id", "!=", self.id) & Domain("state", "!=", "skipped"),
            ["charge_id"],
            ["id:max"],
        )
        last = {charge: lines.browse(line_id) for charge, line_id in rows}

        def is_known(line):
            before = last.get(line.charge_id)
            # what waited for its check and fails now is another problem
            return (
                before
                and before.state == "problem"
                and before.reason == line.reason
                and (not before.group_number) == (not line.group_number)
            )

        return lines.filtered(is_known)

    @api.model
    def _drop_idle_runs(self):
        """Scheduled runs that found nothing but what was known: they are evidence of nothing."""
        told = Domain("line_ids.state", "in", ("billed", "freed", "problem"))
        idle = (
            Domain("is_scheduled", "=", True) & Domain("state", "=", "done") & Domain("move_ids", "=", False)
        )
        self.search(idle & ~told).unlink()

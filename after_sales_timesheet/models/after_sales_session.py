from odoo import fields, models


class AfterSalesSession(models.Model):
    _inherit = "after.sales.session"

    timesheet_ids = fields.One2many(
        "account.analytic.line",
        "after_sales_session_id",
        groups="hr_timesheet.group_hr_timesheet_user",
    )

    def _post_timesheets(self):
        """Enter the sessions of employees into their timesheets, each once, where the company has a project for it.

        The caller has checked that the visits may be finished. Returns the new timesheets.
        """
        # sudo: a technician has no timesheet rights, and an agent enters nobody else's
        sessions_sudo = self.sudo().filtered(
            lambda session: (
                session.hours
                and not session.timesheet_ids
                and session._get_timesheet_employee()
                and session.company_id.after_sales_project_id.allow_timesheets
            )
        )
        return (
            self.env["account.analytic.line"]
            .sudo()
            .create([session._prepare_timesheet_vals() for session in sessions_sudo])
        )

    def _get_timesheet_employee(self):
        """Who worked, when he is an employee of the company that can have timesheets."""
        self.ensure_one()
        return self.technician_id.employee_id.filtered(
            lambda employee: employee.active and employee.company_id == self.company_id
        )[:1]

    def _prepare_timesheet_vals(self):
        self.ensure_one()
        visit = self.intervention_id
        zone = self.with_context(tz=self.technician_id.tz)
        account = visit.contract_id.analytic_account_id
        kind = dict(self._fields["kind"]._description_selection(self.env))[self.kind]
        return {
            "name": " · ".join(filter(None, [visit.name, kind, self.note])),
            "date": fields.Datetime.context_timestamp(zone, self.date_start).date(),
            "project_id": self.company_id.after_sales_project_id.id,
            "employee_id": self._get_timesheet_employee().id,
            "unit_amount": self.hours,
            "company_id": self.company_id.id,
            "after_sales_session_id": self.id,
            # The contract bears the cost of its visits; else the project does.
            **({account.plan_id._column_name(): account.id} if account else {}),
        }

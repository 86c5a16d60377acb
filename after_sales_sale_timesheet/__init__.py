from . import models


def post_init_hook(env):
    """Timesheets that visits entered before this addon came leave the order, unless it has invoiced them."""
    env["account.analytic.line"].search(
        [
            ("after_sales_session_id", "!=", False),
            ("so_line", "!=", False),
            ("timesheet_invoice_id", "=", False),
        ]
    ).so_line = False

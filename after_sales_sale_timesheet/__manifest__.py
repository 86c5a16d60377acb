{
    "name": "After-Sales Billable Timesheets",
    "summary": "Timesheets that interventions entered are billed by their charges, never by the sales order too",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "author": "After-Sales Suite",
    "website": "https://github.com/after-sales-suite/after-sales",
    "license": "LGPL-3",
    "depends": ["after_sales_timesheet", "sale_timesheet"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}

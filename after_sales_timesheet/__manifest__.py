{
    "name": "After-Sales Timesheets",
    "summary": "Sessions of interventions are the technicians' timesheets, entered once",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "author": "After-Sales Suite",
    "website": "https://github.com/after-sales-suite/after-sales",
    "license": "LGPL-3",
    "depends": ["after_sales_helpdesk", "hr_timesheet"],
    "data": ["views/res_config_settings_views.xml"],
    "auto_install": True,
}

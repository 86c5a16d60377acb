{
    "name": "After-Sales Job Queue",
    "summary": "Large billing runs are cut into jobs, shared by any number of workers",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "author": "After-Sales Suite",
    "website": "https://github.com/after-sales-suite/after-sales",
    "license": "LGPL-3",
    "depends": ["after_sales_billing", "queue_job"],
    "data": ["data/queue_job_data.xml"],
    "auto_install": True,
}

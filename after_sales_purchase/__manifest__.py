{
    "name": "After-Sales Purchase",
    "summary": "Subcontracted interventions make purchase orders, received by report and billed to the cost of the visit",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "author": "After-Sales Suite",
    "website": "https://github.com/after-sales-suite/after-sales",
    "license": "LGPL-3",
    "depends": ["after_sales_billing", "purchase_stock"],
    "data": [
        "security/ir.model.access.csv",
        "views/after_sales_subcontract_views.xml",
        "views/after_sales_intervention_views.xml",
        "views/purchase_order_views.xml",
    ],
    "auto_install": True,
}

"""Groups that fields and checks name."""

AGENT = "after_sales_warranty.group_after_sales_agent"
MANAGER = "after_sales_warranty.group_after_sales_manager"
OFFICE = f"{AGENT},account.group_account_invoice"
"""Who may see what work is worth and what it cost; technicians know only what customers pay."""

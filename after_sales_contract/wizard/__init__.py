from . import after_sales_contract_add_units

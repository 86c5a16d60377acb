from . import after_sales_contract_add_units
from . import after_sales_contract_change
from . import after_sales_contract_make
from . import after_sales_contract_make_line

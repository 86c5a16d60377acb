from . import after_sales_contract_add_units
from . import after_sales_contract_change
from . import after_sales_contract_make
from . import after_sales_contract_make_line
from . import after_sales_contract_change_prices
from . import after_sales_contract_change_prices_row
from . import after_sales_contract_edit_plan
from . import after_sales_contract_edit_plan_row

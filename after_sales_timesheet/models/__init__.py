from . import account_analytic_line
from . import res_company
from . import res_config_settings
from . import after_sales_session
from . import after_sales_intervention
from . import after_sales_charge

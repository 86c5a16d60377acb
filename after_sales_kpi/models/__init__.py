from . import after_sales_kpi
from . import after_sales_kpi_refresh
from . import after_sales_kpi_value
from . import after_sales_backlog

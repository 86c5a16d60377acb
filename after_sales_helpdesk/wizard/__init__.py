# A: calls
from . import after_sales_ticket_coverage_override

# B: interventions
from . import after_sales_charge_override
from . import after_sales_intervention_sign
from . import stock_return_picking

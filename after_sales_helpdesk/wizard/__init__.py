# A: calls
from . import after_sales_ticket_coverage_override
from . import after_sales_ticket_cancel
from . import after_sales_ticket_merge
from . import after_sales_ticket_log_time
from . import after_sales_ticket_service_level_change
from . import after_sales_technician_suggestion
from . import after_sales_technician_suggestion_line

# B: interventions
from . import after_sales_charge_override
from . import after_sales_intervention_sign
from . import after_sales_intervention_spares
from . import stock_return_picking

# C: returns and workshop
from . import after_sales_return_receive
from . import after_sales_return_receive_line
from . import after_sales_loan_back

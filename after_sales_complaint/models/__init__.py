from . import (
    after_sales_complaint_deadline_mixin,
    after_sales_complaint_execution_mixin,
    after_sales_complaint_origin_mixin,
    after_sales_complaint_source_mixin,
)
from . import after_sales_complaint
from . import after_sales_complaint_assessment
from . import after_sales_complaint_mail
from . import after_sales_complaint_flow
from . import after_sales_complaint_closing
from . import after_sales_complaint_appeal
from . import after_sales_complaint_portal
from . import after_sales_complaint_action
from . import after_sales_complaint_cause
from . import after_sales_complaint_decision
from . import after_sales_complaint_decision_mandate
from . import after_sales_complaint_limit
from . import after_sales_complaint_measure
from . import after_sales_complaint_remedy
from . import after_sales_complaint_route
from . import after_sales_complaint_step
from . import after_sales_complaint_team
from . import after_sales_complaint_term
from . import account_move
from . import after_sales_contract
from . import after_sales_intervention
from . import after_sales_ticket
from . import after_sales_unit
from . import res_partner
from . import sale_order
from . import sale_order_line
from . import stock_picking

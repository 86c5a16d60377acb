from . import account_move_reversal
from . import after_sales_complaint_postpone
from . import after_sales_complaint_reason

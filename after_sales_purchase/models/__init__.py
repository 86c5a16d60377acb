from . import (
    account_move_line,
    after_sales_intervention,
    after_sales_subcontract,
    after_sales_subcontract_purchase,
    purchase_order,
    purchase_order_line,
)

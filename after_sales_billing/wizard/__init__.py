from . import (
    account_move_reversal,
    after_sales_charge_add,
    after_sales_supplier_claim_answer,
    after_sales_supplier_claim_make,
    after_sales_supplier_claim_make_line,
)

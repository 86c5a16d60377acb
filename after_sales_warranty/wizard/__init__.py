from . import base_import
from . import after_sales_warranty_grant
from . import after_sales_unit_transfer
from . import after_sales_unit_withdraw
from . import after_sales_unit_exchange
from . import after_sales_unit_lookup
from . import after_sales_claim_reopen
from . import after_sales_waiver_declare

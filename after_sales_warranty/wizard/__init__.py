from . import base_import
from . import after_sales_warranty_grant
from . import after_sales_waiver_declare

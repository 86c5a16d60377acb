from . import test_ddt, test_invoice_days

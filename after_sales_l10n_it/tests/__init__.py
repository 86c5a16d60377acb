from . import test_ddt, test_ddt_invoice, test_invoice_days

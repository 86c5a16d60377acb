from . import test_purchase, test_purchase_bill

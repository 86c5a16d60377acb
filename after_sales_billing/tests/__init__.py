from . import test_contract_credit
from . import test_documents
from . import test_expense_trip
from . import test_golden
from . import test_run
from . import test_statements
from . import test_tools
from . import test_tour

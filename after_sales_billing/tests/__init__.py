from . import test_documents
from . import test_expense_trip
from . import test_golden
from . import test_grouping_speed
from . import test_run
from . import test_statements
from . import test_tools

from . import test_tools
from . import test_ticket_fact
from . import test_money_facts
from . import test_other_facts
from . import test_kpi
from . import test_access
from . import test_views
from . import test_dashboard

# A: calls
from . import test_clock_tool
from . import test_ticket_access
from . import test_ticket_clock
from . import test_ticket_coverage
from . import test_ticket_flow
from . import test_ticket_intake
from . import test_ticket_mail
from . import test_ticket_portal
from . import test_tour
from . import test_call_form
from . import test_desk_tools
from . import test_service_level
from . import test_team
from . import test_ticket_after
from . import test_ticket_desk
from . import test_ticket_gateway
from . import test_ticket_speed

# B: interventions
from . import test_amounts
from . import test_charge
from . import test_charge_golden
from . import test_charge_property
from . import test_requests
from . import test_intervention_flow
from . import test_intervention_report
from . import test_return

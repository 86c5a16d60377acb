# A: calls
from . import test_clock_tool
from . import test_ticket_access
from . import test_ticket_clock
from . import test_ticket_coverage
from . import test_ticket_flow
from . import test_ticket_intake
from . import test_ticket_mail
from . import test_ticket_portal
from . import test_timeline
from . import test_tour

# B: interventions
from . import test_amounts
from . import test_charge
from . import test_charge_golden
from . import test_charge_property
from . import test_requests
from . import test_intervention_flow
from . import test_intervention_report
from . import test_intervention_supply
from . import test_return
from . import test_workshop
from . import test_workshop_outcome
from . import test_loan
from . import test_contract_visit
from . import test_service_kinds
from . import test_ticket_agreement
from . import test_subcontract
from . import test_return_speed
from . import test_workshop_portal

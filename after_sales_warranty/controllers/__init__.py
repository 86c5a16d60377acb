from . import policy, portal, public
from . import portal_extension
from . import registration, unit_service
from . import campaign
from . import cards, policy, portal, public

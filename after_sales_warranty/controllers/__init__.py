from . import policy, portal, public
from . import portal, portal_extension, public
from . import portal, public, registration, unit_service
from . import campaign, portal, public

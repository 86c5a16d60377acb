from . import policy, portal, public
from . import portal, portal_extension, public

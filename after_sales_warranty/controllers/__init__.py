from . import portal, portal_extension, public

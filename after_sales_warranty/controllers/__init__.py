from . import campaign, portal, public

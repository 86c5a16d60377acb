from . import campaign, policy, portal, portal_extension, public, registration, unit_service

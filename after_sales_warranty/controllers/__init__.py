from . import campaign, document, policy, portal, portal_extension, public, registration, unit_service

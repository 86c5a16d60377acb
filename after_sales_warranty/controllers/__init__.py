from . import campaign, cards, policy, portal, portal_extension, public, registration, unit_service

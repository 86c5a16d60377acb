from . import portal, public, registration, unit_service

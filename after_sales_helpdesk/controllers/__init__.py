from . import portal
from . import portal_return
from . import portal_quotation
from . import portal_subcontract
from . import call_form

from . import portal
from . import call_form

from . import controllers, models, report, wizard
from . import controllers
from . import models, wizard
from .hooks import uninstall_hook

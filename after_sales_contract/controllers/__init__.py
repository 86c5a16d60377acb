from . import pool
from . import portal
